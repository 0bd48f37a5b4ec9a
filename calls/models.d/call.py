"""What is published to apply to: funds, their money, and their calls for projects."""

from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from documents.models import StoredFile


class Fund(models.Model):
    """A fund of the State. A rehearsal's fund is marked, so that nothing of it is mistaken for a fact."""

    slug = models.SlugField(unique=True)
    code = models.CharField("sigle", max_length=20)
    name = models.CharField("nom", max_length=200)
    manager = models.CharField("gestionnaire", max_length=200, blank=True)
    edition = models.CharField("période", max_length=40, blank=True)
    total_envelope = models.DecimalField("enveloppe", max_digits=14, decimal_places=2, null=True, blank=True)
    rehearsal = models.BooleanField("répétition", default=False)
    sources = models.JSONField("sources", default=list, blank=True)

    class Meta:
        verbose_name = "fonds"
        verbose_name_plural = "fonds"
        ordering = ["code", "id"]

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


class CallQuerySet(models.QuerySet):
    """Whether a call is open is a question about dates, asked of the database's clock."""

    def with_deadline(self):
        """Each call with the time its last round closes (None when unknown)."""
        last = Round.objects.filter(call=OuterRef("pk")).order_by("-closes_at").values("closes_at")[:1]
        return self.annotate(closes_at=models.Subquery(last))

    def published(self):
        return self.filter(state=Call.State.PUBLISHED)

    def public(self):
        return self.published().filter(fund__rehearsal=False)

    def visible_to(self, user):
        """Published calls for everyone; drafts for those who hold a role in the fund."""
        seen = Q(state=Call.State.PUBLISHED, fund__rehearsal=False)
        if user.is_authenticated:
            seen |= Q(Exists(FundRole.objects.filter(fund=OuterRef("fund"), user=user)))
            seen |= Q(state=Call.State.PUBLISHED)
        return self.filter(seen)

    def prepared_by(self, user):
        """The calls of the funds whose secretariat this person belongs to."""
        secretariat = [FundRole.Role.OFFICER, FundRole.Role.HEAD]
        return self.filter(
            Exists(FundRole.objects.filter(fund=OuterRef("fund"), user=user, role__in=secretariat))
        )

    def _with_open_round(self):
        return Exists(Round.objects.filter(call=OuterRef("pk"), closes_at__gt=Now()))

    def open(self):
        return self.published().filter(self._with_open_round(), imported=False, opens_at__lte=Now())

    def upcoming(self):
        return self.published().filter(imported=False, opens_at__gt=Now())

    def closed(self):
        """Past their last deadline; an imported past call is closed whatever dates are missing."""
        return self.published().filter(Q(imported=True) | Q(~self._with_open_round(), opens_at__lte=Now()))


