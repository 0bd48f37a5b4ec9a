"""What a call judges on, what it may answer, the form it asks to fill in, and its public corrections."""

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from calls.models.call import Call
from journal import dates


class Criterion(models.Model):
    """What an application is judged on.

    `key` is stable: the questions of the form that inform a criterion refer to it. `levels` says what a score means:
    a list of {"score", "text"}, from the lowest.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    label = models.CharField("intitulé", max_length=160)
    guidance = models.TextField("description", blank=True, help_text="Ce que ce critère regarde.")
    levels = models.JSONField("repères", default=list, blank=True)
    weight = models.PositiveSmallIntegerField(
        "poids (%)", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    minimum = models.PositiveSmallIntegerField(
        "note minimale",
        null=True,
        blank=True,
        help_text="En dessous, un dossier ne peut pas être retenu. Vide : aucune.",
    )

    class Meta:
        verbose_name = "critère"
        ordering = ["call", "position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "position"], name="criterion_position_once"),
            models.UniqueConstraint(fields=["call", "key"], name="criterion_key_once"),
        ]

    def __str__(self):
        return self.label


class Outcome(models.Model):
    """What the committee may decide of an application, in the words of the call, and the state that it stands for."""

    class State(models.TextChoices):
        SELECTED = "selected", "retenu"
        RESERVE = "reserve", "liste complémentaire"
        DEFERRED = "deferred", "ajourné"
        REJECTED = "rejected", "non retenu"

    call = models.ForeignKey(Call, models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("décision", max_length=80)
    state = models.CharField("effet", max_length=10, choices=State)

    class Meta:
        verbose_name = "issue"
        ordering = ["call", "position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "position"], name="outcome_position_once"),
            models.UniqueConstraint(fields=["call", "label"], name="outcome_label_once"),
        ]

    def __str__(self):
        return self.label


class FormDraft(models.Model):
    """The form as the secretariat is writing it: of a call in preparation, or of the correction of a published one.

    `version` grows at each change, so that nobody overwrites a colleague unseen.
    """

    call = models.OneToOneField(Call, models.CASCADE, related_name="form_draft")
    definition = models.JSONField(encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "formulaire en préparation"
        verbose_name_plural = "formulaires en préparation"

    def __str__(self):
        return f"{self.call.code}, formulaire en préparation"

    @property
    def sections(self):
        return self.definition["sections"]


class FormVersion(models.Model):
    """The application form as published: one canonical definition and its hash, criteria copied in.

    The database refuses to change it, and to remove it once its call is public.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="form_versions")
    number = models.PositiveSmallIntegerField(default=1)
    definition = models.JSONField(encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "version du formulaire"
        ordering = ["call", "-number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="form_version_once")]

    def __str__(self):
        return f"{self.call.code}, formulaire {self.number}"

    @property
    def sections(self):
        return self.definition["sections"]

    def section(self, key):
        """The section with this key, or None."""
        return next((section for section in self.sections if section["key"] == key), None)


class Correction(models.Model):
    """A dated public note on a published call: what changed, or was made clear, and why. It is never rewritten."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="corrections")
    form = models.ForeignKey(
        FormVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="nouvelle version du formulaire",
    )
    text = models.TextField("correction", max_length=2000)
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "correction"
        ordering = ["-published_at", "-id"]

    def __str__(self):
        return f"{self.call.code}, correction du {dates.day(self.published_at)}"
