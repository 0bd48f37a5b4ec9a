"""What a project gives back for what it costs: the savings ratio, on the grant and on the full public cost.

The rule is the fund's: savings reached N years after the end of the project, divided by the grant or by the full cost
of all sources. Both are always computed and labelled. N, and whether the savings are those of that year alone or of
all years until it, are settings of the call; what the call does not say is told, never guessed.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from applications.grid.rows import by_year, rows_of
from calls.models import Call
from calls.money import euros, grouped

YEARLY, CUMULATED = Call.SavingsMeasure.YEARLY, Call.SavingsMeasure.CUMULATED
ON_GRANT, ON_COST = "sur la subvention demandée", "sur le coût public complet"


@dataclass(frozen=True)
class Ratio:
    """One figure: euros saved for one euro of its base; None where the base is zero, `formula` says it all."""

    label: str
    value: Decimal | None
    formula: str

    @property
    def text(self):
        if self.value is None:
            return "non calculable"
        return f"{grouped(self.value.quantize(Decimal('0.01'), ROUND_HALF_UP))}"


@dataclass(frozen=True)
class Returns:
    """The ratios of a dossier, or none with the reason; `notes` are what one must know to read them."""

    ratios: tuple = ()
    notes: tuple = ()


def returns(financing, savings, *, horizon, measure):
    """The ratios of frozen lines of money.

    Args:
        financing, savings: frozen lines, amounts in euros.
        horizon: years after the last one of the financing plan; None where the call does not say it.
        measure: `yearly`, `cumulated`, or empty where the call does not say it: both are then given.
    """
    costs = by_year(rows_of("financing", financing))
    spent = [year for year, amount in costs.items() if amount]
    if not spent:
        return Returns(notes=("Il sera calculé quand le plan de financement portera un montant.",))
    if not savings:
        return Returns(notes=("Il sera calculé quand les économies attendues seront renseignées.",))
    if horizon is None:
        return Returns(
            notes=("L’appel ne dit pas à quelle date les économies sont mesurées : ratio non communiqué.",)
        )
    year = spent[-1] + horizon
    cost = sum(costs.values(), Decimal(0))
    grant = sum((Decimal(line["amount"]) for line in financing if line["source"] == "fund"), Decimal(0))
    expected, carried = expected_by_year(savings, until=year)
    notes = [f"Fin du projet : {spent[-1]}, dernière année du plan de financement. Année de mesure : {year}."]
    if carried:
        notes.append(
            f"Les économies pérennes sont prolongées jusqu’en {year}, au montant de leur dernière année saisie."
        )
    if not measure:
        notes.append(
            "L’appel ne dit pas si les économies sont annuelles ou cumulées : les deux sont données."
        )
    ratios = []
    for each in [measure] if measure else [YEARLY, CUMULATED]:
        saved, words = _saved(expected, each, year)
        for label, base, named in ((ON_GRANT, grant, "subvention"), (ON_COST, cost, "coût complet")):
            ratios.append(_ratio(label, saved, words, base, named, plain=bool(measure)))
    return Returns(tuple(ratios), tuple(notes))


def expected_by_year(savings, *, until):
    """(euros by year up to `until`, whether some were carried on): what is recurring goes on after its last year."""
    expected, carried = {}, False
    for row in rows_of("savings", savings):
        amounts = dict(row.amounts)
        last = max(amounts)
        if row.said["recurring"] and last < until and amounts[last]:
            amounts |= dict.fromkeys(range(last + 1, until + 1), amounts[last])
            carried = True
        for year, amount in amounts.items():
            if year <= until:
                expected[year] = expected.get(year, Decimal(0)) + amount
    return dict(sorted(expected.items())), carried


def _saved(expected, measure, year):
    if measure == YEARLY:
        return expected.get(year, Decimal(0)), f"économies de l’année {year}"
    return sum(expected.values(), Decimal(0)), f"économies cumulées jusqu’en {year}"


def _ratio(label, saved, words, base, named, *, plain):
    formula = f"{words} ÷ {named} = {euros(saved)} ÷ {euros(base)}"
    if not plain:
        label = f"{label}, {words}"
    return Ratio(label, saved / base if base else None, formula)
