"""A fund as a reader sees it: its figures as published, each with its sources; what is unknown is said to be.

`Fund.facts` may hold: co_instructors, operator, launched, programme_budget, origin, programmes_count, programmes_note;
purpose_sources, governance_sources; and rows with their sources: envelopes (label, amount_eur), totals (as_of,
projects, amount_eur, detail), figures (label, value), budget (year, ae and cp as voted, opened and consumed, as_of,
note). A fund made here has none of them, and shows its own envelopes.
"""

from calls.money import euros, grouped, short_euros

UNKNOWN, UNKNOWN_F = "non communiqué", "non communiquée"


def identity(fund):
    """(label, value) pairs: when, how much, by whom."""
    facts = fund.facts
    pairs = [
        ("Période", fund.edition or UNKNOWN_F),
        ("Enveloppe", UNKNOWN_F if fund.total_envelope is None else short_euros(fund.total_envelope)),
        ("Gestionnaire", fund.manager or UNKNOWN),
    ]
    optional = [
        ("Instruit avec", ", ".join(facts.get("co_instructors", []))),
        ("Opérateur", facts.get("operator")),
        ("Lancé le", facts.get("launched")),
        ("Programme budgétaire", facts.get("programme_budget")),
        ("Origine", facts.get("origin")),
    ]
    return pairs + [(label, value) for label, value in optional if value]


def totals(fund):
    """What the fund had paid for at some dates: date, projects, amount, detail, sources."""
    return [
        {
            "as_of": row["as_of"],
            "projects": _count(row.get("projects")),
            "amount": euros(row.get("amount_eur")),
            "detail": row.get("detail", ""),
            "sources": row["sources"],
        }
        for row in fund.facts.get("totals", [])
    ]


def budget(fund):
    """The credits year by year, the years that no source tells included: (year, six amounts, note, sources)."""
    rows = {row["year"]: row for row in fund.facts.get("budget", [])}
    if not rows:
        return []
    nothing = {
        "ae": [None] * 3,
        "cp": [None] * 3,
        "as_of": "",
        "note": "Aucune source trouvée.",
        "sources": [],
    }
    return [_year(year, rows.get(year, nothing)) for year in range(min(rows), max(rows) + 1)]


def _year(year, row):
    told = f"Situation au {row['as_of']}." if row["as_of"][:1].isdecimal() else row["as_of"].capitalize()
    return {
        "year": year,
        "amounts": [
            *(UNKNOWN_F + "s" if amount is None else euros(amount) for amount in row["ae"]),
            *(UNKNOWN + "s" if amount is None else euros(amount) for amount in row["cp"]),
        ],
        "note": " ".join(filter(None, [told, row["note"]])),
        "sources": row["sources"],
    }


def _count(value):
    return UNKNOWN if value is None else grouped(value)
