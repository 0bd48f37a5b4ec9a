"""Information meetings and days of exchange: who comes, and what was said."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Lower, Now
from django.urls import reverse
from django.utils.timezone import localtime, make_aware

from accounts.models import User
from calls import search
from calls.models.call import Call
from calls.models.fund import Fund, FundRole
from calls.models.keys import new_key
from documents.models import StoredFile
from journal import dates


class EndOfDay(Func):
    """The midnight that ends the day of an instant, in Paris, as `Event.over_at` counts it."""

    template = (
        f"((date_trunc('day', %(expressions)s AT TIME ZONE '{settings.TIME_ZONE}') + interval '1 day')"
        f" AT TIME ZONE '{settings.TIME_ZONE}')"
    )
    output_field = models.DateTimeField()


class EventQuerySet(models.QuerySet):
    def public(self):
        """Those published or since cancelled; never one that would give away a call in preparation."""
        known = Q(call__state__in=[Call.State.PUBLISHED, Call.State.ARCHIVED], call__published_at__lte=Now())
        return self.exclude(state=Event.State.DRAFT).filter(Q(call=None) | known, fund__rehearsal=False)

    def followed_by(self, user):
        """Those of the funds whose secretariat or audit this person belongs to."""
        return self.filter(
            Exists(FundRole.objects.filter(fund=OuterRef("fund"), user=user, role__in=FundRole.READERS))
        )

    def visible_to(self, user):
        seen = Q(pk__in=Event.objects.public())
        if user.is_authenticated:
            seen |= Q(pk__in=Event.objects.followed_by(user))
        return self.filter(seen)

    def to_come(self):
        """Not over yet, the next one first."""
        return self.with_end().filter(last_instant__gt=Now()).order_by("starts_at", "id")

    def past(self):
        """Over, the last one first."""
        return self.with_end().filter(last_instant__lte=Now()).order_by("-starts_at", "-id")

    def with_end(self):
        """`Event.over_at`, by the database."""
        return self.annotate(last_instant=Coalesce("ends_at", EndOfDay("starts_at")))


class Event(models.Model):
    """A meeting of a fund, in a place, online or both; then its report, published apart."""

    class Kind(models.TextChoices):
        INFORMATION = "information", "réunion d’information"
        EXCHANGE = "exchange", "journée d’échanges"

    class State(models.TextChoices):
        DRAFT = "draft", "en préparation"
        PUBLISHED = "published", "publié"
        CANCELLED = "cancelled", "annulé"

    class Audience(models.TextChoices):
        OPEN = "open", "ouverte à tous"
        AGENTS = "agents", "réservée aux agents publics"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="events", verbose_name="fonds")
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="appel à projets"
    )
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.INFORMATION)
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField("titre", max_length=200)
    summary = models.TextField("présentation", max_length=3000, blank=True)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin", null=True, blank=True)
    hours_known = models.BooleanField("horaires connus", default=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    address = models.CharField("adresse", max_length=300, blank=True)
    online_link = models.URLField(
        "lien de connexion",
        max_length=500,
        blank=True,
        help_text="Donné aux seules personnes inscrites.",
    )
    programme = models.JSONField("programme", default=list, blank=True)
    audience = models.CharField("inscription", max_length=10, choices=Audience, default=Audience.OPEN)
    capacity = models.PositiveIntegerField(
        "nombre de places",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text="Vide : sans limite.",
    )
    registration_until = models.DateTimeField("inscriptions jusqu’au", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now())
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    cancellation_reason = models.TextField("motif de l’annulation", max_length=2000, blank=True)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    fictitious = models.BooleanField("fictif", default=False)
    sources = models.JSONField("sources", default=list, blank=True)
    report_text = models.TextField("compte rendu", max_length=50_000, blank=True)
    quotes = models.JSONField("citations", default=list, blank=True)
    pitches = models.JSONField("présentations de projets", default=list, blank=True)
    report_published_at = models.DateTimeField("compte rendu publié le", null=True, blank=True)
    search = models.GeneratedField(
        expression=search.vector(
            ("title", "A"),
            ("summary", "B"),
            # A report in preparation is found by nobody.
            (
                Case(
                    When(report_published_at__isnull=False, then=F("report_text")),
                    default=Value(""),
                    output_field=models.TextField(),
                ),
                "C",
            ),
        )
        + search.ValuesVector("programme", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="event_published_has_a_date"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(hours_known=True) | Q(ends_at__isnull=True), name="event_without_hours_has_no_end"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancellation_reason=""),
                name="event_cancelled_has_a_reason",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="event_search"),
            models.Index(fields=["state", "-starts_at"], name="event_by_date"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("calls:event", args=[self.slug])

    @property
    def when_text(self):
        """« 15 février 2018, de 14:30 à 16:30 »; hours that no source gives are said to be unknown."""
        start, end = localtime(self.starts_at), self.ends_at and localtime(self.ends_at)
        day = dates.day(start)
        if not self.hours_known:
            return f"{day} (horaires non communiqués)"
        if not end:
            return f"{day} à {start:%H:%M}"
        if end.date() != start.date():
            return f"du {day} à {start:%H:%M} au {dates.day(end)} à {end:%H:%M}"
        return f"{day}, de {start:%H:%M} à {end:%H:%M}"

    @property
    def where_text(self):
        place = ", ".join(filter(None, [self.place, self.address]))
        online = "en ligne" if self.online_link else ""
        return " et ".join(filter(None, [place, online])) or "non communiqué"

    @property
    def registration_closes_at(self):
        """The instant from which it is too late to register: never later than its beginning."""
        return min(self.registration_until or self.begins_at, self.begins_at)

    @property
    def begins_at(self):
        """The instant from which one can no longer join or leave: without known hours, the end of its day."""
        return self.starts_at if self.hours_known else self.over_at

    @property
    def over_at(self):
        """The instant from which it is past: its end or, where none is known, that of its day in Paris."""
        if self.ends_at:
            return self.ends_at
        return make_aware(datetime.combine(localtime(self.starts_at).date() + timedelta(days=1), time(0)))


class EventFile(models.Model):
    """A picture of a report, told to those who do not see it, or a document shown that day."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "image"
        DOCUMENT = "document", "support ou document"

    event = models.ForeignKey(Event, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    title = models.CharField("titre", max_length=160, blank=True)
    alternative = models.CharField("texte de remplacement", max_length=500, blank=True)
    credit = models.CharField("crédit", max_length=160, blank=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "fichier d’un compte rendu"
        ordering = ["event", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="picture") | (~Q(alternative="") & ~Q(credit="")),
                name="event_picture_is_described_and_credited",
            ),
            models.CheckConstraint(
                condition=~Q(kind="document") | ~Q(title=""), name="event_document_has_a_title"
            ),
        ]

    def __str__(self):
        return self.title or self.alternative

    @property
    def format(self):
        return self.name.rpartition(".")[2].upper()


