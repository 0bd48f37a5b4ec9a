"""The funds as public sources tell them: what they pay for, their money, who decides; the rest stays unknown."""

from datetime import date

from calls.models import Envelope, Fund, Programme
from journal import dates

# What a page shows as it stands (calls/fund_facts.py); each group of rows keeps the sources of each row.
SHOWN = ("co_instructors", "operator", "programme_budget", "origin", "programmes_count", "programmes_note")
ROWS = ("envelopes", "totals", "figures")


def load_funds(records, sources, *, digital):
    """Import the records of `facts/funds.json`; the funds by their id there.

    `digital` is the theme by which a dossier of theirs counts as a digital project.
    """
    funds = {}
    for fact in records:
        funds[fact["id"]] = fund = Fund.objects.create(
            slug=fact["id"].lower(),
            code=fact["acronym"],
            name=fact["name"],
            manager=fact["manager"],
            edition=fact["edition"] or "",
            parent=funds.get(fact.get("parent_fund")),
            purpose=fact.get("purpose", ""),
            governance=fact.get("governance", ""),
            total_envelope=fact.get("envelope_eur"),
            facts=_facts(fact, sources) | {"digital": {"theme": digital}},
            sources=sources[fact["sources"]],
        )
        Envelope.objects.bulk_create(_envelopes(fact, fund, sources))
        Programme.objects.bulk_create(
            Programme(
                fund=fund, slug=row["slug"], name=row["name"], position=rank, sources=sources[row["sources"]]
            )
            for rank, row in enumerate(fact.get("programmes", []), start=1)
        )
    return funds


def _facts(fact, sources):
    told = {name: fact[name] for name in SHOWN if name in fact}
    if "launched_on" in fact:
        told["launched"] = dates.day(date.fromisoformat(fact["launched_on"]))
    for name in ("purpose_sources", "governance_sources"):
        told[name] = sources[fact.get(name, [])]
    for name in ROWS:
        told[name] = [row | {"sources": sources[row["sources"]]} for row in fact.get(name, [])]
    told["budget"] = [_budget(row, sources) for row in fact.get("budget_execution", [])]
    return told


def _budget(row, sources):
    """A year of the budget: voted by the finance act, opened (carried over included), consumed; AE, then CP."""
    return {
        "year": row["year"],
        "ae": [row.get("lfi_ae_eur"), row.get("ae_opened_eur"), row.get("ae_consumed_eur")],
        "cp": [
            row.get("lfi_cp_eur"),
            row.get("cp_opened_eur", row.get("cp_open_eur")),
            row.get("cp_consumed_eur"),
        ],
        "as_of": row.get("as_of", ""),
        "note": row.get("note", ""),
        "sources": sources[row["sources"]],
    }


def _envelopes(fact, fund, sources):
    """One envelope per year: what the finance act voted where it is known, else what was announced."""
    announced = {
        row["year"]: (row["amount_eur"], None, row["sources"]) for row in fact.get("envelope_by_year", [])
    }
    voted = {
        row["year"]: (row["lfi_ae_eur"], row.get("lfi_cp_eur"), row["sources"])
        for row in fact.get("budget_execution", [])
        if row.get("lfi_ae_eur")
    }
    for year, (commitments, payments, cited) in sorted({**announced, **voted}.items()):
        yield Envelope(
            fund=fund, year=year, commitments=commitments, payments=payments, sources=sources[cited]
        )
