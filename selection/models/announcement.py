"""What the public is told, and when."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Greatest, Now
from django.urls import reverse

from accounts.models import Organisation, User
from applications.models import Application, barred_to
from calls import search
from calls.models import Call, Fund, FundRole, Theme
from calls.money import published_amount
from selection.models.instruction import Case


class AnnouncementQuerySet(models.QuerySet):
    def public(self):
        """Those whose minute has come by the database's clock; nothing has to run at that moment."""
        return self.filter(
            state=Announcement.State.SCHEDULED, publish_at__lte=Now(), call__fund__rehearsal=False
        )

    def visible_to(self, user):
        """Public ones for everyone; the secretariat and the audit of the fund also see those to come.

        But for who is barred from a dossier that one announces: until its minute, it does not exist for them.
        """
        return self.filter(
            Q(pk__in=self.model.objects.public()) | Q(pk__in=self.model.objects.followed_by(user))
        )

    def followed_by(self, user):
        """Those that someone of the secretariat or the audit of the fund sees before their minute."""
        if not user.is_authenticated:
            return self.none()
        roles = FundRole.objects.filter(fund=OuterRef("call__fund"), user=user).exclude(role="operator")
        barred = Application.objects.filter(pk__in=barred_to(user))
        # A withdrawn announcement no longer says of which dossier: of what its body filed for this call, then.
        filed = barred.filter(call=OuterRef("call"), organisation=OuterRef("organisation"))
        kept_from = Q(case__application__in=barred) | Q(Exists(filed), case=None)
        theirs = Laureate.objects.filter(kept_from, announcement=OuterRef("pk"))
        return self.filter(Exists(roles), ~Exists(theirs))

    def with_last_change(self):
        """Each with `changed_at`: its minute, or that of the last change told of it since."""
        told = LaureateChange.objects.told().filter(laureate__announcement=OuterRef("pk"))
        told = told.order_by("-publish_at").values("publish_at")[:1]
        return self.annotate(changed_at=Greatest("publish_at", Subquery(told)))