class Call(models.Model):
    """A call for projects, with the rules its fund chose for it."""

    class State(models.TextChoices):
        DRAFT = "draft", "en préparation"
        PUBLISHED = "published", "publié"
        ARCHIVED = "archived", "archivé"

    class Base(models.TextChoices):
        GRANT = "grant", "la subvention demandée"
        TOTAL_COST = "total_cost", "le coût total du projet"
        ELIGIBLE_COST = "eligible_cost", "le coût éligible du projet"
        UNSPECIFIED = "unspecified", "un montant que la source ne précise pas"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="calls", verbose_name="fonds")
    code = models.CharField(
        "référence",
        max_length=40,
        unique=True,
        help_text="Elle commence le numéro des dossiers. Exemple : FTAP-2018-1",
    )
    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField("titre", max_length=200)
    summary = models.TextField(
        "résumé",
        max_length=600,
        blank=True,
        help_text="Deux ou trois phrases, affichées dans la liste des appels.",
    )
    description = models.TextField(
        "présentation",
        blank=True,
        help_text="Texte simple : une ligne vide sépare deux paragraphes, « - » fait une liste.",
    )
    contact_email = models.EmailField("adresse de contact", blank=True)
    opens_at = models.DateTimeField("ouverture", null=True, blank=True)
    committee_on = models.DateField("comité de pilotage prévu le", null=True, blank=True)
    announced_on = models.DateField("annonce prévue ou faite le", null=True, blank=True)
    threshold = models.DecimalField(
        "seuil", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    threshold_base = models.CharField(
        "le seuil porte sur", max_length=20, choices=Base, default=Base.UNSPECIFIED
    )
    ceiling = models.DecimalField(
        "plafond", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    cofinancing_required = models.BooleanField("un cofinancement est exigé", default=False)
    max_rate = models.DecimalField(
        "taux maximal de la subvention",
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    visa_required = models.BooleanField(
        "le dépôt demande le visa d’un valideur de l’organisme porteur", default=True
    )
    has_shortlist = models.BooleanField("une présélection précède le comité", default=True)
    scale_max = models.PositiveSmallIntegerField(
        "note maximale", default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    themes = models.ManyToManyField(Theme, verbose_name="thèmes", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    imported = models.BooleanField("appel passé, repris des sources publiques", default=False)
    fictitious = models.BooleanField("fictif", default=False)
    facts = models.JSONField("faits publiés", default=dict, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = "appel à projets"
        verbose_name_plural = "appels à projets"
        ordering = ["-opens_at", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="call_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(imported=True) | Q(opens_at__isnull=False),
                name="call_published_has_an_opening",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True)
                | Q(threshold__isnull=True)
                | Q(ceiling__gte=models.F("threshold")),
                name="call_ceiling_above_threshold",
                violation_error_message="Le plafond doit être au moins égal au seuil.",
            ),
        ]
        indexes = [models.Index(fields=["state", "-opens_at"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("calls:detail", args=[self.slug])


class Round(models.Model):
    """One closing date of a call. `closes_at` is excluded: at that instant it is too late."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    closes_at = models.DateTimeField("date limite de dépôt")

    class Meta:
        verbose_name = "relève"
        ordering = ["call", "number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="round_number_once")]

    def __str__(self):
        return f"{self.call.code}, relève {self.number}"

    @property
    def deadline_text(self):
        return deadline_text(self.closes_at)


def deadline_text(closes_at):
    """A deadline as people say it: « 15 mars 2018 à minuit » is the end of that day, in Paris."""
    local = timezone.localtime(closes_at)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{date_format(local - timedelta(seconds=1), 'j F Y')} à minuit"
    return date_format(local, "j F Y à H:i" if not local.second else "j F Y à H:i:s")


class Criterion(models.Model):
    """What an application is judged on."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("intitulé", max_length=160)
    guidance = models.TextField(
        "conseils pour noter",
        blank=True,
        help_text="Ce qu’on regarde ; ce que veut dire une note basse ou haute.",
    )
    weight = models.PositiveSmallIntegerField(
        "poids (%)", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = "critère"
        ordering = ["call", "position"]
        constraints = [models.UniqueConstraint(fields=["call", "position"], name="criterion_position_once")]

    def __str__(self):
        return self.label


class FormVersion(models.Model):
    """The application form as published: one canonical definition and its hash, criteria copied in."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="form_versions")
    number = models.PositiveSmallIntegerField(default=1)
    definition = models.JSONField(encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)

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


class CallDocument(models.Model):
    """A file published with a call."""

    class Kind(models.TextChoices):
        SPECIFICATIONS = "specifications", "cahier des charges"
        ANNEX = "annex", "annexe"
        GUIDE = "guide", "guide"

    call = models.ForeignKey(Call, models.CASCADE, related_name="documents")
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.SPECIFICATIONS)
    title = models.CharField("titre", max_length=160)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "document de l’appel"
        ordering = ["call", "id"]

    def __str__(self):
        return self.title

    @property
    def format(self):
        return self.name.rpartition(".")[2].upper()
