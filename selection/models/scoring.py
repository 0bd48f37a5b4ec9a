"""What a member makes of an item before the vote: reads it, scores it under seal."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from applications.models import Recusal
from calls.models import Criterion
from selection.models.committee import CommitteeSeat
from selection.models.meeting import AgendaItem


class ScorecardQuerySet(models.QuerySet):
    def unrecused(self):
        """But those of who was recused since."""
        recused = Recusal.objects.filter(
            application=OuterRef("item__case__application"), user=OuterRef("seat__user")
        )
        return self.filter(~Exists(recused))

    def counting(self):
        """The last card of each member on each item, but those of the recused and those that the reveal set aside."""
        later = Scorecard.objects.filter(
            item=OuterRef("item"), seat=OuterRef("seat"), round__gt=OuterRef("round")
        )
        return self.unrecused().filter(~Exists(later), set_aside=False)


class Scorecard(models.Model):
    """A member's scores, comment and amount on one item, sealed until the chair reveals them all.

    What they change after the discussion is a second card, kept beside the first, which is then immutable.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="scorecards")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="scorecards")
    round = models.PositiveSmallIntegerField("tour", default=1, db_default=1)  # 2: after the discussion
    comment = models.TextField("commentaire", blank=True)
    amount = models.DecimalField(
        "subvention proposée (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    nonce = models.CharField(
        max_length=64, blank=True, db_default=""
    )  # what makes the commitment unguessable
    # By the reveal: what it says is not what its member sealed. It counts for nothing.
    set_aside = models.BooleanField("écartée", default=False, db_default=False)
    scored_at = models.DateTimeField()

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche de notation"
        verbose_name_plural = "fiches de notation"
        constraints = [
            models.UniqueConstraint(fields=["item", "seat", "round"], name="scorecard_once"),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="scorecard_round"),
        ]

    def __str__(self):
        return f"{self.item} par {self.seat}"

    @property
    def mark(self):
        """When it was last saved, as a page reads it and sends it back."""
        return self.scored_at.isoformat()

    @property
    def values(self):
        """{criterion's number: value}."""
        return {score.criterion_id: score.value for score in self.scores.all()}

    def content(self, scores=None):
        """What it is committed to, as `sealing` takes it; `scores` maps each criterion to a value, if one has them."""
        if scores is None:
            scores = {score.criterion: score.value for score in self.scores.all()}
        return {
            "item": self.item_id,
            "seat": self.seat_id,
            "scores": {criterion.key: value for criterion, value in scores.items()},
            "comment": self.comment,
            "amount": self.amount,
            "nonce": self.nonce,
        }


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


class Commitment(models.Model):
    """The hash that a card was sealed with, one more each time it was: checked when the scores are revealed."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="commitments")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="commitments")
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "empreinte scellée"
        verbose_name_plural = "empreintes scellées"
        ordering = ["id"]

    def __str__(self):
        return f"{self.seat} : {self.sha256}"


class Reading(models.Model):
    """How far a member is with an item: read or not, and what they note for themselves alone."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="readings")
    seat = models.ForeignKey(CommitteeSeat, models.CASCADE, related_name="readings")
    read_at = models.DateTimeField("lu le", null=True, blank=True)
    note = models.TextField("notes personnelles", blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = "lecture"
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="reading_once")]

    def __str__(self):
        return f"{self.item} par {self.seat}"
