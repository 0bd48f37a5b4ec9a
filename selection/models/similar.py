"""The radar of mutualisation: which projects are close, and carriers who agree to meet."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from selection.models.announcement import Laureate
from selection.models.instruction import Case


class SimilarProject(models.Model):
    """A project close to a dossier: another dossier, or a past laureate, and the passages that say so.

    Computed by the worker. `score` is a similarity between 0 and 1; `passages` a list of {"mine", "theirs"}.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="similar")
    other = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="+")
    laureate = models.ForeignKey(Laureate, models.CASCADE, null=True, blank=True, related_name="+")
    score = models.FloatField("proximité")
    passages = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    double_funding = models.JSONField(
        "indices de double financement", default=list, encoder=DjangoJSONEncoder
    )
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "projet proche"
        verbose_name_plural = "projets proches"
        ordering = ["case", "-score", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=True, laureate__isnull=False)
                | Q(other__isnull=False, laureate__isnull=True),
                name="similar_to_one_thing",
            )
        ]

    def __str__(self):
        return f"{self.case} et {self.other or self.laureate}"


class MeetingSuggestion(models.Model):
    """The secretariat suggests to two carriers that they meet; each learns who the other is once both have agreed."""

    first = models.ForeignKey(Case, models.CASCADE, related_name="meetings_as_first")
    second = models.ForeignKey(Case, models.CASCADE, related_name="meetings_as_second")
    text = models.TextField("ce qui les rapproche", max_length=2000)
    suggested_at = models.DateTimeField(db_default=Now())
    suggested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_agrees = models.BooleanField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    first_answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second_agrees = models.BooleanField(null=True, blank=True)
    second_answered_at = models.DateTimeField(null=True, blank=True)
    second_answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "mise en relation proposée"
        verbose_name_plural = "mises en relation proposées"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(called_off_at=None), name="meeting_suggested_once"
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="meeting_of_two"),
        ]

    def __str__(self):
        return f"{self.first} et {self.second}"
