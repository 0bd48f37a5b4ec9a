"""What is kept of a session beside its decisions: minutes, what it simulated, what was computed of its scores."""

from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from selection.models.meeting import CommitteeSession


class Minutes(models.Model):
    """The relevé de décisions: produced from what was recorded, corrected as text, then signed and frozen.

    `recorded` is what the text was produced from, as it was.
    """

    session = models.OneToOneField(CommitteeSession, models.PROTECT, related_name="minutes")
    recorded = models.JSONField(encoder=DjangoJSONEncoder)
    text = models.TextField("relevé de décisions")
    version = models.PositiveIntegerField(default=1, db_default=1)
    saved_at = models.DateTimeField(db_default=Now())
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, db_default="")  # said by the first signature

    class Meta:
        verbose_name = "relevé de décisions"
        verbose_name_plural = "relevés de décisions"

    def __str__(self):
        return f"Relevé de décisions, {self.session}"


class MinutesVersion(models.Model):
    """What the minutes said at one time, produced or typed: nothing that was typed is lost."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    produced = models.BooleanField("produit de ce qui a été enregistré")
    text = models.TextField("relevé de décisions")
    saved_at = models.DateTimeField(db_default=Now())
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "version du relevé"
        verbose_name_plural = "versions du relevé"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_once")]

    def __str__(self):
        return f"{self.minutes}, version {self.number}"


class MinutesSignature(models.Model):
    """The chair's or the secretary's signature of the minutes, with the hash of what they read.

    The first may be taken back while it is alone; the two together never change.
    """

    class Role(models.TextChoices):
        CHAIR = "chair", "présidence"
        SECRETARY = "secretary", "secrétariat"

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=10, choices=Role)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "signature du relevé"
        verbose_name_plural = "signatures du relevé"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "role"], name="signature_once"),
            models.UniqueConstraint(fields=["minutes", "user"], name="signature_of_two_people"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.minutes}"


class Scenario(models.Model):
    """A choice of projects under the envelope, as its rules were asked and what they gave."""

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="scenarios")
    name = models.CharField("nom", max_length=80)
    settings = models.JSONField(encoder=DjangoJSONEncoder)
    result = models.JSONField(encoder=DjangoJSONEncoder)
    presented = models.BooleanField("montré au comité", default=False, db_default=False)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "scénario"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "name"],
                name="scenario_name_once",
                violation_error_message="Un scénario de cette séance porte déjà ce nom.",
            )
        ]

    def __str__(self):
        return self.name


class CalibrationQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(made_at=None)

    def missed(self):
        """Those that wait for longer than a bell takes to be heard."""
        return self.waiting().filter(asked_at__lt=Now() - timedelta(minutes=1))


class Calibration(models.Model):
    """The secretariat's annex: the raw means beside what a severity model makes of the revealed scores.

    `input_sha256` is that of the scores it was computed from: with other scores it is out of date.
    """

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="calibrations")
    input_sha256 = models.CharField(max_length=64)
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    failure = models.TextField(blank=True, db_default="")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    made_at = models.DateTimeField(null=True, blank=True)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        verbose_name = "calibrage"
        ordering = ["-id"]

    def __str__(self):
        return f"Calibrage, {self.session}"
