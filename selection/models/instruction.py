"""What the secretariat adds to a filed dossier."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Organisation, User
from applications.models import Application, Recusal, Submission, barred_to
from calls.models import Call, Criterion, FundRole
from selection.models.desk import Label


class CaseQuerySet(models.QuerySet):
    def locked(self, case):
        return self.held().get(pk=case.pk)

    def held(self):
        """Locked until the end; whatever only refers to them, such as a label, is not waited for."""
        return self.select_for_update(of=["self"], no_key=True)

    def standing(self):
        """Those whose carrier did not give them up."""
        return self.filter(withdrawn=False)

    def readable_by(self, user):
        """Those of the funds whose secretariat or audit someone belongs to, minus what they are recused from."""
        if not user.is_authenticated:
            return self.none()
        funds = FundRole.objects.filter(user=user, role__in=FundRole.READERS).values("fund")
        calls = Call.objects.filter(fund__in=funds)
        return self.filter(~Q(application__in=barred_to(user)), call__in=calls)

    def with_scores_for(self, user):
        """With `blind`, and with what the reviews come to as far as this person may know it.

        `seen_score`, `seen_spread`, `seen_recommendation` and `seen_amount` are null where they still owe a review:
        no average may tell them of the others'.
        """
        owed = Review.objects.blinding(user).filter(case=OuterRef("pk"))
        return self.annotate(blind=Exists(owed)).annotate(
            **{
                f"seen_{name}": models.Case(models.When(blind=False, then=F(field)))
                for name, field in [
                    ("score", "review_score"),
                    ("spread", "score_spread"),
                    ("recommendation", "recommendation"),
                    ("amount", "proposed_amount"),
                ]
            }
        )

    def hidden_from(self, user):
        """The keys of those that this person may not read."""
        return self.exclude(pk__in=Case.objects.readable_by(user).values("pk")).values_list("pk", flat=True)


class CaseManager(models.Manager.from_queryset(CaseQuerySet)):
    def get_queryset(self):
        """Without what is only searched: megabytes for a long dossier, that no page shows."""
        return super().get_queryset().defer("search", "files_search")


class Case(models.Model):
    """A filed application in the secretariat's and the committee's hands; never shown to its carrier before the end.

    The database itself makes the row at the first filing, and keeps in it what the standing submission says and
    whether the dossier was withdrawn, whoever writes: the secretariat's lists read this table alone.
    """

    class State(models.TextChoices):
        TO_CHECK = "to_check", "recevabilité à examiner"
        ELIGIBLE = "eligible", "recevable"
        INELIGIBLE = "ineligible", "irrecevable"
        UNDER_REVIEW = "under_review", "en instruction"
        SHORTLISTED = "shortlisted", "présélectionné"
        NOT_SHORTLISTED = "not_shortlisted", "non présélectionné"
        ON_AGENDA = "on_agenda", "à l’ordre du jour"
        SELECTED = "selected", "retenu"
        RESERVE = "reserve", "liste complémentaire"
        DEFERRED = "deferred", "ajourné"
        REJECTED = "rejected", "non retenu"

    IN_INSTRUCTION = (State.ELIGIBLE, State.UNDER_REVIEW)

    application = models.OneToOneField(Application, models.PROTECT, related_name="case")
    state = models.CharField(max_length=20, choices=State, default=State.TO_CHECK, db_default=State.TO_CHECK)
    opened_at = models.DateTimeField(db_default=Now())
    # Of the standing submission, kept by the database
    call = models.ForeignKey(Call, models.PROTECT, null=True, editable=False, related_name="cases")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, editable=False, related_name="+")
    title = models.CharField("projet", max_length=160, editable=False, db_default="")
    carrier = models.CharField("porteur", max_length=200, editable=False, db_default="")
    carrier_kind = models.CharField(
        "nature du porteur", max_length=40, choices=Organisation.Kind, editable=False, db_default=""
    )
    ministry = models.ForeignKey(
        Organisation, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="ministère"
    )
    requested_grant = models.DecimalField(
        "subvention demandée", max_digits=14, decimal_places=2, null=True, editable=False
    )
    total_cost = models.DecimalField("coût total", max_digits=14, decimal_places=2, null=True, editable=False)
    promised_savings = models.DecimalField(
        "économies attendues", max_digits=14, decimal_places=2, null=True, editable=False
    )
    filed_at = models.DateTimeField("déposé le", null=True, editable=False)
    themes = ArrayField(models.TextField(), null=True, editable=False, verbose_name="thèmes")
    sort_key = models.GeneratedField(
        expression=Func("title", function="portal_sort_key"),
        output_field=models.TextField(),
        db_persist=True,
    )
    withdrawn = models.BooleanField("retiré", editable=False, db_default=False)
    # What the secretariat makes of it
    officer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name="agent chargé du dossier",
    )
    labels = models.ManyToManyField(Label, blank=True, related_name="cases", verbose_name="étiquettes")
    review_score = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    score_spread = models.DecimalField(
        "écart entre évaluateurs", max_digits=6, decimal_places=3, null=True, blank=True
    )
    recommendation = models.CharField("recommandation", max_length=20, blank=True, db_default="")
    proposed_amount = models.DecimalField(
        "subvention proposée", max_digits=14, decimal_places=2, null=True, blank=True
    )
    # What the secretariat is about to say, until the shortlist is drawn; then its reason stays, for the letters
    shortlist_choice = models.BooleanField("présélectionné", null=True, blank=True)
    shortlist_reason = models.TextField("motif de la présélection", blank=True, db_default="")
    # Counted again by the actions that change them (`actions.standing.count_again`)
    reviews_asked = models.PositiveSmallIntegerField(db_default=0)
    reviews_finished = models.PositiveSmallIntegerField(db_default=0)
    opinions_asked = models.PositiveSmallIntegerField(db_default=0)
    opinions_received = models.PositiveSmallIntegerField(db_default=0)
    opinion_due_at = models.DateTimeField("premier avis attendu avant", null=True, blank=True)
    open_flags = models.PositiveSmallIntegerField(db_default=0)
    # What is searched: kept by the worker, from the submission that `indexed` names
    indexed = models.ForeignKey(Submission, models.PROTECT, null=True, editable=False, related_name="+")
    search = SearchVectorField(null=True, editable=False)
    files_search = SearchVectorField(null=True, editable=False)
    search_cut = models.BooleanField("recherche partielle", editable=False, db_default=False)
    files_awaited = models.PositiveSmallIntegerField("fichiers à lire", editable=False, db_default=0)

    objects = CaseManager()

    class Meta:
        verbose_name = "instruction"
        indexes = [
            models.Index(fields=["state", "-review_score"]),
            models.Index(fields=["call", "state", "-filed_at", "-id"], name="case_by_state"),
            models.Index(fields=["call", "-filed_at", "-id"], name="case_by_filing"),
            models.Index(
                F("call"), F("review_score").desc(nulls_last=True), F("id").desc(), name="case_by_score"
            ),
            models.Index(
                F("call"), F("requested_grant").desc(nulls_last=True), F("id").desc(), name="case_by_amount"
            ),
            models.Index(fields=["officer", "state"], name="case_by_officer"),
            # The list of every call at once, in each of its orders.
            models.Index(fields=["-filed_at", "-id"], name="case_all_by_filing"),
            models.Index(F("review_score").desc(nulls_last=True), F("id").desc(), name="case_all_by_score"),
            models.Index(
                F("requested_grant").desc(nulls_last=True), F("id").desc(), name="case_all_by_amount"
            ),
            models.Index(fields=["sort_key", "id"], name="case_all_by_title"),
            models.Index(fields=["-id"], name="case_withdrawn", condition=Q(withdrawn=True)),
            models.Index(
                fields=["id"],
                name="case_to_index",
                condition=Q(indexed=None) | ~Q(indexed=F("submission")) | Q(files_awaited__gt=0),
            ),
            GinIndex(fields=["themes"], name="case_themes"),
            GinIndex(fields=["search"], name="case_search"),
            GinIndex(fields=["files_search"], name="case_files_search"),
        ]

    def __str__(self):
        return str(self.application)

    def get_absolute_url(self):
        return reverse("selection:case", args=[self.application.reference])


class ReviewQuerySet(models.QuerySet):
    def own(self):
        """Those of one reviewer each, the consensus apart."""
        return self.filter(kind=Review.Kind.OWN)

    def counted(self):
        """All but what someone recused since wrote, a consensus too: it is kept as history, and counts for nothing."""
        return self.filter(~self._by_recused())

    def with_recusals(self):
        """Each with whether who wrote it is `recused` since."""
        return self.annotate(recused=self._by_recused())

    def _by_recused(self):
        application, user = OuterRef("case__application"), OuterRef("reviewer")
        return Exists(Recusal.objects.filter(application=application, user=user))

    def drafts_of(self, user):
        """What someone has still to finish."""
        return self.own().filter(reviewer=user, state=Review.State.DRAFT)

    def blinding(self, user):
        """What someone owes while the dossier is in instruction: until then they see nothing of the others'.

        The one rule of blindness: the list, the exports, the shortlist, the ranking, a comparison all ask it.
        """
        return self.drafts_of(user).filter(case__state__in=Case.IN_INSTRUCTION)


class Review(models.Model):
    """An assessment on the call's criteria: a reviewer's own, or the consensus that the reviewers then agree on.

    Each reviewer is blind to the others until their own is finished. `reviewer` of a consensus is who wrote it.
    `could_read` says that before it was theirs to write, its reviewer could read what another had finished.
    """

    class Kind(models.TextChoices):
        OWN = "own", "évaluation"
        CONSENSUS = "consensus", "consensus"

    class State(models.TextChoices):
        DRAFT = "draft", "en cours"
        FINISHED = "finished", "terminée"

    class Recommendation(models.TextChoices):
        FAVOURABLE = "favourable", "favorable"
        RESERVED = "reserved", "réservé"
        UNFAVOURABLE = "unfavourable", "défavorable"

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OWN, db_default=Kind.OWN)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    assigned_at = models.DateTimeField("confiée le", null=True, blank=True)
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    could_read = models.BooleanField("pouvait lire une évaluation terminée", default=False, db_default=False)
    version = models.PositiveIntegerField(default=0, db_default=0)
    recommendation = models.CharField("recommandation", max_length=20, choices=Recommendation, blank=True)
    proposed_amount = models.DecimalField(
        "subvention proposée", max_digits=14, decimal_places=2, null=True, blank=True
    )
    amount_reason = models.TextField("motif du montant proposé", blank=True, db_default="")
    comment = models.TextField("synthèse", blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reviewer"], condition=Q(kind="own"), name="review_once_per_reviewer"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="consensus"), name="review_one_consensus"
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | (Q(finished_at__isnull=False) & ~Q(recommendation="")),
                name="review_finished_recommends",
            ),
        ]

    def __str__(self):
        return f"{self.case} par {self.reviewer}"

    @property
    def is_own(self):
        return self.kind == self.Kind.OWN

    @property
    def is_finished(self):
        return self.state == self.State.FINISHED

    @property
    def is_begun(self):
        """Whether something was ever written in it."""
        return self.version > 0

    def is_draft_of(self, user):
        return self.is_own and not self.is_finished and self.reviewer_id == user.pk


class Score(models.Model):
    """A reviewer's score on one criterion, from 0 to the call's scale."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField("note", null=True, blank=True)
    strengths = models.TextField("points forts", blank=True, db_default="")
    weaknesses = models.TextField("points faibles", blank=True, db_default="")
    questions = models.TextField("questions au porteur", blank=True, db_default="")
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "note"
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="score_once")]

    def __str__(self):
        return f"{self.criterion} : {self.value}"


class Flag(models.Model):
    """Something to keep an eye on: about the quality of a dossier, or a risk that it carries."""

    class Kind(models.TextChoices):
        QUALITY = "quality", "qualité"
        RISK = "risk", "risque"

    case = models.ForeignKey(Case, models.CASCADE, related_name="flags")
    kind = models.CharField("nature", max_length=10, choices=Kind)
    text = models.CharField("alerte", max_length=500)
    raised_at = models.DateTimeField(db_default=Now())
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField("levée le", null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.CharField("motif de la levée", max_length=500, blank=True)

    class Meta:
        verbose_name = "alerte"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="flag_lifted_by_someone",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} sur {self.case}"
