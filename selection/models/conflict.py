"""Conflicts of interest: what people declare, and what is settled dossier by dossier."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Organisation, User
from applications.models import Application


class InterestLink(models.Model):
    """What ties someone to a body, as they declare it: a former employer, a mandate, someone close."""

    class Nature(models.TextChoices):
        FORMER_EMPLOYER = "former_employer", "ancien employeur"
        MANDATE = "mandate", "mandat ou fonction"
        PERSONAL = "personal", "lien personnel"
        FINANCIAL = "financial", "intérêt financier"

    user = models.ForeignKey(User, models.CASCADE, related_name="interests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="organisme")
    nature = models.CharField("nature du lien", max_length=20, choices=Nature)
    text = models.CharField("précisions", max_length=500, blank=True)
    declared_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField("n’a plus cours depuis", null=True, blank=True)

    class Meta:
        verbose_name = "lien d’intérêt"
        verbose_name_plural = "liens d’intérêt"
        ordering = ["id"]

    def __str__(self):
        return f"{self.user} et {self.organisation}"


class ConflictDeclaration(models.Model):
    """A tie that someone has with a dossier, to settle before they deal with it: recused, or not, and why.

    `grounds` is a list of {"kind", "text"}, as they were found or declared.
    """

    class State(models.TextChoices):
        TO_SETTLE = "to_settle", "à trancher"
        RECUSED = "recused", "déporté"
        CLEARED = "cleared", "peut traiter le dossier"

    application = models.ForeignKey(Application, models.CASCADE, related_name="declarations")
    user = models.ForeignKey(User, models.CASCADE, related_name="declarations")
    grounds = models.JSONField("motifs", default=list, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State, default=State.TO_SETTLE)
    raised_at = models.DateTimeField(db_default=Now())
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "déclaration à trancher"
        verbose_name_plural = "déclarations à trancher"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="declaration_once"),
            models.CheckConstraint(
                condition=Q(state="to_settle", settled_at__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False)
                & ~Q(reason="")
                & ~Q(state="to_settle"),
                name="declaration_settled_with_a_reason",
                violation_error_message="Motivez ce que vous décidez.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("user")),
                name="declaration_settled_by_another",
                violation_error_message="Une autre personne tranche votre déclaration.",
            ),
        ]

    def __str__(self):
        return f"{self.user} sur {self.application}"

    @property
    def words(self):
        """Its grounds in a sentence, whether or not who wrote one ended it with a full stop."""
        texts = [ground["text"].strip().removesuffix(".") for ground in self.grounds]
        return " ; ".join(text[:1].upper() + text[1:] for text in texts) + "."
