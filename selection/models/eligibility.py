"""Whether a filed dossier may be reviewed at all: rule by rule, then by two people where it is turned down."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from applications.models import Submission
from selection.models.instruction import Case


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


class EligibilityFact(models.Model):
    """A rule of the call as an officer settled it for a dossier: what the portal found is confirmed, or overruled.

    `found` and `evidence` are what was computed from the submission when it was settled.
    """

    class Verdict(models.TextChoices):
        MET = "met", "respectée"
        BROKEN = "broken", "non respectée"
        UNKNOWN = "unknown", "non vérifiable"

    case = models.ForeignKey(Case, models.CASCADE, related_name="eligibility_facts")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    rule = models.SlugField("règle", max_length=80)
    label = models.CharField("énoncé", max_length=300)
    found = models.CharField("constat", max_length=10, choices=Verdict)
    evidence = models.TextField("preuve", blank=True)
    verdict = models.CharField("retenu", max_length=10, choices=Verdict)
    reason = models.TextField("motif", blank=True)
    settled_at = models.DateTimeField(db_default=Now())
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "règle examinée"
        verbose_name_plural = "règles examinées"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "submission", "rule"], name="eligibility_fact_once"),
            models.CheckConstraint(
                condition=Q(found=F("verdict")) | ~Q(reason=""),
                name="eligibility_fact_overruled_with_a_reason",
                violation_error_message="Motivez ce que vous retenez contre le constat.",
            ),
        ]

    def __str__(self):
        return f"{self.label} : {self.get_verdict_display()}"


class IneligibilityProposal(models.Model):
    """An officer proposes to turn a dossier down; someone else of the secretariat accepts or refuses."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ineligibility_proposals")
    rules = models.JSONField("règles non respectées", default=list)
    reason = models.TextField("motif")
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted = models.BooleanField(null=True, blank=True)
    answer = models.TextField("réponse", blank=True)

    class Meta:
        verbose_name = "proposition d’irrecevabilité"
        verbose_name_plural = "propositions d’irrecevabilité"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(settled_at=None), name="ineligibility_one_proposal"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, accepted__isnull=True)
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False, accepted__isnull=False)
                    & ~Q(settled_by=F("proposed_by"))
                ),
                name="ineligibility_settled_by_another",
                violation_error_message="Une autre personne que celle qui propose décide de l’irrecevabilité.",
            ),
        ]

    def __str__(self):
        return f"irrecevabilité proposée de {self.case}"
