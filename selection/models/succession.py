"""After the decision: a laureate gives up its grant, and the reserve list takes its place."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from documents.models import StoredFile
from selection.models.deciding import Decision


class Withdrawal(models.Model):
    """A laureate gives up its grant: the money is free from then on, once. The database refuses to change it."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="withdrawal")
    reason = models.TextField("motif", blank=True)
    given_on = models.DateField("donné le")
    by_letter = models.BooleanField("reçu par courrier", default=False, db_default=False)
    letter = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    # Nobody where the dossier itself was withdrawn, and the portal drew the consequence.
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "désistement"
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__isnull=True) | Q(by_letter=True), name="withdrawal_letter_came_by_letter"
            )
        ]

    def __str__(self):
        return f"désistement : {self.decision.item}"


class PromotionQuerySet(models.QuerySet):
    def proposed(self):
        return self.filter(state=Promotion.State.PROPOSED)

    def live(self):
        """Those that hold their place: proposed, or validated."""
        return self.filter(state__in=Promotion.LIVE)


class Promotion(models.Model):
    """The first of the reserve list, proposed in place of a laureate that gave up; the chair validates or refuses.

    Once settled it never changes. What it grants is a `Decision` of its own.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "à valider par la présidence"
        VALIDATED = "validated", "validée"
        REFUSED = "refused", "refusée"
        LAPSED = "lapsed", "sans objet"

    LIVE = (State.PROPOSED, State.VALIDATED)

    withdrawal = models.ForeignKey(Withdrawal, models.PROTECT, related_name="promotions")
    reserve = models.ForeignKey(Decision, models.PROTECT, related_name="promotions")
    amount = models.DecimalField(
        "subvention proposée (€)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField("motif", blank=True, db_default="")

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise de la liste complémentaire"
        verbose_name_plural = "reprises de la liste complémentaire"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["withdrawal"],
                condition=Q(state__in=["proposed", "validated"]),
                name="promotion_one_for_a_place",
            ),
            models.UniqueConstraint(
                fields=["reserve"],
                condition=Q(state__in=["proposed", "validated"]),
                name="promotion_one_of_a_project",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", settled_at=None, settled_by=None)
                | Q(state="lapsed", settled_at__isnull=False)
                | Q(state__in=["validated", "refused"], settled_at__isnull=False, settled_by__isnull=False),
                name="promotion_settled_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="promotion_refused_with_a_reason"
            ),
        ]

    def __str__(self):
        return f"reprise : {self.reserve.item}"
