"""The laureates of past calls, as public sources tell them; what a source does not say stays unknown."""

from accounts.models import Organisation
from selection.models import Laureate

KNOWN_STATUS = "lauréat"
DEDUCED = "Le ministère est déduit du porteur ; la source ne le nomme pas."


def load_laureates(records, sources, funds, calls):
    """Import the records of `facts/laureates.json`; the organisations stand already, with their former names."""
    organisations = Organisations(records["organisations"])
    Laureate.objects.bulk_create(
        _laureate(fact, sources, funds, calls, organisations.of(fact["carrier"]))
        for fact in records["laureates"]
    )


class Organisations:
    """Which body a carrier is: the one whose name, former name or acronym is exactly the carrier's, if one only is."""

    def __init__(self, records):
        by_slug = Organisation.objects.in_bulk(field_name="slug")
        self.by_name = {}
        for fact in records:
            for name in {
                _plain(each) for each in [fact["name"], fact["acronym"], *fact["former_names"]] if each
            }:
                self.by_name.setdefault(name, []).append(by_slug[fact["id"]])

    def of(self, carrier):
        found = self.by_name.get(_plain(carrier), []) if carrier else []
        return found[0] if len(found) == 1 else None


def _plain(name):
    """A name whatever its capitals and the kind of its apostrophes."""
    return " ".join(name.replace("’", "'").casefold().split())


def _laureate(fact, sources, funds, calls, organisation):
    is_ministry = organisation is not None and organisation.kind == Organisation.Kind.MINISTRY
    return Laureate(
        fund=funds[fact["fund"]],
        call=calls.get(fact["call_id"]),
        slug=fact["id"].replace(".", "-"),
        name=project_name(fact),
        carrier=fact["carrier"] or "",
        organisation=organisation,
        ministry=fact["ministry"] or (organisation.name if is_ministry else ""),
        year=fact["year"],
        summary=fact["description_fr"] or "",
        amount=fact["amount_eur"],
        amount_qualifier=fact["amount_qualifier"] or "",
        total_cost=fact["total_cost_eur"],
        expected_savings=fact["expected_savings_eur"],
        duration_months=fact.get("duration_months"),
        location=fact["location"] or "",
        agreement_signed_on=fact.get("contract_signed_on"),
        facts=_other_facts(fact, deduced=is_ministry and not fact["ministry"]),
        sources=sources[fact["sources"]],
    )


def _other_facts(fact, *, deduced):
    """What has no column of its own, under the names that the laureate's page reads.

    `deduced` tells that the ministry is the carrier itself, which the source does not say.
    """
    notes = [*(fact.get("notes") or ()), *([DEDUCED] if deduced else [])]
    told = {
        "status": fact["status"] if fact["status"] != KNOWN_STATUS else None,
        "revised_savings": fact.get("savings_revised_eur"),
        "track": fact.get("volet"),
        "programme": fact.get("programme"),
        "period": fact.get("period"),
        "pilot_sites": fact.get("pilot_sites"),
        "other_funding": fact.get("other_funding"),
        "notes": notes,
    }
    return {name: value for name, value in told.items() if value}


def project_name(fact):
    """The project's name; where the source keeps it to itself, what is known of it, and that its name is not."""
    if fact["name"]:
        return fact["name"]
    known = (fact["description_fr"] or f"Projet porté par : {fact['carrier']}").partition(" (")[0]
    return f"{known} (nom non communiqué)"