class RegistrationQuerySet(models.QuerySet):
    def seated(self):
        return self.filter(state=Registration.State.SEATED)

    def waiting(self):
        """In the order in which they came."""
        return self.filter(state=Registration.State.WAITING).order_by("registered_at", "id")

    def standing(self):
        return self.exclude(state=Registration.State.CANCELLED)


class Registration(models.Model):
    """Someone's place at an event, or on its waiting list. The key of its address is the only proof of who it is."""

    class State(models.TextChoices):
        SEATED = "seated", "inscrite"
        WAITING = "waiting", "sur liste d’attente"
        CANCELLED = "cancelled", "annulée"

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations")
    key = models.CharField(max_length=43, unique=True, default=new_key)
    name = models.CharField("nom", max_length=150)
    body = models.CharField("organisme", max_length=200, blank=True)
    email = models.EmailField("adresse électronique")
    state = models.CharField("état", max_length=10, choices=State, default=State.SEATED)
    registered_at = models.DateTimeField("inscrite le", db_default=Now())
    told_at = models.DateTimeField("prévenue le", db_default=Now())
    attended = models.BooleanField("présente", null=True, blank=True)
    fictitious = models.BooleanField("fictif", default=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["event", "registered_at", "id"]
        constraints = [
            models.UniqueConstraint(F("event"), Lower("email"), name="registered_once"),
        ]
        indexes = [models.Index(fields=["event", "state", "registered_at", "id"], name="registration_queue")]

    def __str__(self):
        return f"inscription {self.pk}"

    def get_absolute_url(self):
        return reverse("calls:registration", args=[self.key])

    def rank(self):
        """How many wait up to this one, itself included."""
        earlier = Q(registered_at__lt=self.registered_at) | Q(
            registered_at=self.registered_at, pk__lte=self.pk
        )
        return self.event.registrations.waiting().filter(earlier).count()
