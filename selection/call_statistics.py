"""The statistics of a call: who applies, for how much, on what; counted in the database, or as sources published them.

Nothing here tells one dossier from another, and nothing is a score. Each cut counts the dossiers that its reader may
read; a dossier with several themes counts in each. What is unknown is said so, never counted as zero.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Aggregate, CharField, Count, F, FloatField, Func, Max, Q, Sum

from accounts.models import Organisation
from calls.money import euros, grouped, published_amount, short_euros
from calls.summary import published_figures
from selection.charts import Chart, Table

UNKNOWN = "Non communiqué"
MOST_BARS = 15


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


AMOUNTS = {
    "dossiers": Count("pk"),
    "asked": Sum("requested_grant"),
    "cost": Sum("total_cost"),
}


@dataclass(frozen=True)
class Line:
    """What one value of a cut comes to: dossiers, grants asked and total costs, None where no amount is known."""

    label: str
    dossiers: int
    asked: Decimal | None
    cost: Decimal | None

    def cells(self, whole):
        return [
            self.label,
            grouped(self.dossiers),
            share(self.dossiers, whole),
            short_euros(self.asked),
            short_euros(self.cost),
        ]


COLUMNS = ["Dossiers", "Part des dossiers", "Subventions demandées", "Coût total"]


@dataclass(frozen=True)
class Cut:
    """One way to cut the dossiers of a call."""

    key: str
    title: str
    head: str
    lines: list
    whole: int
    note: str = ""

    @property
    def charts(self):
        """The number of dossiers and the grants asked, the first lines of them."""
        shown = self.lines[:MOST_BARS]
        counts = [
            (
                each.label,
                each.dossiers,
                f"{grouped(each.dossiers)} ({share(each.dossiers, self.whole)})",
                False,
            )
            for each in shown
        ]
        amounts = [(each.label, each.asked, short_euros(each.asked), False) for each in shown]
        return [
            Chart(f"Dossiers par {self.head.lower()}", counts),
            Chart(f"Subventions demandées par {self.head.lower()}", amounts),
        ]

    @property
    def table(self):
        return Table(
            caption=self.title,
            columns=[self.head, *COLUMNS],
            rows=[each.cells(self.whole) for each in self.lines],
            note=self.note,
        )


def summary(cases):
    """The whole: dossiers, bodies, ministries and amounts; a sum is None when no amount is known."""
    return cases.order_by().aggregate(
        **AMOUNTS,
        ministries=Count("ministry", distinct=True),
        carriers=Count("application__organisation", distinct=True),
        fictitious=Count("pk", filter=Q(application__fictitious=True)),
        median_asked=Median("requested_grant"),
        most_asked=Max("requested_grant"),
        median_cost=Median("total_cost"),
        most_cost=Max("total_cost"),
    )


def digital_share(call, cases, whole):
    """The share of the digital projects, as the form of the call lets one know them; None where it does not ask.

    The call, or else its fund, says in `facts["digital"]` what makes one: {"theme": its slug}, or {"question": its key,
    "answers": the answers, as they are frozen}.
    """
    says = call.facts.get("digital") or call.fund.facts.get("digital") or {}
    if not whole["dossiers"]:
        return None
    if theme := call.themes.filter(slug=says.get("theme", "")).first():
        found = cases.filter(themes__contains=[theme.label])
    elif key := says.get("question"):
        asked = cases.filter(_answered(key))
        if not asked.exists():
            return None
        found = asked.filter(reduce(or_, (_answered(key, text=text) for text in says["answers"]), Q(pk=None)))
    else:
        return None
    return found.count() / whole["dossiers"]


def _answered(key, **said):
    return Q(submission__content__sections__contains=[{"answers": [{"key": key, **said}]}])


def figures(whole, digital=None):
    """(value, label) pairs of the whole, written out; `digital` as `digital_share` gives it."""
    dossiers, carriers, ministries = whole["dossiers"], whole["carriers"], whole["ministries"]
    return [
        (grouped(dossiers), f"dossier{_s(dossiers)} déposé{_s(dossiers)}"),
        (grouped(carriers), f"organisme{_s(carriers)} porteur{_s(carriers)}"),
        (grouped(ministries), f"ministère{_s(ministries)}")
        if ministries
        else ("–", "nombre de ministères non communiqué"),
        (short_euros(whole["cost"]), "de coût total des projets"),
        (short_euros(whole["asked"]), "de subventions demandées"),
        ("–", "part des projets numériques non communiquée")
        if digital is None
        else (share(digital, 1), "de projets numériques"),
    ]


def amounts(whole):
    """The middle and the largest of what is asked, as a table."""
    return Table(
        caption="Montants par dossier",
        columns=["Montant", "Somme", "Médiane", "Le plus élevé"],
        rows=[
            [
                "Subvention demandée",
                *map(_money, (whole["asked"], whole["median_asked"], whole["most_asked"])),
            ],
            ["Coût total", *map(_money, (whole["cost"], whole["median_cost"], whole["most_cost"]))],
        ],
        is_open=True,
    )


def _money(value):
    return short_euros(value if value is None else Decimal(value))


def cuts(cases, whole):
    """By ministry, by kind of carrier and by theme, each in one query."""
    cases, total = cases.order_by(), whole["dossiers"]
    kinds = dict(Organisation.Kind.choices)
    by_ministry = cases.values(value=F("ministry__name")).annotate(**AMOUNTS)
    by_kind = cases.values(value=F("carrier_kind")).annotate(**AMOUNTS)
    theme = Func(F("themes"), function="unnest", output_field=CharField(), set_returning=True)
    by_theme = cases.annotate(value=theme).values("value").annotate(**AMOUNTS)
    without = cases.filter(Q(themes=[]) | Q(themes=None)).aggregate(**AMOUNTS)
    return [
        Cut("ministere", "Candidats par ministère", "Ministère", _lines(by_ministry), total),
        Cut(
            "nature",
            "Candidats par nature",
            "Nature du porteur",
            _lines(by_kind, label=lambda value: kinds.get(value, value).capitalize()),
            total,
        ),
        Cut(
            "theme",
            "Dossiers par thème",
            "Thème",
            _lines(by_theme) + ([_line(UNKNOWN, without)] if without["dossiers"] else []),
            total,
            note="Un dossier qui a plusieurs thèmes compte dans chacun : les parts peuvent dépasser 100 % ensemble.",
        ),
    ]


def _lines(rows, label=str):
    """The most dossiers first, the unknown after all others."""
    found = [(row["value"], row) for row in rows]
    found.sort(key=lambda pair: (not pair[0], -pair[1]["dossiers"], str(pair[0])))
    return [_line(label(value) if value else UNKNOWN, row) for value, row in found]


def _line(label, row):
    return Line(label, row["dossiers"], row["asked"], row["cost"])


def share(part, whole):
    """« 85 % » of the dossiers; nothing of nothing."""
    if not whole:
        return "–"
    return f"{100 * part / whole:.1f}".removesuffix(".0").replace(".", ",") + "\u00a0%"


def _s(number):
    return "s" if number > 1 else ""


def published(call):
    """What sources say of an imported call: (label, value) pairs, the chart of its amounts and its table."""
    facts = call.facts
    breakdown = facts.get("candidates_breakdown", {})
    digital = breakdown.get("digital_share")
    pairs = [
        *published_figures(call),
        ("Ministères candidats", _known(breakdown.get("ministries"))),
        ("Organismes publics candidats", _known(breakdown.get("public_bodies"))),
        ("Part des projets numériques", "non communiquée" if digital is None else share(digital, 1)),
    ]
    told = [
        ("Coût total des projets", "total_cost"),
        ("Subventions demandées", "requested"),
        ("Subventions accordées", "granted"),
    ]
    rows = [
        (
            label,
            facts[f"{name}_eur"],
            published_amount(facts[f"{name}_eur"], facts.get(f"{name}_qualifier")),
            False,
        )
        for label, name in told
        if facts.get(f"{name}_eur") is not None
    ]
    written = [[label, f"{text} ({euros(value)})"] for label, value, text, _ in rows]
    table = Table("Montants publiés", ["Montant", "Valeur"], written)
    return pairs, [Chart("Montants publiés", rows)] if rows else [], table


def _known(value):
    return "non communiqués" if value is None else grouped(value)
