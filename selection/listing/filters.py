"""What narrows, sorts and presents the list of filed dossiers, as its address says it."""

from urllib.parse import urlencode

from django import forms
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django_filters import CharFilter, ChoiceFilter, MultipleChoiceFilter

from accounts.models import Organisation, User
from applications import exchanges
from applications.models import Application
from calls import search
from calls.filters import AmountFilter, FilterForm
from calls.models import FundRole, Theme
from selection.dashboard import LATE_OPINION, OPEN, PROPOSED, UNFINISHED_REVIEWS
from selection.filters import ChosenFilterSet
from selection.listing import columns
from selection.listing.order import ORDERS
from selection.models import Case, Label, Review

OFFICERS = [("moi", "Moi"), ("personne", "Personne"), ("quelqu-un", "Quelqu’un")]
OPINIONS = {
    "manquants": ("Manquants", Q(opinions_received__lt=F("opinions_asked"))),
    "en-retard": ("En retard", LATE_OPINION),
    "recus": ("Tous reçus", Q(opinions_asked__gt=0, opinions_received__gte=F("opinions_asked"))),
    "aucun": ("Aucun demandé", Q(opinions_asked=0)),
}
REVIEWS = {
    "inachevees": ("Inachevées", UNFINISHED_REVIEWS),
    "terminees": ("Toutes terminées", Q(reviews_asked__gt=0, reviews_finished__gte=F("reviews_asked"))),
    "aucune": ("Aucune confiée", Q(reviews_asked=0)),
}
WAITING = {
    "instruction": ("La fin de leur instruction", OPEN),
    "message": ("Une réponse à un message", None),
    "irrecevabilite": ("L’accord sur une irrecevabilité", PROPOSED),
}
# What the list was once asked for otherwise → how it is now; views that were kept still say it so.
FORMER = {
    "agent": {"attend": "instruction", "agent": "personne"},
    "avis": {"avis": "en-retard"},
    "evaluation": {"evaluation": "inachevees"},
    "signalement": {"attend": "instruction", "alertes": "ouvertes"},
}
BOUNDS = [("montant_min", "montant_max"), ("note_min", "note_max")]


class ListForm(FilterForm):
    """A ceiling under its floor would leave nothing: it is ignored, and said to be."""

    def clean(self):
        data = super().clean()
        for low, high in BOUNDS:
            if data.get(low) is not None and data.get(high) is not None and data[low] > data[high]:
                self.add_error(high, "Le maximum est inférieur au minimum.")
        return data


def as_now(data):
    """What an address asks for, in the words that the list has now; what it says besides wins."""
    now = FORMER.get(data.get("attend"))
    if not now:
        return data
    data = data.copy()
    del data["attend"]
    for name, value in now.items():
        data.setdefault(name, value)
    return data


class ColumnsFilter(MultipleChoiceFilter):
    """Ticked as the table is when the address does not say: `shown` is set by the filter set."""

    class field_class(MultipleChoiceFilter.field_class):
        shown = ()

        def bound_data(self, data, initial):
            return data or self.shown


def choice(label, empty, **extra):
    return ChoiceFilter(label=label, empty_label=empty, **extra)


def labels_of(choices):
    return [(key, label) for key, (label, _) in choices.items()]


