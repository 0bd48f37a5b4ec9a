"""What a press kit says, gathered once as plain text: the page, the PDF and the files of the ZIP are drawn from it.

It is made before the minute of the announcement is chosen, and says no date of it. It tells of laureates alone, those
of the announcement whatever changed since, and of them what their public page says: never a score, nor a project that
was not retained.
"""

from dataclasses import dataclass

from django.db.models import Max

from calls import fund_facts, summary
from calls.money import euros
from calls.templatetags.money import percent
from journal import clock, dates
from selection.announced import figures
from selection.charts import Table
from selection.models import CommitteeSession, Laureate
from selection.press_kit.comparison import comparison
from selection.press_kit.drawings import Drawing, drawings
from selection.sheet import grant

UNKNOWN, UNKNOWN_F = "non communiqué", "non communiquée"
EMBARGO = "Sous embargo jusqu’à l’annonce"
RELEASE = "à compter de l’annonce des lauréats ; sous embargo jusque-là"
ANNOUNCED = "Annonce des lauréats"


@dataclass(frozen=True)
class Project:
    """A laureate, as it is shown."""

    laureate: Laureate
    name: str
    carrier: str
    ministry: str
    amount: str
    short_text: str
    text: str
    facts: list
    pictures: list
    fictitious: bool


@dataclass(frozen=True)
class Criterion:
    label: str
    weight: str
    guidance: str


@dataclass(frozen=True)
class Kit:
    """A press kit. Facts are (label, value) pairs, figures (value, label); all is text but pictures and charts."""

    title: str
    slug: str
    fund: str
    call: str
    fictitious: bool
    cover: list
    introduction: str
    quotes: list
    figures: list
    pictures: list
    purpose: str
    identity: list
    totals: list
    rules: list
    calendar: list
    criteria: list
    criteria_note: str
    drawings: list[Drawing]
    comparison: Table
    projects: list[Project]
    contacts: list
    sources: list

    totals_columns = ("Situation", "Projets", "Montant")

    @property
    def all_pictures(self):
        return [*self.pictures, *(picture for project in self.projects for picture in project.pictures)]


def gather(announcement):
    """The press kit of an announcement as it stands, in a few queries however many laureates it has."""
    call = announcement.call
    named = announcement.laureates.named_at_first()
    laureates = list(named.order_by("sort_key", "id").prefetch_related("themes"))
    pictures = list(announcement.pictures.filter(published=True).select_related("file"))
    table, other_sources = comparison(announcement)
    criteria, note = _criteria(call)
    totals = fund_facts.totals(call.fund)
    cited = [call.fund.sources, call.sources, *(row["sources"] for row in totals), other_sources]
    return Kit(
        title=announcement.title,
        slug=announcement.slug,
        fund=call.fund.name,
        call=call.title,
        fictitious=announcement.fictitious,
        cover=[
            ("Fonds", call.fund.name),
            ("Appel à projets", call.title),
            ("Lauréats", str(len(laureates))),
            ("Diffusion", RELEASE),
        ],
        introduction=announcement.introduction,
        quotes=[(quote["text"], quote["author"]) for quote in announcement.quotes],
        figures=figures(announcement, laureates),
        pictures=[each for each in pictures if each.laureate_id is None],
        purpose=call.fund.purpose,
        identity=fund_facts.identity(call.fund),
        totals=[[row["as_of"], row["projects"], row["amount"]] for row in totals],
        rules=_rules(call),
        calendar=_calendar(announcement),
        criteria=criteria,
        criteria_note=note,
        drawings=drawings(laureates),
        comparison=table,
        projects=[
            _project(each, [picture for picture in pictures if picture.laureate_id == each.pk])
            for each in laureates
        ],
        contacts=_contacts(announcement),
        sources=_sources([*cited, *(each.sources for each in laureates)]),
    )


def _rules(call):
    return [
        ("Seuil", euros(call.threshold)),
        ("Plafond", euros(call.ceiling)),
        ("Taux maximal de la subvention", percent(call.max_rate)),
        ("Thèmes", ", ".join(theme.label for theme in call.themes.all()) or UNKNOWN + "s"),
        ("Qui décide", call.get_decided_by_display() or UNKNOWN),
    ]


def _calendar(announcement):
    """The dates of the call; of the committee, that on which it sat; of the announcement, none."""
    call = announcement.call
    held = CommitteeSession.objects.filter(items__case__laureate__announcement=announcement)
    held = held.filter(items__decision__isnull=False).aggregate(last=Max("held_on"))["last"]
    told = [
        (label, date) for label, date, _ in summary.key_dates(call, now=clock.now()) if label != ANNOUNCED
    ]
    if held:
        told = [(label, date) for label, date in told if label not in ("Jury", "Comité de pilotage")]
        told.append(("Comité", dates.day(held)))
    return told


def _criteria(call):
    """The criteria with their weights; of a past call, as its sources tell them, the weights being unknown."""
    known = [
        Criterion(each.label, f"{each.weight}\u00a0%", each.guidance or UNKNOWN)
        for each in call.criteria.all()
    ]
    if known:
        return known, ""
    told = [Criterion(label, UNKNOWN, UNKNOWN) for label in call.facts.get("criteria", [])]
    return told, "" if told else "Critères de sélection : non communiqués."


def _project(laureate, pictures):
    themes = ", ".join(theme.label for theme in laureate.themes.all())
    savings = UNKNOWN + "es" if laureate.expected_savings is None else euros(laureate.expected_savings)
    facts = [
        ("Subvention", grant(laureate)),
        ("Coût total du projet", euros(laureate.total_cost)),
        ("Économies attendues", savings),
        ("Durée", f"{laureate.duration_months} mois" if laureate.duration_months else UNKNOWN_F),
        ("Thèmes", themes or UNKNOWN + "s"),
        ("Partenaires", laureate.partners or UNKNOWN + "s"),
        ("Lieu", laureate.location or UNKNOWN),
        ("Contact", laureate.contact or UNKNOWN),
    ]
    return Project(
        laureate=laureate,
        name=laureate.name,
        carrier=laureate.carrier or f"Porteur {UNKNOWN}",
        ministry=laureate.ministry if laureate.ministry != laureate.carrier else "",
        amount=laureate.amount_text,
        short_text=laureate.short_text,
        text=laureate.summary,
        facts=facts,
        pictures=pictures,
        fictitious=laureate.fictitious,
    )


def _contacts(announcement):
    """(role, email, telephone) of whom the press asks; the fund's own address where none was written."""
    if announcement.contacts:
        return [
            (each["role"], each.get("email", ""), each.get("phone", "")) for each in announcement.contacts
        ]
    fund = announcement.call.fund
    return [(f"Contact presse du fonds {fund.code}", fund.press_email, "")]


def _sources(cited):
    """Each source once, in the order it is first cited."""
    told = (source for sources in cited for source in sources)
    return list(
        dict.fromkeys(
            ", ".join(filter(None, (each.get("title"), each.get("publisher"), each.get("date"))))
            for each in told
        )
    )
