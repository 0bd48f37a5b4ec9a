"""What a dossier says: its answers, its tables, its files, and what a corrected form did to them."""

from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Now

from accounts.models import Organisation, User
from applications.models.application import Application
from calls.models import FormVersion
from documents.models import StoredFile

YEARS = [MinValueValidator(2000), MaxValueValidator(2100)]


class SectionAnswers(models.Model):
    """The answers of one section; `version` grows at each saving, so that nobody overwrites a colleague unseen."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="sections")
    section_key = models.SlugField(max_length=60)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="responsable"
    )

    class Meta:
        verbose_name = "réponses d’une section"
        verbose_name_plural = "réponses des sections"
        constraints = [models.UniqueConstraint(fields=["application", "section_key"], name="section_once")]

    def __str__(self):
        return f"{self.application} {self.section_key}"


class SectionVersion(models.Model):
    """What a section said at one time: its answers, or the lines of its table, frozen as in a submission.

    Who goes on writing goes on filling the same row, for a while. `kept` is false for a text that met a colleague's:
    it never was the section's, and is not lost either.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="section_versions")
    section_key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    kept = models.BooleanField("retenue", default=True)
    begun_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "version d’une section"
        verbose_name_plural = "versions d’une section"
        ordering = ["-id"]
        indexes = [models.Index(fields=["application", "section_key", "-id"])]

    def __str__(self):
        return f"{self.application} {self.section_key} v{self.version}"


class FinancingLineQuerySet(models.QuerySet):
    def grants(self):
        return self.filter(source=FinancingLine.Source.FUND)

    def total(self):
        return self.aggregate(total=Sum("amount"))["total"] or Decimal(0)


