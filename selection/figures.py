"""How many laureates and how much money, by fund, year, ministry and theme, from public laureates alone.

A total adds the amounts that are known and is no more exact than its parts: one published as « plus de » makes it a
minimum, one published as « environ » makes it about; what only the press says is told. The unknown ones are counted
beside it, never as zero. What is invented is counted apart.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from calls.models import Fund
from calls.money import grouped, short_euros
from selection.charts import Chart, Table
from selection.models import Laureate

UNKNOWN = "Non communiqué"
MOST_BARS = 15
KNOWN = Q(amount__isnull=False)
# Of columns that the index of the figures holds: the table itself is not read.
COUNTS = {
    "projects": Count("*"),
    "known": Count("amount"),
    "minima": Count("fund", filter=KNOWN & Q(amount_qualifier=Laureate.Qualifier.MORE_THAN)),
    "about": Count("fund", filter=KNOWN & Q(amount_qualifier=Laureate.Qualifier.APPROX)),
    "press": Count("fund", filter=KNOWN & Q(amount_qualifier=Laureate.Qualifier.PRESS)),
    "fictitious_projects": Count("fund", filter=Q(fictitious=True)),
    "total": Sum("amount", default=Decimal(0)),
}


@dataclass
class Tally:
    """Projects and their known amounts."""

    projects: int = 0
    known: int = 0
    minima: int = 0
    about: int = 0
    press: int = 0
    fictitious_projects: int = 0
    to_confirm: int = 0  # counted of the whole alone
    total: Decimal = Decimal(0)

    def add(self, row):
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + row[name])
        return self

    @property
    def unknown(self):
        return self.projects - self.known

    @property
    def is_minimum(self):
        return self.minima > 0

    @property
    def total_text(self):
        """The known amounts added up: « au moins 126 M€ »; unknown when none is known."""
        return sum_text(self.total if self.known else None, is_minimum=self.is_minimum, is_about=self.about)

    @property
    def granted_text(self):
        """What was granted to all these projects: at least the known amounts, when one is unknown."""
        is_minimum = self.is_minimum or self.unknown
        return sum_text(self.total if self.known else None, is_minimum=is_minimum, is_about=self.about)

    @property
    def unknown_text(self):
        """« dont 3 montants non communiqués », or nothing."""
        plural = "s" if self.unknown > 1 else ""
        return f"dont {grouped(self.unknown)} montant{plural} non communiqué{plural}" if self.unknown else ""

    @property
    def press_text(self):
        """« dont 2 montants d’après la presse », or nothing."""
        return (
            f"dont {grouped(self.press)} montant{'s' if self.press > 1 else ''} d’après la presse"
            if self.press
            else ""
        )


def tally_of(laureates):
    """The tally of laureates already read."""
    known = [each for each in laureates if each.amount is not None]
    qualifiers = Counter(each.amount_qualifier for each in known)
    return Tally(
        projects=len(laureates),
        known=len(known),
        minima=qualifiers[Laureate.Qualifier.MORE_THAN],
        about=qualifiers[Laureate.Qualifier.APPROX],
        press=qualifiers[Laureate.Qualifier.PRESS],
        fictitious_projects=sum(each.fictitious for each in laureates),
        total=sum((each.amount for each in known), Decimal(0)),
    )


def sum_text(total, *, is_minimum, is_about):
    """A sum that is no more exact than its parts: « au moins environ 6 M€ »; unknown is said so."""
    if total is None:
        return "non communiqué"
    return f"{'au moins ' if is_minimum else ''}{'environ ' if is_about else ''}{short_euros(total)}"


def shown(value, unit):
    """A reading: « 55 jours », « 26 % »; unknown is said so."""
    if value is None:
        return "non communiqué"
    if unit == "days":
        return f"{grouped(value)} jour{'s' if value > 1 else ''}"
    return f"{value * 100:.1f}".removesuffix(".0").replace(".", ",") + "\u00a0%"


def tallies(laureates, *keys):
    """A tally per combination of values of the columns `keys`, in one query."""
    rows = laureates.order_by().values(*keys).annotate(**COUNTS)
    return {tuple(row[key] for key in keys): Tally().add(row) for row in rows}


@dataclass
class Section:
    """One way to cut the whole: its charts and their table."""

    key: str
    title: str
    charts: list
    table: Table


def sections(public):
    """The whole, and its sections by fund, year, ministry and theme; the whole alone says how many are invented."""
    whole, by_fund, by_year, by_ministry = Tally(), {}, {}, {}
    funds = Fund.objects.in_bulk()
    rows = tallies(public, "fund", "year", "ministry", "fictitious")
    for (fund, year, ministry, invented), tally in rows.items():
        if invented:
            whole.fictitious_projects += tally.projects
            continue
        for found, name in ((by_fund, fund), (by_year, year), (by_ministry, ministry)):
            _into(found, name, tally)
        whole.add(vars(tally))
    whole.to_confirm = public.filter(fictitious=False).to_confirm().count()
    with_theme = public.filter(fictitious=False, themes__isnull=False)
    by_theme = tallies(with_theme, "themes__label", "themes__slug")
    return whole, [
        _section(
            "fonds",
            "Par fonds",
            [(funds[fund].code, {"fonds": funds[fund].slug}, tally) for fund, tally in _largest(by_fund)],
        ),
        _section(
            "annee",
            "Par année",
            [
                (str(year) if year else UNKNOWN + "e", year and {"annee": year}, by_year[year])
                for year in sorted(by_year, key=lambda year: year or 9999)
            ],
        ),
        _section(
            "ministere",
            "Par ministère",
            [
                (name or UNKNOWN, name and {"ministere": name}, tally)
                for name, tally in _largest(by_ministry, last="")
            ],
            note="Le ministère est celui que les sources nomment ; ses noms successifs ne sont pas réunis.",
        ),
        _section(
            "theme",
            "Par thème",
            [(label, {"theme": slug}, tally) for (label, slug), tally in _largest(by_theme)],
            note="Un projet qui a plusieurs thèmes compte dans chacun ; beaucoup de sources n’en disent aucun.",
        ),
    ]


def _into(found, name, tally):
    found.setdefault(name, Tally()).add(vars(tally))


def _largest(found, last=None):
    """The most projects first; the unknown name after all others."""
    return sorted(found.items(), key=lambda pair: (pair[0] == last, -pair[1].projects, str(pair[0])))


def _section(key, title, rows, *, note=""):
    shown, rest = rows[:MOST_BARS], rows[MOST_BARS:]
    counts = [(label, tally.projects, grouped(tally.projects), False) for label, _, tally in shown]
    amounts = [
        (label, tally.total if tally.known else None, tally.total_text, tally.is_minimum)
        for label, _, tally in shown
    ]
    if rest:
        note = f"Le graphique montre les {MOST_BARS} premières lignes ; le tableau les donne toutes. {note}"
    table = Table(
        caption=f"Lauréats {title[0].lower()}{title[1:]}",
        columns=[
            title.removeprefix("Par ").capitalize(),
            "Projets",
            "Montants connus",
            "Total des montants connus",
            "Montants non communiqués",
        ],
        rows=[
            [
                _linked(label, query),
                grouped(tally.projects),
                grouped(tally.known),
                f"{tally.total_text} ({tally.press_text})" if tally.press else tally.total_text,
                grouped(tally.unknown),
            ]
            for label, query, tally in rows
        ],
        note=note,
    )
    charts = [Chart(f"Nombre de projets {title[0].lower()}{title[1:]}", counts)]
    if any(value for _, value, _, _ in amounts):
        charts.append(Chart(f"Subventions connues {title[0].lower()}{title[1:]}", amounts))
    return Section(key, title, charts if rows else [], table)


def _linked(label, query):
    if not query:
        return label
    return format_html('<a href="{}?{}">{}</a>', reverse("selection:laureates"), urlencode(query), label)
