"""What narrows and sorts the public list of calls."""

import django_filters
from django.db.models import CharField, DecimalField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from accounts.models import Organisation
from calls import search
from calls.filters import AmountFilter, PublicFilterSet
from calls.models import LATEST_FIRST, Call, CarrierRule, Fund

UNSEEN = ("search", "description", "sources")  # long columns that no row of a list shows
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
    """From the latest year of a call to the first: both are read off an index."""
    known = Call.objects.public().exclude(year=None).values_list("year", flat=True)
    latest = known.order_by(F("year").desc(nulls_last=True)).first()
    first = known.order_by(F("year").asc(nulls_first=True)).first()
    return [(str(year), str(year)) for year in range(latest, first - 1, -1)] if latest else []


class CallFilterSet(PublicFilterSet):
    """The public list of calls. A call that does not say who may apply, or for how much, is never left out for it."""

    sorting = ("tri",)

    q = django_filters.CharFilter(label="Mots à chercher", method="matching", max_length=200)
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
        """The calls that name this kind, and those that may accept it: the sources of a past call exclude nobody."""
        rules = CarrierRule.objects.filter(call=OuterRef("pk"))
        return calls.filter(Exists(rules.filter(kind=kind)) | ~Exists(rules) | Q(imported=True))

    def accepting(self, calls, name, amount):
        """The calls whose amounts hold this grant, for the chosen kind or for any; an unknown bound holds all.

        A threshold on a cost proves nothing against a grant, which may be a small part of it; a ceiling always does.
        """
        rules = CarrierRule.objects.filter(call=OuterRef("pk"))
        if kind := self.values.get("porteur"):
            rules = rules.filter(kind=kind)
        holding = rules.alias(
            low=Coalesce("threshold", OuterRef("threshold"), output_field=DecimalField()),
            high=Coalesce("ceiling", OuterRef("ceiling"), output_field=DecimalField()),
            bearing=Coalesce(NullIf("base", Value("")), OuterRef("threshold_base"), output_field=CharField()),
        ).filter(
            Q(high=None) | Q(high__gte=amount),
            Q(low=None) | Q(low__lte=amount) | ~Q(bearing=Call.Base.GRANT),
        )
        own = ~Q(threshold_base=Call.Base.GRANT) | Q(threshold=None) | Q(threshold__lte=amount)
        own &= Q(ceiling=None) | Q(ceiling__gte=amount)
        return calls.filter(Exists(holding) | ~Exists(rules) & own)

    def ordered(self):
        """Querysets to be read one after the other, each in its own order."""
        calls = self.qs.select_related("fund").defer(*UNSEEN)
        if sort := self.values.get("tri"):
            return [calls.order_by(*SORTS[sort])]
        if state := self.values.get("etat"):
            return [calls.order_by(*BY_DEADLINE[STATES[state]])]
        return [getattr(calls, state)().order_by(*order) for state, order in BY_DEADLINE.items()]
