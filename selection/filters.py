"""What narrows and sorts the public lists of laureates and announcements."""

import re

from django import forms
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.functional import cached_property
from django_filters import CharFilter, ChoiceFilter

from calls import search
from calls.filters import AmountFilter, FilterForm, PublicFilterSet
from calls.models import LATEST_FIRST, Call, Fund, Theme
from selection.distinct import distinct
from selection.models import Announcement, Laureate

MOST_CALLS = 50
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")
SORTS = {
    "montant": ("Montant, le plus élevé d’abord", (F("amount").desc(nulls_last=True), "sort_key", "id")),
    "nom": ("Nom du projet", ("sort_key", "id")),
}
VIEWS = {"cartes": "Cartes", "tableau": "Tableau"}


class ChosenFilterSet(PublicFilterSet):
    """A filter set whose `choices`, by filter, are read once: each way to ask for them again would be a query."""

    def get_form_class(self):
        for name, choices in self.choices.items():
            self.filters[name].extra["choices"] = choices
        return super().get_form_class()


class LaureateFilterForm(FilterForm):
    """A ceiling under the floor would leave nothing: it is ignored, and said to be."""

    def clean(self):
        data = super().clean()
        low, high = data.get("montant_min"), data.get("montant_max")
        if low is not None and high is not None and low > high:
            self.add_error("montant_max", "Le montant maximal est inférieur au montant minimal.")
        return data


class LaureateFilterSet(ChosenFilterSet):
    """The public list of laureates. What is chosen by slug is looked up by the database, so that its index serves."""

    class Meta:
        form = LaureateFilterForm

    sorting = ("tri", "vue")

    q = CharFilter(label="Mots à chercher", method="matching", max_length=200)
    fonds = ChoiceFilter(label="Fonds", empty_label="Tous les fonds", method="of_fund")
    appel = ChoiceFilter(label="Appel à projets", empty_label="Tous les appels", method="of_call")
    annee = ChoiceFilter(label="Année", empty_label="Toutes les années", field_name="year")
    ministere = ChoiceFilter(label="Ministère", empty_label="Tous les ministères", field_name="ministry")
    porteur = CharFilter(label="Porteur", method="carried_by", max_length=200)
    theme = ChoiceFilter(label="Thème", empty_label="Tous les thèmes", method="of_theme")
    montant_min = AmountFilter(label="Montant minimal (€)", field_name="amount", lookup_expr="gte")
    montant_max = AmountFilter(label="Montant maximal (€)", field_name="amount", lookup_expr="lte")
    tri = ChoiceFilter(
        label="Trier par",
        empty_label="Année, la plus récente d’abord",
        choices=[(key, label) for key, (label, _) in SORTS.items()],
        method="sorted_by",
    )
    vue = ChoiceFilter(
        label="Présentation", choices=list(VIEWS.items()), method="unchanged", widget=forms.HiddenInput
    )

    @cached_property
    def choices(self):
        """Only what public laureates have: a choice would else betray one that is under embargo."""
        public = Laureate.objects.public()
        funds = Fund.objects.public().filter(Exists(public.filter(fund=OuterRef("pk"))))
        themes = Theme.objects.filter(Exists(public.filter(themes=OuterRef("pk"))))
        return {
            "fonds": list(funds.values_list("slug", "code")),
            "appel": self._calls(public),
            "annee": [(str(year), str(year)) for year in distinct(public, "year", descending=True)],
            "ministere": [(name, name) for name in distinct(public, "ministry")],
            "theme": list(themes.values_list("slug", "label")),
        }

    def _calls(self, public):
        """The latest calls with laureates; an older one may still be asked for by address."""
        calls = Call.objects.public().filter(Exists(public.filter(call=OuterRef("pk"))))
        found = set(calls.order_by(*LATEST_FIRST).values_list("slug", "title")[:MOST_CALLS])
        asked = self.data.get("appel", "")
        if len(found) == MOST_CALLS and SLUG.fullmatch(asked):
            found |= set(calls.filter(slug=asked).values_list("slug", "title"))
        return sorted(found, key=lambda choice: choice[1])

    def matching(self, laureates, name, words):
        return laureates.filter(search=search.query(words))

    def carried_by(self, laureates, name, words):
        return laureates.filter(carrier_search=search.query(words))

    def of_fund(self, laureates, name, slug):
        return laureates.filter(fund=pk_of(Fund, slug))

    def of_call(self, laureates, name, slug):
        return laureates.filter(call=pk_of(Call, slug))

    def of_theme(self, laureates, name, slug):
        return laureates.filter(themes=pk_of(Theme, slug))

    def sorted_by(self, laureates, name, key):
        return laureates.order_by(*SORTS[key][1])


def pk_of(model, slug):
    return Subquery(model.objects.filter(slug=slug).values("pk"))


class AnnouncementFilterSet(ChosenFilterSet):
    """The public list of announcements."""

    fonds = ChoiceFilter(label="Fonds", empty_label="Tous les fonds", field_name="call__fund__slug")
    annee = ChoiceFilter(label="Année", empty_label="Toutes les années", field_name="publish_at__year")

    @cached_property
    def choices(self):
        public = Announcement.objects.public()
        funds = Fund.objects.public().filter(Exists(public.filter(call__fund=OuterRef("pk"))))
        years = [str(day.year) for day in public.datetimes("publish_at", "year", order="DESC")]
        return {
            "fonds": list(funds.values_list("slug", "code")),
            "annee": [(year, year) for year in years],
        }
