"""The official indicators of a fund and its savings as pages show them, from the facts of the fund."""

from calls.money import grouped, short_euros
from selection.charts import Chart, Table
from selection.figures import shown

AIMS = {"at_most": "au plus", "at_least": "au moins"}


def indicators(fund):
    """Each official indicator with its chart and the table of its readings."""
    return [_indicator(fact) for fact in fund.facts.get("indicators", [])]


def _indicator(fact):
    rows = [
        (str(each["year"]), each["value"], shown(each["value"], fact["unit"])) for each in fact["readings"]
    ]
    aim = AIMS.get(fact.get("aim"), "")
    targets = " puis ".join(shown(target, fact["unit"]) for target in fact["targets"])
    return {
        "key": fact["key"],
        "label": fact["label"],
        "definition": fact["definition"],
        "targets": f"{aim} {targets}".strip() or "non communiquée",
        "sources": fact["sources"],
        "charts": [
            Chart(f"{fact['label']}, par année", [(year, value, text, False) for year, value, text in rows])
        ],
        "table": Table(
            caption=f"{fact['label']}, par année",
            columns=["Année", "Réalisé", "Précision"],
            rows=[
                [year, text, each.get("note", "")]
                for (year, _, text), each in zip(rows, fact["readings"], strict=True)
            ],
        ),
    }


def savings(fund):
    """Savings realised beside their target, and the ratios with the definition of each; None when no source tells."""
    fact = fund.facts.get("savings")
    if not fact:
        return None
    rows = [
        ("Économies visées", fact["target"], short_euros(fact["target"]), False),
        ("Économies réalisées", fact["realised"], short_euros(fact["realised"]), False),
    ]
    return fact | {
        "charts": [Chart("Économies visées et réalisées", rows)],
        "table": Table(
            caption="Économies visées et réalisées",
            columns=["Économies", "Montant"],
            rows=[[label, text] for label, _, text, _ in rows],
        ),
        "ratios": [each | {"text": grouped(each["value"])} for each in fact["ratios"]],
    }
