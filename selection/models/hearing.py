"""Hearings of the shortlisted: slots, who comes, what was heard."""

import hashlib
import json

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.timezone import localtime

from accounts.models import User
from calls.models import Call
from journal import dates
from selection.models.instruction import Case


class HearingSlot(models.Model):
    """A time at which a panel hears one carrier, in a room or by video."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="hearing_slots", verbose_name="appel")
    begins_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    place = models.CharField("lieu ou lien de visioconférence", max_length=300)
    panel = models.ManyToManyField(User, related_name="hearing_slots", verbose_name="jury de l’audition")

    class Meta:
        verbose_name = "créneau d’audition"
        verbose_name_plural = "créneaux d’audition"
        ordering = ["begins_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="hearing_ends_after_it_begins",
                violation_error_message="L’audition finit après avoir commencé.",
            )
        ]

    def __str__(self):
        return f"{self.call.code}, {self.begins_at:%Y-%m-%d %H:%M}"

    @property
    def when(self):
        """« le 3 mars 2026 de 10:00 à 10:30 », in Paris."""
        return f"le {dates.day(self.begins_at)} de {localtime(self.begins_at):%H:%M} à {localtime(self.ends_at):%H:%M}"


class Hearing(models.Model):
    """A carrier heard in a slot: invited, heard or not, what was noted and what came out of it."""

    class Result(models.TextChoices):
        CONFIRMED = "confirmed", "confirme la présélection"
        RESERVED = "reserved", "confirme avec réserves"
        AGAINST = "against", "ne confirme pas"
        ABSENT = "absent", "le porteur ne s’est pas présenté"

    case = models.OneToOneField(Case, models.PROTECT, related_name="hearing")
    slot = models.OneToOneField(HearingSlot, models.PROTECT, related_name="hearing")
    invited_at = models.DateTimeField(db_default=Now())
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField(default=0)  # grows when the slot changes, for the calendars
    notes = models.TextField("notes", max_length=20_000, blank=True)
    result = models.CharField("résultat", max_length=10, choices=Result, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "audition"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | (Q(closed_by__isnull=False) & ~Q(result="")),
                name="hearing_closed_with_a_result",
            )
        ]

    def __str__(self):
        return f"audition de {self.case}"

    @property
    def mark(self):
        """What is noted, in a few letters: whoever writes after somebody else is told."""
        return hashlib.sha256(json.dumps([self.notes, self.result]).encode()).hexdigest()[:16]
