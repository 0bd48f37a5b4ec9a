"""What others are asked of a dossier: the Direction du budget, the SGPI, the DINUM, or any expert."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Invitation, User
from applications.models import Application
from calls.models import Criterion
from documents.models import StoredFile
from selection.models.instruction import Case


class OpinionRequestQuerySet(models.QuerySet):
    def standing(self):
        """Those neither withdrawn by the secretariat nor declined by the expert."""
        return self.filter(revoked_at=None, declined_at=None)

    def awaited(self):
        """Those to which no opinion was given yet, on dossiers that stand."""
        given = Opinion.objects.filter(request=OuterRef("pk"))
        return self.standing().filter(~Exists(given), case__withdrawn=False)

    def asked_of(self, user):
        """What an expert may open: asked of them and not withdrawn, minus what they are recused from."""
        if not user.is_authenticated:
            return self.none()
        dealt_with = Application.objects.not_recusing(user)
        mine = self.filter(expert=user, revoked_at=None, case__withdrawn=False)
        return mine.filter(case__application__in=dealt_with).select_related(
            "case__application__call__fund", "case__submission", "expert"
        )


class OpinionRequest(models.Model):
    """An opinion asked of one person, for a body, on one dossier, before a date.

    `sees` is what they may read: {"sections": [keys] or null for all, "attachments": bool, "carrier": bool}. `draft`
    is {"version": number of its savings, "said": what was last saved}; nothing is said once the opinion is given.
    """

    class Confidentiality(models.TextChoices):
        SECRETARIAT = "secretariat", "le secrétariat seul"
        COMMITTEE = "committee", "le secrétariat et le comité"

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinion_requests")
    body = models.CharField("pour le compte de", max_length=160)
    email = models.EmailField("adresse électronique de l’expert")
    expert = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="opinion_requests", verbose_name="expert"
    )
    invitation = models.OneToOneField(
        Invitation, models.SET_NULL, null=True, blank=True, related_name="opinion_request"
    )
    purpose = models.TextField("ce qui est demandé", max_length=5000)
    questions = models.JSONField("questions", default=list, blank=True)
    on_criteria = models.BooleanField("une note par critère est demandée", default=True)
    sees = models.JSONField("ce que l’expert lit", default=dict, encoder=DjangoJSONEncoder)
    confidentiality = models.CharField("qui lit l’avis", max_length=12, choices=Confidentiality)
    due_at = models.DateTimeField("attendu avant")
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField("relancé le", null=True, blank=True)
    declined_at = models.DateTimeField("décliné le", null=True, blank=True)
    decline_reason = models.TextField("motif", blank=True)
    revoked_at = models.DateTimeField("retirée le", null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoke_reason = models.TextField("motif du retrait", blank=True)
    draft = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = OpinionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’avis"
        verbose_name_plural = "demandes d’avis"
        ordering = ["id"]
        constraints = [
            # Two opinions of one body are two requests, to two people: neither takes the other's place.
            models.UniqueConstraint(
                fields=["case", "email"],
                condition=Q(revoked_at=None, declined_at=None),
                name="opinion_asked_once_of_each",
            ),
        ]

    def __str__(self):
        return f"avis de {self.body} sur {self.case}"

    def get_absolute_url(self):
        return reverse("selection:opinion", args=[self.pk])

    @property
    def version(self):
        """How many times what is said was saved or given: by which a page knows that another one went first."""
        return self.draft.get("version", 0)


class Opinion(models.Model):
    """An opinion as it was given; a later version stands beside it, and the database refuses to change either."""

    class Position(models.TextChoices):
        FAVOURABLE = "favourable", "favorable"
        RESERVED = "reserved", "favorable avec réserves"
        UNFAVOURABLE = "unfavourable", "défavorable"
        ABSTAINED = "abstained", "sans position"

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="opinions")
    revision = models.PositiveSmallIntegerField()
    position = models.CharField("position", max_length=12, choices=Position)
    text = models.TextField("avis", max_length=20_000)
    answers = models.JSONField("réponses aux questions", default=list, blank=True)
    given_at = models.DateTimeField(db_default=Now())
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["request", "-revision"]
        get_latest_by = "revision"
        constraints = [models.UniqueConstraint(fields=["request", "revision"], name="opinion_revision_once")]

    def __str__(self):
        return f"{self.request}, version {self.revision}"

    @property
    def answered(self):
        """(question, answer) of each question that was asked."""
        return list(zip(self.request.questions, self.answers, strict=False))


class OpinionScore(models.Model):
    """An expert's score on one criterion, from 0 to the call's scale, and why."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField("note", null=True, blank=True)
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "note d’un avis"
        verbose_name_plural = "notes d’un avis"
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["opinion", "criterion"], name="opinion_score_once")]

    def __str__(self):
        return f"{self.criterion} : {self.value}"


class OpinionFile(models.Model):
    """A file joined to an opinion."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=160)

    class Meta:
        verbose_name = "fichier d’un avis"
        verbose_name_plural = "fichiers d’un avis"
        ordering = ["id"]

    def __str__(self):
        return self.name
