"""What the secretariat adds to a filed dossier."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from calls.models import Criterion


class CaseQuerySet(models.QuerySet):
    def locked(self, case):
        return self.select_for_update(of=["self"]).get(pk=case.pk)


class Case(models.Model):
    """A filed application in the secretariat's and the committee's hands; never shown to its carrier before the end."""

    class State(models.TextChoices):
        TO_CHECK = "to_check", "recevabilité à examiner"
        ELIGIBLE = "eligible", "recevable"
        INELIGIBLE = "ineligible", "irrecevable"
        UNDER_REVIEW = "under_review", "en instruction"
        SHORTLISTED = "shortlisted", "présélectionné"
        NOT_SHORTLISTED = "not_shortlisted", "non présélectionné"
        ON_AGENDA = "on_agenda", "à l’ordre du jour"
        SELECTED = "selected", "retenu"
        RESERVE = "reserve", "liste complémentaire"
        DEFERRED = "deferred", "ajourné"
        REJECTED = "rejected", "non retenu"

    application = models.OneToOneField(Application, models.PROTECT, related_name="case")
    state = models.CharField(max_length=20, choices=State, default=State.TO_CHECK)
    review_score = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    opened_at = models.DateTimeField(db_default=Now())

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "instruction"
        indexes = [models.Index(fields=["state", "-review_score"])]

    def __str__(self):
        return str(self.application)

    def get_absolute_url(self):
        return reverse("selection:case", args=[self.application.reference])

    @property
    def submission(self):
        """The filing that stands: what everyone here reads, never the live rows."""
        return self.application.submissions.latest()


class EligibilityCheck(models.Model):
    """Whether an application may be reviewed at all, and why."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="eligibility")
    eligible = models.BooleanField("recevable")
    reason = models.TextField("motif", blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "examen de recevabilité"
        constraints = [
            models.CheckConstraint(
                condition=Q(eligible=True) | ~Q(reason=""),
                name="ineligible_has_a_reason",
                violation_error_message="Une irrecevabilité se motive.",
            )
        ]

    def __str__(self):
        return f"{self.case} {'recevable' if self.eligible else 'irrecevable'}"


class Review(models.Model):
    """An officer's assessment on the call's criteria."""

    class State(models.TextChoices):
        DRAFT = "draft", "en cours"
        FINISHED = "finished", "terminée"

    class Recommendation(models.TextChoices):
        FAVOURABLE = "favourable", "favorable"
        RESERVED = "reserved", "réservé"
        UNFAVOURABLE = "unfavourable", "défavorable"

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    recommendation = models.CharField("recommandation", max_length=20, choices=Recommendation, blank=True)
    proposed_amount = models.DecimalField(
        "subvention proposée", max_digits=14, decimal_places=2, null=True, blank=True
    )
    comment = models.TextField("synthèse", blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "évaluation"
        constraints = [
            models.UniqueConstraint(fields=["case", "reviewer"], name="review_once_per_reviewer"),
            models.CheckConstraint(
                condition=~Q(state="finished") | (Q(finished_at__isnull=False) & ~Q(recommendation="")),
                name="review_finished_recommends",
            ),
        ]

    def __str__(self):
        return f"{self.case} par {self.reviewer}"


class Score(models.Model):
    """A reviewer's score on one criterion, from 0 to the call's scale."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField("note", null=True, blank=True)
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "note"
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="score_once")]

    def __str__(self):
        return f"{self.criterion} : {self.value}"
