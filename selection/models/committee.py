"""Who sits: the committees of a fund, and the seats of each."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from calls.models import Fund, Theme


class VoteMode(models.TextChoices):
    """How a committee votes, decided before it meets."""

    ROLL_CALL = "roll_call", "vote nominatif"
    CONSENSUS = "consensus", "consensus constaté par la présidence"


class TieRule(models.TextChoices):
    """The written rule for as many voices for as against."""

    AGAINST = "against", "le projet n’est pas adopté"
    CHAIR = "chair", "la voix de la présidence est prépondérante"


class Committee(models.Model):
    """A body of a fund that proposes or decides."""

    class Power(models.TextChoices):
        PROPOSES = "proposes", "propose"
        DECIDES = "decides", "décide"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="committees")
    name = models.CharField("nom", max_length=160)
    power = models.CharField("pouvoir", max_length=10, choices=Power, default=Power.DECIDES)
    quorum = models.PositiveSmallIntegerField(
        "quorum",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Nombre de membres votants présents sans lesquels le comité ne vote pas. Vide : non communiqué.",
    )
    vote_mode = models.CharField(
        "mode de vote",
        max_length=12,
        choices=VoteMode,
        default=VoteMode.ROLL_CALL,
        db_default=VoteMode.ROLL_CALL,
    )
    tie_rule = models.CharField(
        "en cas de partage des voix",
        max_length=8,
        choices=TieRule,
        default=TieRule.AGAINST,
        db_default=TieRule.AGAINST,
    )

    class Meta:
        verbose_name = "comité"

    def __str__(self):
        return self.name

    @property
    def proposes(self):
        return self.power == self.Power.PROPOSES


class CommitteeSeatQuerySet(models.QuerySet):
    def sitting(self):
        return self.filter(ended_at=None)


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
    is_voting = models.BooleanField("a voix délibérative", default=True, db_default=True)
    ended_at = models.DateTimeField("ne siège plus depuis", null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = CommitteeSeatQuerySet.as_manager()

    class Meta:
        verbose_name = "siège"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "user"], name="seat_once"),
            models.UniqueConstraint(
                fields=["committee"], condition=Q(is_chair=True, ended_at=None), name="one_chair"
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(is_deputy_chair=True, ended_at=None),
                name="one_deputy_chair",
            ),
            models.CheckConstraint(
                condition=Q(is_chair=False) | Q(is_deputy_chair=False),
                name="seat_chairs_or_deputises",
                violation_error_message="Un siège préside ou supplée, pas les deux.",
            ),
        ]

    def __str__(self):
        return self.title
