"""A dossier, from draft to filed: who writes it, who must not see it, what was filed."""

import secrets
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import Invitation, Membership, Organisation, User
from calls.models import Call, FormVersion, FundRole, Round, Theme


def new_key():
    """A random name for a dossier's address: nothing can be told or guessed from it."""
    return secrets.token_urlsafe(9)


def barred_to(user):
    """The keys of the dossiers that someone must have nothing to do with, for an `__in`.

    They are recused, or write it, or are of a body that carries it or is named in what stands of it, under any name or
    number (migration 0007). The database looks them up once, whatever is listed.
    """
    return RawSQL("SELECT * FROM applications_barred(%s)", [user.pk])


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The dossiers someone is invited on, and all those of the bodies they certify for.

        Who has left the carrier sees nothing of it any more, invited or not; a partner's agent was never of it.
        """
        if not user.is_authenticated:
            return self.none()
        return self._open_to(user, Collaborator.objects.all())

    def writable_by(self, user):
        """The dossiers that someone may write in: invited to write, or certifying for the carrier.

        `rules.rights` says the same of one dossier, with all the rest; this one also finds it, and locks it.
        """
        return self._open_to(user, Collaborator.objects.writers())

    def _open_to(self, user, places):
        memberships = Membership.objects.filter(organisation=OuterRef("organisation"), user=user)
        invited = places.filter(application=OuterRef("pk"), user=user)
        return self.filter(
            Exists(invited.exclude(guest_of=""))
            | Exists(memberships.certifying())
            | Exists(memberships) & Exists(invited)
        )

    def supported_by(self, user):
        """The drafts whose authors asked the secretariat of this person's fund for support, while it lasts."""
        roles = FundRole.objects.filter(fund=OuterRef("call__fund"), user=user, role__in=FundRole.SECRETARIAT)
        asked = Q(support_requests__asked_at__isnull=False, support_requests__closed_at=None)
        return self.unfiled().filter(asked, Exists(roles)).not_recusing(user)

    def copyable_by(self, user):
        """Those that someone writes for their own body, or certifies: they may begin another one with what it says."""
        own = Membership.objects.filter(organisation=OuterRef("organisation"), user=user)
        return self.writable_by(user).filter(Exists(own))

    def not_recusing(self, user):
        """Those that this person may deal with: not recused, not among its writers, not of a body that takes part."""
        return self.filter(~Q(pk__in=barred_to(user)))

    def locked(self, application):
        return self.select_for_update(of=["self"]).get(pk=application.pk)

    def with_deadline(self):
        """Each with `due_at`, when it must be filed: its round's deadline, or the next one's where it was never filed.

        What was filed keeps its round; past the last round, the deadline of a draft is the one that it missed.
        """
        coming = Round.objects.filter(call=OuterRef("call"), closes_at__gt=Now()).order_by("closes_at")
        missed = Q(number=None, round__closes_at__lte=Now())
        following = Coalesce(Subquery(coming.values("closes_at")[:1]), "round__closes_at")
        return self.annotate(due_at=Case(When(missed, then=following), default=F("round__closes_at")))

    def unfiled(self):
        """Those that one writes before filing, for the first time or again."""
        return self.filter(state__in=Application.UNFILED)

    def filed(self):
        """Those with a submission that still stands: the last one stays valid until it is replaced."""
        return self.filter(Exists(Submission.objects.filter(application=OuterRef("pk")))).exclude(
            state=Application.State.WITHDRAWN
        )