class CaseFilterSet(ChosenFilterSet):
    """The list of what someone reads. The choices are those of their funds; « moi » is whoever looks."""

    class Meta:
        form = ListForm

    sorting = ("tri", "col")
    first = ("q", "appel", "etat", "agent", "attend")  # in sight; the others are folded

    q = CharFilter(label="Mots des réponses et des pièces", method="matching", max_length=200)
    appel = choice("Appel", "Tous les appels", method="of_call")
    etat = choice("État", "Tous les états", choices=Case.State.choices, field_name="state")
    agent = choice("Agent chargé", "Tous", method="dealt_with_by")
    evaluation = choice("Évaluations", "Toutes", method="reviewed")
    avis = choice("Avis", "Tous", choices=labels_of(OPINIONS), method="with_opinions")
    alertes = choice(
        "Alertes",
        "Toutes",
        choices=[("ouvertes", "Ouvertes"), ("aucune", "Aucune ouverte")],
        method="flagged",
    )
    attend = choice("Ce qu’ils attendent", "Tout", choices=labels_of(WAITING), method="waiting")
    etiquette = choice("Étiquette", "Toutes", method="labelled")
    ministere = choice("Ministère", "Tous les ministères", field_name="ministry")
    porteur = choice(
        "Nature du porteur", "Toutes", choices=Organisation.Kind.choices, field_name="carrier_kind"
    )
    theme = choice("Thème", "Tous les thèmes", method="about")
    montant_min = AmountFilter(
        label="Subvention minimale (€)", field_name="requested_grant", lookup_expr="gte"
    )
    montant_max = AmountFilter(
        label="Subvention maximale (€)", field_name="requested_grant", lookup_expr="lte"
    )
    note_min = AmountFilter(label="Note minimale", field_name="seen_score", lookup_expr="gte")
    note_max = AmountFilter(label="Note maximale", field_name="seen_score", lookup_expr="lte")
    tri = ChoiceFilter(
        label="Trier par",
        choices=[(key, order.label) for key, order in list(ORDERS.items())[1:]],
        empty_label=ORDERS["depot"].label,
        method="unchanged",
    )
    col = ColumnsFilter(
        label="Colonnes",
        choices=[(column.key, column.label) for column in columns.COLUMNS.values()],
        widget=forms.CheckboxSelectMultiple,
        method="unchanged",
    )

    def __init__(self, data, reach, *, columns_kept=()):
        self.reach = reach
        self.columns_kept = [key for key in columns_kept if key in columns.COLUMNS]
        super().__init__(as_now(data), reach.cases())

    @cached_property
    def choices(self):
        """Those of the person's funds, in one query; what belongs to no fund is the same for all."""
        found = {"etiquette": [], "theme": [], "ministere": [], "agent": []}
        funds = list(self.reach.roles)
        labels = Label.objects.filter(fund__in=funds)
        ministries = Organisation.objects.filter(kind=Organisation.Kind.MINISTRY)
        roles = FundRole.objects.filter(fund__in=funds, role__in=FundRole.SECRETARIAT)
        officers = User.objects.filter(pk__in=roles.values("user"))
        parts = [
            _named("etiquette", labels, "name"),
            _named("theme", Theme.objects.all(), "label"),
            _named("ministere", ministries, "name"),
            _named("agent", officers, "name"),
        ]
        for kind, pk, label in parts[0].union(*parts[1:], all=True):
            found[kind].append((str(pk), label))
        self.theme_labels = dict(found["theme"])
        return {kind: sorted(each, key=lambda choice: choice[1]) for kind, each in found.items()} | {
            "appel": [(call.slug, call.title) for call in self.reach.calls],
            "agent": OFFICERS + [each for each in found["agent"] if each[0] != str(self.reach.user.pk)],
            "evaluation": [("moi", "À terminer par moi"), *labels_of(REVIEWS)],
        }

    @property
    def order(self):
        return self.values.get("tri", "depot")

    @property
    def columns(self):
        return self.values.get("col") or self.columns_kept or columns.DEFAULT

    @property
    def parts(self):
        """The fields of the form: in sight, folded (and how many of these are in use), then how the list is shown."""
        self.form.fields["col"].shown = self.columns
        folded = [name for name in self.form.fields if name not in self.first + self.sorting]
        return {
            "first": [self.form[name] for name in self.first],
            "folded": [self.form[name] for name in folded],
            "used": sum(name in self.values for name in folded),
            "shown": [self.form[name] for name in self.sorting],
        }

    @property
    def narrowed_by(self):
        """What narrows the list, without how it is shown."""
        return urlencode({name: self.data[name] for name in self.values if name not in self.sorting})

    @property
    def call(self):
        """The call that was chosen, or None."""
        return next((call for call in self.reach.calls if call.slug == self.values.get("appel")), None)

    def query_without(self, name):
        kept = {each: self.data.getlist(each) for each in self.values if each != name}
        return urlencode(
            {each: value if each == "col" else value[-1] for each, value in kept.items()}, doseq=True
        )

    def matching(self, cases, name, text):
        query = search.query(text)
        return cases.filter(Q(search=query) | Q(files_search=query))

    def of_call(self, cases, name, slug):
        return cases.filter(call=next(call.pk for call in self.reach.calls if call.slug == slug))

    def dealt_with_by(self, cases, name, value):
        if value in ("personne", "quelqu-un"):
            return cases.filter(officer__isnull=value == "personne")
        return cases.filter(officer=self.reach.user.pk if value == "moi" else int(value))

    def reviewed(self, cases, name, value):
        if value == "moi":
            return cases.filter(pk__in=Review.objects.blinding(self.reach.user).values("case"))
        return cases.filter(REVIEWS[value][1])

    def with_opinions(self, cases, name, value):
        return cases.filter(OPINIONS[value][1])

    def flagged(self, cases, name, value):
        return cases.filter(open_flags__gt=0) if value == "ouvertes" else cases.filter(open_flags=0)

    def waiting(self, cases, name, value):
        if value == "message":
            asked = Application.objects.filter(case__in=cases.order_by().values("pk"))
            return cases.filter(application__in=list(exchanges.unanswered(asked, by_secretariat=True)))
        return cases.filter(WAITING[value][1])

    def labelled(self, cases, name, value):
        return cases.filter(pk__in=Case.labels.through.objects.filter(label=int(value)).values("case"))

    def about(self, cases, name, value):
        """By the words that were frozen, which a theme named otherwise since would no longer say."""
        return cases.filter(themes__contains=[self.theme_labels[value]])


def _named(kind, rows, label):
    named = rows.order_by().annotate(of=Value(kind), shown=Cast(label, CharField()))
    return named.values_list("of", "pk", "shown")
