"""The letters that tell carriers what the committee decided, and the words that each kind of them begins with."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from calls.models import Call, Fund
from selection.models.deciding import Decision


class LetterQuerySet(models.QuerySet):
    def sent(self):
        return self.filter(sent_at__isnull=False)

    def waiting(self):
        """Those whose sending is asked: the rows are the queue."""
        return self.filter(asked_at__isnull=False, sent_at=None, failure="")


class Letter(models.Model):
    """What a carrier is told of a decision, as it was prepared; once sent, the database refuses to change it.

    `content` is all that the letter says, for its page and its PDF alike. A decision has one letter: that of a
    corrected decision is another one, which says what it replaces.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="letter")
    content = models.JSONField("contenu", encoder=DjangoJSONEncoder)
    prepared_at = models.DateTimeField(db_default=Now())
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("envoi demandé le", null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    failure = models.TextField("ce qui a empêché l’envoi", blank=True, db_default="")
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "lettre"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(asked_at__isnull=False, asked_by__isnull=False, failure=""),
                name="letter_sent_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None, opened_by=None)
                | Q(opened_at__isnull=False, opened_by__isnull=False, sent_at__isnull=False),
                name="letter_opened_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="letter_waiting", condition=Q(asked_at__isnull=False, sent_at=None)
            )
        ]

    def __str__(self):
        return f"lettre : {self.decision}"


class LetterWording(models.Model):
    """The words that the letters of an outcome begin with, of a fund or of one of its calls."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="letter_wordings", verbose_name="fonds")
    call = models.ForeignKey(
        Call, models.CASCADE, null=True, blank=True, related_name="letter_wordings", verbose_name="appel"
    )
    outcome = models.CharField("décision", max_length=10, choices=Decision.Outcome)
    text = models.TextField("texte", max_length=10_000)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "texte de lettre"
        verbose_name_plural = "textes de lettre"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "outcome"], condition=Q(call=None), name="letter_wording_once_of_fund"
            ),
            models.UniqueConstraint(fields=["call", "outcome"], name="letter_wording_once_of_call"),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()}, {self.call or self.fund}"
