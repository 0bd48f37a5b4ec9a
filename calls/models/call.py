"""A call for projects: its dates, its rules, its form and its documents."""

from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from calls import search
from calls.models.fund import Fund, FundRole, Programme, Theme
from documents.models import StoredFile
from journal import dates

# Neither a draft nor a call of the past: the few that may be open or to come.
LIVE = Q(state="published", imported=False)
# Past calls, many of whose dates no source gives: by year, then by date, the unknown last.
LATEST_FIRST = (
    F("year").desc(nulls_last=True),
    Coalesce("closes_at", "opens_at").desc(nulls_last=True),
    F("id").desc(),
)


class CallQuerySet(models.QuerySet):
    """Whether a call is open is a question about dates, asked of the database's clock."""

    def published(self):
        """Those whose publication has come: the head may have set it for later."""
        return self.filter(state=Call.State.PUBLISHED, published_at__lte=Now())

    def public(self):
        return self.published().filter(fund__rehearsal=False)

    def visible_to(self, user):
        """Published calls for everyone; drafts for those who hold a role in the fund."""
        published = Q(state=Call.State.PUBLISHED, published_at__lte=Now())
        if not user.is_authenticated:
            return self.filter(published, fund__rehearsal=False)
        return self.filter(published | Q(Exists(FundRole.objects.filter(fund=OuterRef("fund"), user=user))))

    def prepared_by(self, user):
        """The calls of the funds whose secretariat this person belongs to."""
        return self.filter(
            Exists(FundRole.objects.filter(fund=OuterRef("fund"), user=user, role__in=FundRole.SECRETARIAT))
        )

    def awaiting_publication_by(self, user):
        """The submitted calls that this person may publish (`calls.rules.can_publish_call`, of many calls at once)."""
        heads = FundRole.objects.filter(fund=OuterRef("fund"), user=user, role=FundRole.Role.HEAD)
        submitted = self.filter(Exists(heads), state=Call.State.SUBMITTED)
        return submitted.exclude(prepared_by=user).exclude(submitted_by=user)

    def open(self):
        return self.published().filter(imported=False, opens_at__lte=Now(), closes_at__gt=Now())

    def upcoming(self):
        return self.published().filter(imported=False, opens_at__gt=Now())

    def in_time(self):
        """Those that may still be applied to, now or later."""
        return self.published().filter(imported=False, closes_at__gt=Now())

    def closed(self):
        """Past their last deadline; an imported past call is closed whatever dates are missing."""
        ended = Q(closes_at__lte=Now()) | Q(closes_at=None, opens_at__lte=Now())
        return self.published().filter(Q(imported=True) | ended)