class Announcement(models.Model):
    """Laureates made public at a given minute, with their press kit."""

    class State(models.TextChoices):
        DRAFT = "draft", "en préparation"
        VALIDATED = "validated", "validée"
        SCHEDULED = "scheduled", "programmée"
        WITHDRAWN = "withdrawn", "retirée"

    call = models.ForeignKey(Call, models.PROTECT, related_name="announcements", verbose_name="appel")
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField("titre", max_length=200)
    introduction = models.TextField("introduction", blank=True)
    quotes = models.JSONField("citations", default=list, db_default=[], blank=True)  # {"text", "author"}
    contacts = models.JSONField("contacts presse", default=list, db_default=[], blank=True)  # {"role", …}
    figures = models.JSONField("chiffres choisis", default=list, db_default=[], blank=True)  # keys
    publish_at = models.DateTimeField("publication", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    fictitious = models.BooleanField("fictif", default=False)
    search = models.GeneratedField(
        expression=search.vector(("title", "A"), ("introduction", "B")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = "annonce"
        ordering = ["-publish_at", "-id"]
        indexes = [GinIndex(fields=["search"], name="announcement_search")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False),
                name="announcement_scheduled_has_a_time",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("selection:announcement", args=[self.slug])


# The latest first; of one year in the order of names, accents and capitals set aside.
BY_YEAR = (F("year").desc(nulls_last=True), F("sort_key"), F("id"))


class LaureateQuerySet(models.QuerySet):
    def public(self):
        """History imported from public sources, and what announcements have made public."""
        announced = Q(announcement=None) | Q(announcement__in=Announcement.objects.public())
        return self.listed().filter(announced).exclude(fund__in=Fund.objects.filter(rehearsal=True))

    def listed(self):
        """Without those that are to join an announcement, until the minute when that is told."""
        joining = LaureateChange.objects.filter(kind=LaureateChange.Kind.JOINED)
        return self.exclude(
            pk__in=joining.filter(Q(publish_at=None) | Q(publish_at__gt=Now())).values("laureate")
        )

    def named_at_first(self):
        """Those that their announcement named at its minute, whatever became of them: without who joined since."""
        joined = LaureateChange.objects.filter(kind=LaureateChange.Kind.JOINED)
        return self.exclude(pk__in=joined.values("laureate"))

    def counted(self):
        """Those that totals add up: without who gave up, from the minute when that is told."""
        gone = LaureateChange.objects.told().filter(kind=LaureateChange.Kind.WITHDREW)
        return self.exclude(pk__in=gone.values("laureate"))

    def with_changes(self):
        """Each with `withdrew_on` and `joined_on`: the day it gave up, or came from the reserve list, once told."""
        told = LaureateChange.objects.told().filter(laureate=OuterRef("pk"))
        days = {
            "withdrew_on": told.filter(kind=LaureateChange.Kind.WITHDREW),
            "joined_on": told.filter(kind=LaureateChange.Kind.JOINED),
        }
        return self.annotate(**{name: Subquery(found.values("on")[:1]) for name, found in days.items()})

    def to_confirm(self):
        """Those that the sources call laureates without proving it."""
        return self.filter(facts__status=Laureate.TO_CONFIRM)

    def visible_to(self, user):
        """Public ones, those of a fund without an announcement, and what one follows of those to come."""
        listed = Q(pk__in=self.model.objects.listed())
        announced = Q(announcement=None) | Q(announcement__in=Announcement.objects.public())
        return self.filter(
            listed & announced | Q(announcement__in=Announcement.objects.followed_by(user)),
        )


class Laureate(models.Model):
    """A funded project as the public knows it. It may stand without an application: past calls are imported facts."""

    class Qualifier(models.TextChoices):
        EXACT = "", "exact"
        OFFICIAL = "official", "publié par l’État"
        SENATE = "senate", "rapport du Sénat"
        PRESS = "press", "presse"
        REPOSITORY = "repository", "dépôt public"
        APPROX = "approx", "environ"
        MORE_THAN = "more_than", "plus de"
        FLAT = "per_project_rule", "forfait de l’appel"

    # What stands for the amount itself; the press rounds, and the flat rate of a call is not an agreement's amount.
    EXACT = {Qualifier.EXACT, Qualifier.OFFICIAL}
    # The status of a project whose sources do not prove that it is a laureate.
    TO_CONFIRM = "à confirmer"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="laureates")
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="laureates")
    announcement = models.ForeignKey(
        Announcement, models.PROTECT, null=True, blank=True, related_name="laureates"
    )
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="laureate")
    slug = models.SlugField(unique=True, max_length=100)
    name = models.CharField("projet", max_length=200)
    carrier = models.CharField("porteur", max_length=200, blank=True)
    ministry = models.CharField("ministère", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    short_text = models.CharField("en bref", max_length=300, blank=True, db_default="")
    summary = models.TextField("présentation", blank=True)
    contact = models.CharField("contact public", max_length=200, blank=True, db_default="")
    amount = models.DecimalField("subvention", max_digits=14, decimal_places=2, null=True, blank=True)
    amount_qualifier = models.CharField("valeur du montant", max_length=20, choices=Qualifier, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisme porteur",
    )
    partners = models.TextField("partenaires", blank=True)
    location = models.CharField("lieu", max_length=200, blank=True)
    themes = models.ManyToManyField(Theme, verbose_name="thèmes", blank=True)
    total_cost = models.DecimalField("coût total", max_digits=14, decimal_places=2, null=True, blank=True)
    expected_savings = models.DecimalField(
        "économies attendues", max_digits=14, decimal_places=2, null=True, blank=True
    )
    duration_months = models.PositiveSmallIntegerField("durée (mois)", null=True, blank=True)
    links = models.JSONField("liens", default=list, blank=True)
    facts = models.JSONField("autres faits publiés", default=dict, blank=True)
    # What the open data of subsidies asks for besides; unknown for the history imported.
    agreement_signed_on = models.DateField("convention signée le", null=True, blank=True)
    payment_conditions = models.CharField("conditions de versement", max_length=256, blank=True)
    payments_from = models.DateField("premier versement", null=True, blank=True)
    payments_until = models.DateField("dernier versement", null=True, blank=True)
    eu_notified = models.BooleanField("notifiée à l’Union européenne", null=True, blank=True)
    fictitious = models.BooleanField("fictif", default=False)
    sources = models.JSONField("sources", default=list, blank=True)
    sort_key = models.GeneratedField(
        expression=Func("name", function="portal_sort_key"),
        output_field=models.TextField(),
        db_persist=True,
    )
    carrier_search = models.GeneratedField(
        expression=search.vector(("carrier", "A")), output_field=SearchVectorField(), db_persist=True
    )
    search = models.GeneratedField(
        expression=search.vector(("name", "A"), ("carrier", "A"), ("ministry", "B"), ("summary", "C")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = LaureateQuerySet.as_manager()

    class Meta:
        verbose_name = "lauréat"
        ordering = BY_YEAR
        indexes = [
            models.Index(*BY_YEAR, name="laureate_by_year"),
            models.Index(F("fund"), *BY_YEAR, name="laureate_by_fund"),
            models.Index(F("ministry"), *BY_YEAR, name="laureate_by_ministry"),
            models.Index(
                F("amount").desc(nulls_last=True), F("sort_key"), F("id"), name="laureate_by_amount"
            ),
            models.Index(fields=["sort_key", "id"], name="laureate_by_name"),
            models.Index(fields=["carrier"], name="laureate_by_carrier"),
            GinIndex(fields=["search"], name="laureate_search"),
            GinIndex(fields=["carrier_search"], name="laureate_carrier_search"),
            # What the figures add up, so that they never read the table itself.
            models.Index(
                fields=["fund", "year", "ministry"],
                include=["id", "amount", "amount_qualifier", "fictitious", "announcement"],
                name="laureate_figures",
            ),
            models.Index(
                fields=["fund"], name="laureate_to_confirm", condition=Q(facts__status="à confirmer")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("selection:laureate", args=[self.slug])

    @property
    def is_to_confirm(self):
        return self.facts.get("status") == Laureate.TO_CONFIRM

    @property
    def amount_text(self):
        """The amount with what its source says of it, so that a lower bound is never read as the amount."""
        return published_amount(self.amount, self.amount_qualifier)


class LaureateChangeQuerySet(models.QuerySet):
    def told(self):
        """Those whose minute has come by the database's clock."""
        return self.filter(publish_at__lte=Now())

    def public(self):
        return self.told().filter(laureate__in=Laureate.objects.public())


class LaureateChange(models.Model):
    """What changed of a laureate after its announcement: prepared by one, told by a head, public at its minute."""

    class Kind(models.TextChoices):
        WITHDREW = "withdrew", "désistement"
        JOINED = "joined", "reprise de la liste complémentaire"

    laureate = models.ForeignKey(Laureate, models.PROTECT, related_name="changes")
    kind = models.CharField("changement", max_length=10, choices=Kind)
    on = models.DateField("le")
    text = models.TextField("texte public", max_length=1000)
    publish_at = models.DateTimeField("publication", null=True, blank=True)
    prepared_at = models.DateTimeField(db_default=Now())
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LaureateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "changement après l’annonce"
        verbose_name_plural = "changements après l’annonce"
        ordering = ["-publish_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["laureate", "kind"], name="laureate_change_once"),
            models.CheckConstraint(condition=~Q(text=""), name="laureate_change_is_told"),
            models.CheckConstraint(
                condition=Q(publish_at=None, approved_at=None, approved_by=None)
                | Q(publish_at__isnull=False, approved_at__isnull=False, approved_by__isnull=False),
                name="laureate_change_published_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} : {self.laureate}"
