"""What the committee adds: sessions, scorecards, ballots, decisions."""

from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from calls.models import Criterion, Envelope, Fund, FundRole, Theme
from journal.refusals import refuse_unless
from selection.models.instruction import Case


class Committee(models.Model):
    """A body of a fund that proposes or decides."""

    class Power(models.TextChoices):
        PROPOSES = "proposes", "propose"
        DECIDES = "decides", "décide"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="committees")
    name = models.CharField("nom", max_length=160)
    power = models.CharField("pouvoir", max_length=10, choices=Power, default=Power.DECIDES)

    class Meta:
        verbose_name = "comité"

    def __str__(self):
        return self.name


class CommitteeSeat(models.Model):
    """A place in a committee, named by its function; its scope may be limited to one theme."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, related_name="seats")
    title = models.CharField("fonction", max_length=160)
    is_chair = models.BooleanField("préside", default=False)
    is_deputy_chair = models.BooleanField("supplée la présidence", default=False)
    scope = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="périmètre"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "siège"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "user"], name="seat_once"),
            models.UniqueConstraint(fields=["committee"], condition=Q(is_chair=True), name="one_chair"),
        ]

    def __str__(self):
        return self.title


class CommitteeSessionQuerySet(models.QuerySet):
    def locked(self, session):
        return self.select_for_update(of=["self"]).get(pk=session.pk)

    def visible_to(self, user):
        """The sessions one sits in, and those of the funds whose secretariat or audit one belongs to."""
        if not user.is_authenticated:
            return self.none()
        roles = FundRole.objects.filter(
            fund=OuterRef("committee__fund"), user=user, role__in=["officer", "head", "auditor"]
        )
        return self.filter(Exists(roles)) | self.seating(user)

    def seating(self, user):
        return self.filter(Exists(CommitteeSeat.objects.filter(committee=OuterRef("committee"), user=user)))


class CommitteeSession(models.Model):
    """A meeting of a committee, and the envelope its decisions draw on."""

    class State(models.TextChoices):
        CONVENED = "convened", "convoquée"
        OPEN = "open", "ouverte"
        CLOSED = "closed", "close"
        MINUTES_SIGNED = "minutes_signed", "relevé signé"

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="sessions", verbose_name="comité")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="sessions", verbose_name="enveloppe")
    title = models.CharField("intitulé", max_length=160)
    held_on = models.DateField("date de la séance")
    state = models.CharField(max_length=20, choices=State, default=State.CONVENED)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CommitteeSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ["-held_on", "-id"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("selection:session", args=[self.pk])

    @property
    def fund(self):
        return self.committee.fund


class AgendaItemQuerySet(models.QuerySet):
    def locked(self, item):
        """The item, locked, if nobody took it off the agenda meanwhile."""
        found = self.select_for_update(of=["self"]).filter(pk=item.pk).first()
        refuse_unless(found, "Ce dossier vient d’être retiré de l’ordre du jour par un collègue.")
        return found

    def within_scope_of(self, seat):
        """The items a member deals with: those of their theme, minus what they are recused from."""
        items = self.filter(case__application__in=Application.objects.not_recusing(seat.user))
        if seat.scope_id:
            theme = Application.themes.through.objects.filter(
                application=OuterRef("case__application"), theme=seat.scope_id
            )
            items = items.filter(Exists(theme))
        return items


class AgendaItem(models.Model):
    """A case before the committee: sealed scores, reveal, vote, decision."""

    class State(models.TextChoices):
        SCORING = "scoring", "notation (scellée)"
        REVEALED = "revealed", "notes révélées"
        VOTE_OPEN = "vote_open", "vote ouvert"
        DECIDED = "decided", "décidé"

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.SCORING)
    proposed_amount = models.DecimalField(
        "subvention proposée au comité", max_digits=14, decimal_places=2, null=True, blank=True
    )
    book = models.ForeignKey(
        "CommitteeBook", models.PROTECT, null=True, blank=True, related_name="items", verbose_name="livre"
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "point de l’ordre du jour"
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "case"], name="agenda_case_once"),
            models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once"),
        ]

    def __str__(self):
        return str(self.case)

    @property
    def mark(self):
        """What is proposed, as a page reads it and sends it back: who proposes after a colleague is told."""
        return "" if self.proposed_amount is None else f"{self.proposed_amount:.2f}"

    @property
    def is_sealed(self):
        return self.state == self.State.SCORING


class CommitteeBook(models.Model):
    """The committee's book, frozen: which dossiers, in which order, as they then were; late ones make a supplement.

    `content` is a list of {"position", "reference", "submission", "sha256", "proposed_amount", "review_score"}.
    """

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="books")
    number = models.PositiveSmallIntegerField()  # 1 is the book itself, the others are its supplements
    content = models.JSONField(encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(db_default=Now())
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "livre du comité"
        verbose_name_plural = "livres du comité"
        ordering = ["session", "number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="book_number_once")]

    def __str__(self):
        return f"{self.session}, livre {self.number}"

    @property
    def called(self):
        return (
            "Livre du comité" if self.number == 1 else f"Supplément n° {self.number - 1} au livre du comité"
        )


class Scorecard(models.Model):
    """A member's scores and comment on one item, sealed until the chair reveals them all."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="scorecards")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="scorecards")
    comment = models.TextField("commentaire", blank=True)
    scored_at = models.DateTimeField()

    class Meta:
        verbose_name = "fiche de notation"
        verbose_name_plural = "fiches de notation"
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="scorecard_once")]

    def __str__(self):
        return f"{self.item} par {self.seat}"


class ScorecardScore(models.Model):
    """A member's score on one criterion, from 0 to the call's scale."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField("note")

    class Meta:
        verbose_name = "note d’une fiche"
        verbose_name_plural = "notes des fiches"
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "criterion"], name="scorecard_score_once")
        ]

    def __str__(self):
        return f"{self.criterion} : {self.value}"


class Ballot(models.Model):
    """A member's vote, by name. Once the item is decided the database refuses to touch it."""

    class Choice(models.TextChoices):
        FOR = "for", "pour"
        AGAINST = "against", "contre"
        ABSTAIN = "abstain", "abstention"

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="ballots")
    choice = models.CharField("vote", max_length=10, choices=Choice)
    cast_at = models.DateTimeField()

    class Meta:
        verbose_name = "bulletin"
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="ballot_once")]

    def __str__(self):
        return f"{self.seat} : {self.get_choice_display()}"


class DecisionQuerySet(models.QuerySet):
    def granted(self):
        """The euros decided, in all."""
        return self.aggregate(total=Sum("amount"))["total"] or Decimal(0)


class Decision(models.Model):
    """What the committee decided of an item; a grant draws on the envelope, which the database guards."""

    class Outcome(models.TextChoices):
        SELECTED = "selected", "retenu"
        RESERVE = "reserve", "liste complémentaire"
        DEFERRED = "deferred", "ajourné"
        REJECTED = "rejected", "non retenu"

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="decisions")
    outcome = models.CharField("décision", max_length=10, choices=Outcome)
    label = models.CharField("décision, dans les termes de l’appel", max_length=80, blank=True)
    amount = models.DecimalField(
        "subvention accordée (€)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    reason = models.TextField("motif", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(outcome="selected", amount__gt=0),
                name="decision_amount_goes_with_selection",
                violation_error_message="Un montant accompagne un projet retenu, et lui seul.",
            )
        ]

    def __str__(self):
        return f"{self.item} : {self.words}"

    @property
    def words(self):
        """The decision in the call's own words, where it has some."""
        return self.label or self.get_outcome_display()