class Call(models.Model):
    """A call for projects, with the rules its fund chose for it.

    The database itself keeps `closes_at`, the end of its last round, and the `year` it opens in, whoever writes: an
    instance at hand knows the change once read again. A past call without dates has the year that its sources say.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "en préparation"
        SUBMITTED = "submitted", "soumis à publication"
        PUBLISHED = "published", "publié"
        ARCHIVED = "archived", "archivé"

    class Base(models.TextChoices):
        GRANT = "grant", "la subvention demandée"
        TOTAL_COST = "total_cost", "le coût total du projet"
        ELIGIBLE_COST = "eligible_cost", "le coût éligible du projet"
        UNSPECIFIED = "unspecified", "un montant que la source ne précise pas"

    class Proposer(models.TextChoices):
        SECRETARIAT = "secretariat", "le secrétariat du fonds"
        EXPERTS = "experts", "un comité d’experts"

    class Decider(models.TextChoices):
        STEERING_COMMITTEE = "steering_committee", "le comité de pilotage"
        JURY = "jury", "un jury"

    class Payer(models.TextChoices):
        FUND = "fund", "le fonds"
        OPERATOR = "operator", "l’opérateur du fonds"
        NOBODY = "nobody", "personne : l’appel ne verse pas d’argent"

    class SavingsMeasure(models.TextChoices):
        YEARLY = "yearly", "de la dernière année"
        CUMULATED = "cumulated", "cumulées jusqu’à cette année"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="calls", verbose_name="fonds")
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="calls", verbose_name="programme"
    )
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
    next_steps = models.TextField(
        "la suite du dépôt",
        blank=True,
        help_text="Ce qui se passe après le dépôt : qui examine les dossiers, quand, et comment on l’apprend.",
    )
    contact_email = models.EmailField("adresse de contact", blank=True)
    opens_at = models.DateTimeField("ouverture", null=True, blank=True)
    closes_at = models.DateTimeField("date limite de dépôt", null=True, editable=False)
    year = models.PositiveSmallIntegerField("année", null=True, editable=False)
    questions_until = models.DateTimeField("questions jusqu’au", null=True, blank=True)
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
    grouped_accepted = models.BooleanField(
        "dossiers groupés",
        null=True,
        blank=True,
        help_text="Un dossier porte plusieurs petits projets dont les montants s’ajoutent.",
    )
    flat_grant = models.DecimalField(
        "subvention forfaitaire",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    savings_horizon = models.PositiveSmallIntegerField(
        "économies mesurées combien d’années après la fin",
        null=True,
        blank=True,
        validators=[MaxValueValidator(20)],
    )
    savings_measure = models.CharField(
        "économies retenues pour le ratio", max_length=20, choices=SavingsMeasure, blank=True
    )
    proposed_by = models.CharField("qui propose", max_length=20, choices=Proposer, blank=True)
    decided_by = models.CharField("qui décide", max_length=20, choices=Decider, blank=True)
    paid_by = models.CharField("qui signe et paie", max_length=20, choices=Payer, blank=True)
    expected_laureates = models.PositiveSmallIntegerField(
        "nombre de lauréats prévu", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    anonymous = models.BooleanField(
        "candidature anonyme",
        default=False,
        help_text="Le nom de l’administration est caché au comité, et cherché dans les textes et les fichiers.",
    )
    visa_required = models.BooleanField(
        "le dépôt demande le visa d’un valideur de l’organisme porteur", default=True
    )
    has_shortlist = models.BooleanField("une présélection précède le comité", default=True)
    has_hearings = models.BooleanField("les présélectionnés sont auditionnés", default=False)
    scale_max = models.PositiveSmallIntegerField(
        "note maximale", default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    themes = models.ManyToManyField(Theme, verbose_name="thèmes", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    return_remarks = models.TextField("remarques de la personne responsable", blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    imported = models.BooleanField("appel passé, repris des sources publiques", default=False)
    fictitious = models.BooleanField("fictif", default=False)
    facts = models.JSONField("faits publiés", default=dict, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)
    search = models.GeneratedField(
        expression=search.vector(("title", "A"), ("code", "A"), ("summary", "B"), ("description", "C")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

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
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="call_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(has_hearings=False) | Q(has_shortlist=True),
                name="call_hearings_need_a_shortlist",
                violation_error_message="Les auditions supposent une présélection.",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(imported=True) | Q(opens_at__isnull=False),
                name="call_published_has_an_opening",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True)
                | Q(threshold__isnull=True)
                | Q(ceiling__gte=F("threshold")),
                name="call_ceiling_above_threshold",
                violation_error_message="Le plafond doit être au moins égal au seuil.",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-opens_at"]),
            GinIndex(fields=["search"], name="call_search"),
            models.Index(fields=["closes_at", "id"], condition=LIVE, name="call_live_by_deadline"),
            models.Index(fields=["opens_at", "id"], condition=LIVE, name="call_live_by_opening"),
            models.Index(*LATEST_FIRST, condition=Q(state="published"), name="call_latest_first"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("calls:detail", args=[self.slug])

    @property
    def in_preparation(self):
        """Whether its rules may still change: neither public nor about to be."""
        return self.state in (self.State.DRAFT, self.State.SUBMITTED)

    @property
    def pays(self):
        """Whether who is selected gets money: a contest may give none."""
        return self.paid_by != self.Payer.NOBODY

    def is_known_at(self, now):
        """Whether the public has learnt of this call: its publication may be set for later."""
        return not self.in_preparation and self.published_at is not None and self.published_at <= now

    @staticmethod
    def closing_hour_is_known(*, imported, facts):
        """Whether the hour of the deadline was published; of some past calls, the sources give the day alone."""
        return not imported or "closing_time" in facts

    @property
    def deadline_text(self):
        """The deadline in words, as far as it is known."""
        if self.closes_at is None:
            return "non communiquée"
        if self.closing_hour_is_known(imported=self.imported, facts=self.facts):
            return deadline_text(self.closes_at)
        return f"{dates.day(closing_day(self.closes_at))} (heure non communiquée)"


class CarrierRule(models.Model):
    """A kind of body that may apply to a call, with the amounts that hold for it; empty ones are the call's.

    A call without such rows says nothing of who may apply: that is unknown, not forbidden.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="carrier_rules")
    kind = models.CharField("nature du porteur", max_length=40, choices=Organisation.Kind)
    base = models.CharField("les montants portent sur", max_length=20, choices=Call.Base, blank=True)
    threshold = models.DecimalField("seuil", max_digits=14, decimal_places=2, null=True, blank=True)
    ceiling = models.DecimalField("plafond", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "règle par nature de porteur"
        ordering = ["call", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "kind"], name="carrier_rule_once"),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True)
                | Q(threshold__isnull=True)
                | Q(ceiling__gte=F("threshold")),
                name="carrier_rule_ceiling_above_threshold",
            ),
        ]

    def __str__(self):
        return f"{self.call.code}, {self.get_kind_display()}"


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


def closing_day(closes_at):
    """The last day before a deadline, in Paris: midnight ends the day before. None for an unknown deadline."""
    return closes_at and (timezone.localtime(closes_at) - timedelta(microseconds=1)).date()


def deadline_text(closes_at):
    """A deadline as people say it: « 15 mars 2018 à minuit » is the end of that day, in Paris."""
    local = timezone.localtime(closes_at)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{dates.day(closing_day(closes_at))} à minuit"
    return dates.moment(local, seconds=bool(local.second))


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

    search = models.GeneratedField(
        expression=search.vector(("title", "A"), ("name", "B")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "document de l’appel"
        ordering = ["call", "id"]
        indexes = [GinIndex(fields=["search"], name="call_document_search")]

    def __str__(self):
        return self.title

    @property
    def format(self):
        return self.name.rpartition(".")[2].upper()
