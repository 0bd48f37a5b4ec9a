"""Votes by name, and what the committee decides."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Now

from accounts.models import User
from calls.models import Criterion, Envelope
from selection.models.committee import CommitteeSeat, VoteMode
from selection.models.meeting import AgendaItem


class Vote(models.Model):
    """A vote on an item, from its opening to its closing by the chair; a second one has the number 2.

    A consensus has no ballot: the chair notes it, in `note`.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes")
    number = models.PositiveSmallIntegerField()
    mode = models.CharField("mode", max_length=12, choices=VoteMode)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    carried = models.BooleanField("adopté", null=True)
    amount = models.DecimalField(
        "montant majoritaire (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    note = models.TextField("constat", blank=True)

    class Meta:
        verbose_name = "vote"
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="vote_number_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(closed_at=None), name="one_vote_open"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, carried__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="vote_result_at_its_closing",
            ),
        ]

    def __str__(self):
        return f"{self.item}, vote {self.number}"


class Ballot(models.Model):
    """A member's vote, by name. Once the vote is closed the database refuses to touch it."""

    class Choice(models.TextChoices):
        FOR = "for", "pour"
        AGAINST = "against", "contre"
        ABSTAIN = "abstain", "abstention"

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="ballots")
    choice = models.CharField("vote", max_length=10, choices=Choice)
    # With a vote for: the highest amount that this member grants; none when they set no limit.
    amount = models.DecimalField(
        "montant le plus élevé (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    cast_at = models.DateTimeField()

    class Meta:
        verbose_name = "bulletin"
        constraints = [
            models.UniqueConstraint(fields=["vote", "seat"], name="ballot_once"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(choice="for", amount__gt=0),
                name="ballot_amount_goes_with_for",
            ),
        ]

    def __str__(self):
        return f"{self.seat} : {self.get_choice_display()}"


class DecisionQuerySet(models.QuerySet):
    def standing(self):
        """Those that no correction replaced, and those that took a project from the reserve list since."""
        return self.filter(Q(standing_of__isnull=False) | Q(promotion__isnull=False))

    def of_sessions(self):
        """Those that a session took: what came after it is no part of its minutes."""
        return self.filter(promotion=None)

    def kept(self):
        """Those that their laureate did not give up since."""
        return self.filter(withdrawal=None)

    def deciding(self):
        """Those that decide: what a committee that only proposes came to is left out."""
        return self.filter(envelope__isnull=False)

    def granted(self):
        """The euros decided, in all; what a laureate gave up is granted no more."""
        return self.kept().aggregate(total=Sum("amount"))["total"] or Decimal(0)


class Decision(models.Model):
    """What the committee decided of an item; a grant draws on the envelope, which the database guards.

    It never changes: a correction is a new one, of the chair, which the item then points to. Without an envelope it is
    a proposal, of a committee that only proposes: no money is drawn, and the case stays to be decided. What takes a
    project from the reserve list after the session stands by its `promotion`: the item stays as its minutes say.
    """

    class Outcome(models.TextChoices):
        SELECTED = "selected", "retenu"
        RESERVE = "reserve", "liste complémentaire"
        DEFERRED = "deferred", "ajourné"
        REJECTED = "rejected", "non retenu"

    PROPOSED = {
        Outcome.SELECTED: "proposition favorable",
        Outcome.RESERVE: "proposition de liste complémentaire",
        Outcome.DEFERRED: "proposition d’ajournement",
        Outcome.REJECTED: "proposition défavorable",
    }

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions")
    revision = models.PositiveSmallIntegerField(default=1, db_default=1)
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, blank=True, related_name="decisions")
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
    is_conditional = models.BooleanField("sous condition", default=False, db_default=False)
    conditions = models.TextField("conditions", blank=True, db_default="")
    milestones = models.TextField("jalons attendus", blank=True, db_default="")
    rank = models.PositiveSmallIntegerField("rang sur la liste complémentaire", null=True, blank=True)
    asked = models.TextField("ce qui est demandé pour la prochaine séance", blank=True, db_default="")
    correction = models.TextField("pourquoi la décision est corrigée", blank=True, db_default="")
    promotion = models.OneToOneField(
        "selection.Promotion",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="decision",
        verbose_name="reprise de la liste complémentaire",
    )
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
            ),
            models.UniqueConstraint(fields=["item", "revision"], name="decision_revision_once"),
            models.CheckConstraint(
                condition=Q(revision=1, correction="") | (Q(revision__gt=1) & ~Q(correction="")),
                name="decision_corrected_with_a_reason",
                violation_error_message="Dites pourquoi la décision est corrigée.",
            ),
            models.CheckConstraint(
                condition=Q(is_conditional=False) | (Q(outcome="selected") & ~Q(conditions="")),
                name="decision_condition_is_said",
                violation_error_message="Dites à quelle condition le projet est retenu.",
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(outcome="reserve"),
                name="decision_rank_goes_with_reserve",
                violation_error_message="Un rang accompagne la liste complémentaire, et elle seule.",
            ),
            models.CheckConstraint(
                condition=Q(promotion__isnull=True) | Q(outcome="selected", envelope__isnull=False),
                name="decision_promoted_is_selected",
            ),
        ]

    def __str__(self):
        return f"{self.item} : {self.words}"

    @property
    def is_proposal(self):
        return self.envelope_id is None

    @property
    def words(self):
        """The decision in the call's own words, where it has some; a proposal says that it is one."""
        told = self.label or self.get_outcome_display()
        if self.is_proposal:
            told = f"proposition « {self.label} »" if self.label else self.PROPOSED[self.outcome]
        return f"{told}, sous condition" if self.is_conditional else told


class DecisionReason(models.Model):
    """Why a project was not selected, on one criterion of its call."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="reasons")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    text = models.TextField("motif")

    class Meta:
        verbose_name = "motif d’une décision"
        verbose_name_plural = "motifs d’une décision"
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["decision", "criterion"], name="decision_reason_once")]

    def __str__(self):
        return f"{self.criterion} : {self.text}"