class Application(models.Model):
    """What a body files for a call. Its number is given by the first filing and never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        AWAITING_VISA = "awaiting_visa", "en attente de visa"
        FILED = "filed", "déposé"
        CLARIFYING = "clarification_requested", "compléments demandés"
        WITHDRAWN = "withdrawn", "retiré"

    UNFILED = (State.DRAFT, State.AWAITING_VISA)

    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    round = models.ForeignKey(Round, models.PROTECT, related_name="applications")
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name="organisme porteur"
    )
    title = models.CharField("nom du projet", max_length=160)
    themes = models.ManyToManyField(Theme, verbose_name="thèmes", blank=True)
    state = models.CharField(max_length=30, choices=State, default=State.DRAFT)
    number = models.PositiveIntegerField(null=True, blank=True)
    reference = models.CharField(max_length=60, unique=True, null=True, blank=True)
    remarks = models.TextField("remarques du valideur", blank=True)
    withdrawal_reason = models.TextField("motif du retrait", blank=True, db_default="")
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name="repris de"
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    taken_up_at = models.DateTimeField("instruction commencée le", null=True, blank=True)
    fictitious = models.BooleanField("fictif", default=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="application_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["filed", "clarification_requested"])
                | Q(number__isnull=False, reference__isnull=False),
                name="application_filed_has_a_number",
                violation_error_message="Un dossier déposé a un numéro.",
            ),
        ]
        indexes = [models.Index(fields=["call", "state", "id"])]

    def __str__(self):
        return self.reference or self.title

    def get_absolute_url(self):
        return reverse("applications:detail", args=[self.key])

    @property
    def jury_name(self):
        """The carrier, as the jury may know it before the announcement."""
        return "Candidature anonyme" if self.call.anonymous else self.organisation.name

    @cached_property
    def clarification(self):
        """What the secretariat asks for now, if it does. Read once for a page; an action locks a dossier of its own."""
        asks = self.state == self.State.CLARIFYING
        return self.clarifications.open().first() if asks else None

    @property
    def requested_grant(self):
        return self.financing_lines.grants().total()

    @property
    def total_cost(self):
        return self.financing_lines.total()

    @property
    def promised_savings(self):
        return self.savings_lines.aggregate(total=Sum("amount"))["total"] or Decimal(0)


class CollaboratorQuerySet(models.QuerySet):
    def present(self):
        """Those who still take part: a partner's agents, and the carrier's agents as long as they are its."""
        members = Membership.objects.filter(
            organisation=OuterRef("application__organisation"), user=OuterRef("user")
        )
        return self.filter(~Q(guest_of="") | Exists(members), user__is_active=True)

    def writers(self):
        return self.filter(role=Collaborator.Role.WRITER)


class Collaborator(models.Model):
    """Someone who writes a dossier, or reads it. `guest_of` names the partner of who is not of the carrier."""

    class Role(models.TextChoices):
        WRITER = "writer", "rédacteur"
        READER = "reader", "lecteur"

    application = models.ForeignKey(Application, models.CASCADE, related_name="collaborators")
    user = models.ForeignKey(User, models.CASCADE, related_name="collaborations")
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.WRITER, db_default="writer")
    guest_of = models.CharField("organisme partenaire", max_length=200, blank=True, db_default="")
    added_at = models.DateTimeField("depuis le", db_default=Now())
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="invité par"
    )

    objects = CollaboratorQuerySet.as_manager()

    class Meta:
        verbose_name = "rédacteur"
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="collaborator_once")]

    def __str__(self):
        return f"{self.user} sur {self.application}"


class InvitedQuerySet(models.QuerySet):
    def pending(self):
        """Those nobody has taken up nor taken back; expired ones too, which may be sent again."""
        return self.filter(invitation__accepted_at=None, invitation__revoked_at=None)

    def to(self, email):
        return self.filter(invitation__email__iexact=email)


class Invited(models.Model):
    """What an invitation opens: a place in this dossier, once its link is followed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="invited")
    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="dossier")
    role = models.CharField("rôle", max_length=10, choices=Collaborator.Role)
    guest_of = models.CharField("organisme partenaire", max_length=200, blank=True)

    objects = InvitedQuerySet.as_manager()

    class Meta:
        verbose_name = "personne invitée"
        verbose_name_plural = "personnes invitées"
        ordering = ["id"]

    def __str__(self):
        return f"{self.invitation.email} sur {self.application}"


class SubmissionQuerySet(models.QuerySet):
    def standing(self):
        """The last submission of each dossier that was not withdrawn."""
        newer = Submission.objects.filter(
            application=OuterRef("application"), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(newer)).exclude(application__state=Application.State.WITHDRAWN)


class Submission(models.Model):
    """What was filed, frozen: its whole content as canonical JSON, with its SHA-256. The database refuses changes."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    revision = models.PositiveSmallIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    requested_grant = models.DecimalField(max_digits=14, decimal_places=2)
    total_cost = models.DecimalField(max_digits=14, decimal_places=2)
    promised_savings = models.DecimalField(max_digits=14, decimal_places=2)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "dépôt"
        ordering = ["application", "-revision"]
        get_latest_by = "revision"
        constraints = [
            models.UniqueConstraint(fields=["application", "revision"], name="submission_revision_once")
        ]

    def __str__(self):
        return f"{self.application} dépôt {self.revision}"

    @property
    def called(self):
        return f"Dépôt n° {self.revision}"


class Recusal(models.Model):
    """Someone who must have nothing to do with a dossier: neither see, score, vote, nor infer."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="recusals")
    user = models.ForeignKey(User, models.CASCADE, related_name="recusals")
    reason = models.CharField("motif", max_length=300)
    declared_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "déport"
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="recusal_once")]

    def __str__(self):
        return f"{self.user} se déporte de {self.application}"