class FinancingLine(models.Model):
    """What one source brings one year, in euros: `amount` in commitments (AE), `payment` in payments (CP).

    Lines of the same `row` are one row of the grid, year after year. Where no payment is said, it is the commitment.
    """

    class Source(models.TextChoices):
        FUND = "fund", "subvention du fonds"
        OWN = "own", "ressources propres du porteur"
        PARTNER = "partner", "partenaire"
        OTHER = "other", "autre financement public"

    class Nature(models.TextChoices):
        STAFF = "staff", "personnel"
        RUNNING = "running", "hors personnel"

    application = models.ForeignKey(Application, models.CASCADE, related_name="financing_lines")
    row = models.PositiveSmallIntegerField("rang", default=0, db_default=0)
    year = models.PositiveSmallIntegerField("année", validators=YEARS)
    source = models.CharField("source", max_length=10, choices=Source)
    nature = models.CharField("nature", max_length=10, choices=Nature, blank=True, db_default="")
    label = models.CharField("précision", max_length=120, blank=True)
    amount = models.DecimalField("montant (€)", max_digits=14, decimal_places=2)
    payment = models.DecimalField(
        "crédits de paiement (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )

    objects = FinancingLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de financement"
        ordering = ["row", "year", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="financing_not_negative"),
            models.CheckConstraint(
                condition=Q(payment__isnull=True) | Q(payment__gte=0), name="financing_payment_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.year} {self.get_source_display()}"


class SavingsLine(models.Model):
    """What the project saves in one year, in euros; lines of the same `row` are one row of the grid."""

    class Nature(models.TextChoices):
        STAFF = "staff", "personnel"
        RUNNING = "running", "fonctionnement"
        AVOIDED = "avoided", "coût évité"
        REVENUE = "revenue", "recette nouvelle"

    application = models.ForeignKey(Application, models.CASCADE, related_name="savings_lines")
    row = models.PositiveSmallIntegerField("rang", default=0, db_default=0)
    year = models.PositiveSmallIntegerField("année", validators=YEARS)
    nature = models.CharField("nature", max_length=10, choices=Nature, blank=True, db_default="")
    label = models.CharField("nature de l’économie", max_length=120, blank=True)
    amount = models.DecimalField("montant (€)", max_digits=14, decimal_places=2)
    recurring = models.BooleanField("pérenne", default=False)

    class Meta:
        verbose_name = "économie attendue"
        verbose_name_plural = "économies attendues"
        ordering = ["row", "year", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="savings_not_negative")]

    def __str__(self):
        return f"{self.year} {self.label}"


class Indicator(models.Model):
    """Something measured: where it starts from, and where the project means to take it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="indicators")
    label = models.CharField("indicateur", max_length=160)
    unit = models.CharField("unité", max_length=40, blank=True)
    baseline = models.DecimalField("valeur de départ", max_digits=16, decimal_places=4, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(
        "année de départ", null=True, blank=True, validators=YEARS
    )
    target = models.DecimalField("cible", max_digits=16, decimal_places=4)
    target_year = models.PositiveSmallIntegerField("année de la cible", validators=YEARS)
    source = models.CharField("source", max_length=200, blank=True)

    class Meta:
        verbose_name = "indicateur"
        ordering = ["id"]

    def __str__(self):
        return self.label


class PlannedMilestone(models.Model):
    """A point that the project must reach, and the day it means to."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="milestones")
    label = models.CharField("jalon", max_length=160)
    due_on = models.DateField("date prévue")
    evidence = models.CharField("preuve", max_length=200, blank=True)

    class Meta:
        verbose_name = "jalon"
        ordering = ["due_on", "id"]

    def __str__(self):
        return self.label


class Partner(models.Model):
    """A body that takes part: one of the directory, or else known by its name alone."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisme"
    )
    name = models.CharField("nom", max_length=200, blank=True)
    role = models.CharField("rôle", max_length=300)
    contribution = models.DecimalField("apport (€)", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "partenaire"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(name=""),
                name="partner_is_known",
                violation_error_message="Choisissez un organisme ou écrivez son nom.",
            ),
            models.CheckConstraint(
                condition=Q(contribution__isnull=True) | Q(contribution__gte=0),
                name="partner_contribution_not_negative",
            ),
        ]

    def __str__(self):
        return self.name or str(self.organisation)


class ComponentProject(models.Model):
    """One of the small projects that a grouped application holds, with its own carrier and amounts in euros."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="components")
    title = models.CharField("projet", max_length=160)
    carrier = models.CharField("porteur", max_length=200)
    grant = models.DecimalField("subvention demandée (€)", max_digits=14, decimal_places=2)
    total_cost = models.DecimalField("coût total (€)", max_digits=14, decimal_places=2)
    savings = models.DecimalField(
        "économies attendues (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "projet composant"
        verbose_name_plural = "projets composants"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grant__gte=0, total_cost__gte=F("grant")),
                name="component_grant_within_cost",
                violation_error_message="La subvention ne dépasse pas le coût total du projet.",
            )
        ]

    def __str__(self):
        return self.title


class Attachment(models.Model):
    """A file joined to a draft, under a question or by itself; once filed, the submission keeps its hash."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    question_key = models.SlugField("question", max_length=60, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=160)
    description = models.CharField("description", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0, db_default=0)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["position", "id"]

    def __str__(self):
        return self.name


class AttachmentVersion(models.Model):
    """A file that an attachment held before it was replaced."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="versions")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=160)
    added_at = models.DateTimeField("joint le")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField("remplacé le", db_default=Now())
    replaced_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "version d’une pièce"
        verbose_name_plural = "versions d’une pièce"
        ordering = ["-id"]

    def __str__(self):
        return self.name


class FormMove(models.Model):
    """A draft taken to a corrected form: what moved with it, and what no longer has a place, word for word.

    `report` holds {"moved": [{"label", "from", "to"}], "asked": [label], "set_aside": [{"key", "section", "label",
    "answer", "text"}]}. The answers set aside are kept here for ever: nothing that was typed is lost.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="form_moves")
    from_form = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    to_form = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    report = models.JSONField(encoder=DjangoJSONEncoder)
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "passage à un formulaire corrigé"
        verbose_name_plural = "passages à un formulaire corrigé"
        ordering = ["application", "-id"]
        constraints = [models.UniqueConstraint(fields=["application", "to_form"], name="form_move_once")]

    def __str__(self):
        return f"{self.application}, formulaire {self.to_form.number}"
