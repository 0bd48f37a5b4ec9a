"""Funds of the State: what they pay for, their money, their programmes, and who works for them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User


class FundQuerySet(models.QuerySet):
    def public(self):
        """A rehearsal's fund is nobody's but its players'."""
        return self.filter(rehearsal=False)


class Fund(models.Model):
    """A fund of the State. A rehearsal's fund is marked, so that nothing of it is mistaken for a fact."""

    slug = models.SlugField(unique=True)
    code = models.CharField("sigle", max_length=20)
    name = models.CharField("nom", max_length=200)
    manager = models.CharField("gestionnaire", max_length=200, blank=True)
    edition = models.CharField("période", max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="fonds d’origine"
    )
    grantor = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisme attribuant",
    )
    purpose = models.TextField("ce que le fonds finance", blank=True)
    governance = models.TextField("gouvernance", blank=True)
    total_envelope = models.DecimalField("enveloppe", max_digits=14, decimal_places=2, null=True, blank=True)
    press_email = models.EmailField("contact presse", blank=True)
    review_target_days = models.PositiveSmallIntegerField(
        "délai visé entre la date limite et le comité (jours)", null=True, blank=True
    )
    rehearsal = models.BooleanField("répétition", default=False)
    facts = models.JSONField("faits publiés", default=dict, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = "fonds"
        verbose_name_plural = "fonds"
        ordering = ["code", "id"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("calls:fund", args=[self.slug])


class Programme(models.Model):
    """A part of a fund with a purpose of its own, as its calls and its accounts name it."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="programmes", verbose_name="fonds")
    slug = models.SlugField(max_length=80)
    name = models.CharField("intitulé", max_length=200)
    position = models.PositiveSmallIntegerField("rang")
    sources = models.JSONField("sources", default=list, blank=True)

    class Meta:
        verbose_name = "programme"
        ordering = ["fund", "position"]
        constraints = [models.UniqueConstraint(fields=["fund", "slug"], name="programme_slug_once")]

    def __str__(self):
        return self.name


class Envelope(models.Model):
    """What a fund may grant in a year, shared by its calls and sessions: the row locked when amounts are decided."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="envelopes", verbose_name="fonds")
    year = models.PositiveSmallIntegerField("année")
    commitments = models.DecimalField("autorisations d’engagement (AE)", max_digits=14, decimal_places=2)
    payments = models.DecimalField(
        "crédits de paiement (CP)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    sources = models.JSONField("sources", default=list, blank=True)

    class Meta:
        verbose_name = "enveloppe"
        ordering = ["fund", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "year"], name="envelope_once_a_year"),
            models.CheckConstraint(condition=Q(commitments__gte=0), name="envelope_not_negative"),
        ]

    def __str__(self):
        return f"{self.fund.code} {self.year}"


class FundRole(models.Model):
    """What someone is in a fund; an officer of one fund is nobody in another."""

    class Role(models.TextChoices):
        OFFICER = "officer", "agent du secrétariat"
        HEAD = "head", "responsable du secrétariat"
        OPERATOR = "operator", "opérateur du fonds"
        AUDITOR = "auditor", "auditeur"

    SECRETARIAT = (Role.OFFICER, Role.HEAD)
    READERS = (*SECRETARIAT, Role.AUDITOR)  # of what the public sends to a fund

    user = models.ForeignKey(User, models.CASCADE, related_name="fund_roles", verbose_name="compte")
    fund = models.ForeignKey(Fund, models.CASCADE, related_name="roles", verbose_name="fonds")
    role = models.CharField("rôle", max_length=20, choices=Role)

    class Meta:
        verbose_name = "rôle dans un fonds"
        constraints = [models.UniqueConstraint(fields=["user", "fund", "role"], name="fund_role_once")]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()} de {self.fund.code}"


class Theme(models.Model):
    """A subject that projects share; a committee seat may be limited to one."""

    slug = models.SlugField(unique=True)
    label = models.CharField("intitulé", max_length=120)

    class Meta:
        verbose_name = "thème"
        ordering = ["label"]

    def __str__(self):
        return self.label
