"""The real, sourced facts that the demonstration starts with: funds, past calls, organisations, laureates.

What a source does not say stays null; nothing is guessed to fill a column.
"""

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation
from calls.models import Call, Round, Theme
from calls.money import short_euros
from fondsportal.demo.call_rules import load_call_rules
from fondsportal.demo.funds import load_funds
from fondsportal.demo.indicators import load_indicators
from fondsportal.demo.laureates import load_laureates
from journal import clock, dates
from selection.models import Laureate

FOLDER = Path(__file__).with_name("facts")

DIGITAL = "numerique"
THEMES = {
    DIGITAL: "Numérique",
    "mutualisation": "Services partagés et mutualisation",
    "innovation": "Innovation et expérimentation",
    "reorganisation": "Réorganisation ou fusion",
    "action-publique-2022": "Projets issus d’Action publique 2022",
}
# The sources name the FTAP's criteria, and give neither weights nor scale.
CRITERIA = [
    "Caractère stratégique et novateur",
    "Qualité de service et conditions de travail",
    "Économies substantielles et pérennes",
    "Gouvernance et moyens de conduite",
]

# The ministry that answers for a domain, where one only does; higher education and research have several.
MINISTRY_OF_DOMAIN = {
    "affaires-etrangeres": "min-eae",
    "agriculture": "min-agriculture",
    "armees": "min-armees",
    "bercy": "min-eco",
    "culture": "min-culture",
    "education": "min-education",
    "environnement": "min-te",
    "interieur": "min-interieur",
    "justice": "min-justice",
    "solidarite-sante": "min-social",
    "spm": "spm",
    "travail": "min-travail",
}
Kind = Organisation.Kind
SUPERVISED = {
    Kind.PRIME_MINISTER,
    Kind.CENTRAL,
    Kind.NATIONAL,
    Kind.DECONCENTRATED,
    Kind.OPERATOR,
    Kind.SOCIAL_SECURITY,
}


def read(name):
    """The records of one file of facts."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def are_loaded():
    return Laureate.objects.filter(announcement=None, case=None).exists()


@transaction.atomic
def load():
    """Import everything at once: it is history, which no action of the portal ever made."""
    sources = Sources()
    themes = load_themes()
    funds = load_funds(read("funds"), sources, digital=DIGITAL)
    load_indicators(read("indicators"), sources, funds)
    calls = load_calls(sources, funds, themes)
    load_call_rules(read("call_rules"), sources, calls)
    load_organisations(sources)
    load_laureates({name: read(name) for name in ("organisations", "laureates")}, sources, funds, calls)


def load_themes():
    """The FTAP's themes by slug; a rehearsal may have made them first."""
    return {
        slug: Theme.objects.get_or_create(slug=slug, defaults={"label": THEMES[slug]})[0] for slug in THEMES
    }


class Sources:
    """What a reader is told of a source: its title, who published it, when it was read, and where it is if known."""

    def __init__(self):
        self.by_id = {source["id"]: source for source in read("sources")}

    def __getitem__(self, ids):
        return [self._shown(self.by_id[id_]) for id_ in ids]

    def _shown(self, source):
        read_on = dates.day(date.fromisoformat(source["accessed"]))
        shown = {"title": source["title"], "publisher": source["publisher"], "date": f"consulté le {read_on}"}
        return shown | ({"url": source["address"]} if "address" in source else {})


COLUMNS = {
    "id",
    "fund",
    "label",
    "opened_on",
    "closed_on",
    "committee_on",
    "announced_on",
    "min_eur",
    "max_eur",
}


def load_calls(sources, funds, themes):
    """The past calls; a published figure without a column of its own stays in `facts`."""
    calls, now = {}, clock.now()
    for fact in read("calls"):
        # "Projets issus d'Action publique 2022" and the four criteria are those of the FTAP's numbered calls.
        general = fact["fund"] == "FTAP" and fact["number"] is not None
        rest = {
            name: value
            for name, value in fact.items()
            if name not in COLUMNS | {"sources"} and value is not None
        }
        calls[fact["id"]] = call = Call.objects.create(
            fund=funds[fact["fund"]],
            code=fact["id"].upper(),
            slug=fact["id"],
            title=fact["label"],
            summary=_summary(fact),
            opens_at=_midnight(fact["opened_on"]),
            year=_year(fact),
            committee_on=fact["committee_on"],
            announced_on=fact["announced_on"],
            threshold=fact["min_eur"],
            ceiling=fact["max_eur"],
            cofinancing_required=general or fact["cofinancing_max_rate"] is not None,
            max_rate=fact["cofinancing_max_rate"] and Decimal(str(fact["cofinancing_max_rate"])),
            has_shortlist=bool(fact["hearings"] or fact["preselected"]),
            state=Call.State.PUBLISHED,
            published_at=now,
            imported=True,
            facts=rest | ({"criteria": CRITERIA} if general else {}),
            sources=sources[fact["sources"]],
        )
        if fact["closed_on"]:
            # The end of that day: the sources that give an hour say « minuit ».
            Round.objects.create(call=call, closes_at=_midnight(fact["closed_on"]) + timedelta(days=1))
        if fact["id"] == "ftap-2018-1":
            call.themes.set(themes.values())
    return calls


def _year(fact):
    """The year of a call whose opening and deadline are unknown: that of a later date, else the one in its title."""
    dates = [fact[name] for name in ("committee_on", "announced_on") if fact[name]]
    named = re.search(r"\b20\d\d\b", fact["label"])
    return int(dates[0][:4]) if dates else named and int(named.group())


def _midnight(day):
    return day and timezone.make_aware(datetime.fromisoformat(day))


def _summary(fact):
    """The published figures of a call in a sentence, or nothing."""
    amount = short_euros(fact["granted_eur"])
    counts = [
        (fact["candidates"], f"{fact['candidates']} candidatures"),
        (fact["requested_eur"], f"{short_euros(fact['requested_eur'])} demandés"),
        (fact["laureates"], f"{fact['laureates']} lauréats"),
        (
            fact["granted_eur"],
            f"{'environ ' if fact['granted_qualifier'] == 'approx' else ''}{amount} accordés",
        ),
    ]
    said = ", ".join(text for known, text in counts if known)
    return f"{said}." if said else ""


def load_organisations(sources):
    """The organisations, then their supervising ministries where the facts leave no doubt."""
    records = read("organisations")
    rows = Organisation.objects.bulk_create(
        Organisation(
            slug=fact["id"],
            name=fact["name"],
            acronym=fact["acronym"] or "",
            kind=fact["kind"],
            siren=fact["siren"] or "",
            siret=fact["siret"] or "",
            sources=sources[fact["sources"]],
        )
        for fact in records
    )
    by_slug = {row.slug: row for row in rows}
    supervised = []
    for fact in records:
        ministry = by_slug.get(MINISTRY_OF_DOMAIN.get(fact["domain"]))
        if ministry and fact["kind"] in SUPERVISED and fact["kind_certain"]:
            by_slug[fact["id"]].supervising_ministry = ministry
            supervised.append(by_slug[fact["id"]])
    Organisation.objects.bulk_update(supervised, ["supervising_ministry"])
