"""What narrows and sorts the public list of calls."""

import django_filters
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce, Lower

from accounts.models import Organisation
from calls import search
from calls.filters import PublicFilterSet
from calls.models import LATEST_FIRST, Call, CarrierRule, Fund
from calls.money import AmountField

STATES = {"ouvert": "open", "a-venir": "upcoming", "clos": "closed"}
STATE_LABELS = [("ouvert", "Ouverts"), ("a-venir", "À venir"), ("clos", "Clos")]
# By deadline: the nearest deadline first, then the nearest opening, then the latest that closed.
BY_DEADLINE = {"open": ("closes_at", "id"), "upcoming": ("opens_at", "id"), "closed": LATEST_FIRST}
SORTS = {
    "ouverture": (F("opens_at").desc(nulls_last=True), F("id").desc()),
    "titre": (Lower(Func("title", function="unaccent")), "id"),  # as in a dictionary, whatever the collation
}
SORT_LABELS = [("ouverture", "Date d’ouverture"), ("titre", "Titre")]


def funds():
    return Fund.objects.public().values_list("slug", "code")


def years():
    found = Call.objects.public().exclude(year=None).order_by("-year").values_list("year", flat=True)
    return [(str(year), str(year)) for year in found.distinct()]


class AmountFilter(django_filters.Filter):
    field_class = AmountField


class CallFilterSet(PublicFilterSet):
    """The public list of calls. A call that does not say who may apply, or for how much, is never left out for it."""

    sorting = ("tri",)

    q = django_filters.CharFilter(label="Recherche", method="matching", max_length=200)
    etat = django_filters.ChoiceFilter(
        label="État", choices=STATE_LABELS, method="in_state", empty_label="Tous les états"
    )
    fonds = django_filters.ChoiceFilter(
        label="Fonds", choices=funds, field_name="fund__slug", empty_label="Tous les fonds"
    )
    annee = django_filters.ChoiceFilter(
        label="Année", choices=years, field_name="year", empty_label="Toutes les années"
    )
    porteur = django_filters.ChoiceFilter(
        label="Nature du porteur",
        choices=Organisation.Kind.choices,
        method="naming",
        empty_label="Toutes les natures",
    )
    montant = AmountFilter(label="Mon projet demande (en €)", method="accepting")
    tri = django_filters.ChoiceFilter(
        label="Trier par", choices=SORT_LABELS, method="unchanged", empty_label="Date limite"
    )

    def matching(self, calls, name, text):
        return calls.filter(search=search.query(text))

    def in_state(self, calls, name, state):
        return getattr(calls, STATES[state])()

    def naming(self, calls, name, kind):
        rules = CarrierRule.objects.filter(call=OuterRef("pk"))
        return calls.filter(Exists(rules.filter(kind=kind)) | ~Exists(rules))

    def accepting(self, calls, name, amount):
        """The calls whose amounts hold this one, for the chosen kind or for any; an unknown bound holds all."""
        rules = CarrierRule.objects.filter(call=OuterRef("pk"))
        if kind := self.values.get("porteur"):
            rules = rules.filter(kind=kind)
        fitting = rules.alias(
            low=Coalesce("threshold", "call__threshold"), high=Coalesce("ceiling", "call__ceiling")
        ).filter(Q(low=None) | Q(low__lte=amount), Q(high=None) | Q(high__gte=amount))
        own = Q(threshold=None) | Q(threshold__lte=amount)
        own &= Q(ceiling=None) | Q(ceiling__gte=amount)
        return calls.filter(Exists(fitting) | ~Exists(rules) & own)

    def unchanged(self, calls, name, value):
        return calls

    def ordered(self):
        """Querysets to be read one after the other, each in its own order."""
        calls = self.qs.select_related("fund")
        if sort := self.values.get("tri"):
            return [calls.order_by(*SORTS[sort])]
        if state := self.values.get("etat"):
            return [calls.order_by(*BY_DEADLINE[STATES[state]])]
        return [getattr(calls, state)().order_by(*order) for state, order in BY_DEADLINE.items()]
