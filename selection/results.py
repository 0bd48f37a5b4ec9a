"""What became of the calls: candidates, laureates, money and delays, from published facts and public announcements.

A past call says what its sources say. A call made on this portal shows nothing before an announcement of its
laureates is public; then its figures are counted from its own filings, those of its dossiers once its last deadline
has passed. What is invented has its marked row, and adds to no total.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import CharField, Count, Exists, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Cast, Now
from django.utils import timezone

from applications.models import Application, Submission
from calls.models import LATEST_FIRST, Call, Round
from calls.money import grouped, published_amount
from journal.models import Entry
from selection.figures import Tally, shown, sum_text, tallies
from selection.models import Announcement, Laureate

MOST_CALLS = 200
UNKNOWN = "non communiqué"


@dataclass
class CallResult:
    """One call in figures; None is unknown."""

    call: Call
    year: int | None
    candidates: int | None
    laureates: int | None
    requested: Decimal | None
    granted: Decimal | None
    requested_is_minimum: bool = False
    granted_qualifier: str = ""  # of a past call, in its source
    granted_is_minimum: bool = False
    granted_is_about: bool = False
    granted_from_press: bool = False
    granted_notes: tuple = ()
    fictitious: bool = False
    closed_on: date | None = None
    committee_on: date | None = None
    announced_on: date | None = None
    sources: list = field(default_factory=list)

    @property
    def rate(self):
        """Laureates over candidates, between 0 and 1."""
        return self.laureates / self.candidates if self.candidates and self.laureates is not None else None

    @property
    def days_to_committee(self):
        return days_between(self.closed_on, self.committee_on)

    @property
    def days_to_announcement(self):
        return days_between(self.closed_on, self.announced_on)

    @property
    def cells(self):
        """What the table says of the call, column by column."""
        return [
            UNKNOWN if self.candidates is None else grouped(self.candidates),
            UNKNOWN if self.laureates is None else grouped(self.laureates),
            shown(self.rate, "share"),
            sum_text(self.requested, is_minimum=self.requested_is_minimum, is_about=False),
            noted(self.granted_text, self.granted_notes),
            shown(self.days_to_committee, "days"),
            shown(self.days_to_announcement, "days"),
        ]

    @property
    def granted_text(self):
        if self.call.imported:
            return published_amount(self.granted, self.granted_qualifier)
        return sum_text(self.granted, is_minimum=self.granted_is_minimum, is_about=self.granted_is_about)


def noted(text, notes):
    """A figure and what there is to know of it, in brackets."""
    return f"{text} ({', '.join(notes)})" if notes else text


def days_between(start, end):
    """Whole days from one date to the other; unknown when one is, or when they are out of order."""
    return (end - start).days if start and end and end >= start else None


def with_results():
    """The public calls whose results may be told."""
    announced = Announcement.objects.public().values("call")
    return Call.objects.public().filter(Q(imported=True) | Q(pk__in=announced))


def latest(calls):
    """The latest calls, with what their results are told from, and whether there are more."""
    found = list(calls.select_related("fund").order_by(*LATEST_FIRST)[: MOST_CALLS + 1])
    return found[:MOST_CALLS], len(found) > MOST_CALLS


def of(calls):
    """The results of these calls, in their order, in a few queries however many they are."""
    made_here = [call.pk for call in calls if not call.imported]
    filings = {
        row["application__call"]: row
        for row in filed_at_the_deadline()
        .filter(application__call__in=made_here)
        .order_by()
        .values("application__call")
        .annotate(
            candidates=Count("pk"),
            requested=Sum("requested_grant", filter=WITH_FINANCING),
            told=Count("pk", filter=WITH_FINANCING),
        )
    }
    announcements = {
        row["call"]: row["first"]
        for row in Announcement.objects.public()
        .filter(call__in=made_here)
        .values("call")
        .annotate(first=Min("publish_at"))
        .order_by()
    }
    public = Laureate.objects.public().filter(call__in=made_here)
    held = dict(
        public.filter(case__isnull=False)
        .order_by()
        .values_list("call")
        .annotate(
            held=Max(
                "case__agenda_items__session__held_on",
                filter=Q(case__agenda_items__decision__envelope__isnull=False),
            )
        )
    )
    of_call = tallies(public.counted(), "call")
    return [
        _imported(call)
        if call.imported
        else _made_here(
            call,
            filings=filings.get(call.pk, {}),
            tally=of_call.get((call.pk,), Tally()),
            announced_on=timezone.localdate(announcements[call.pk]),
            held_on=held.get(call.pk),
        )
        for call in calls
        if call.imported or call.pk in announcements  # it may have been withdrawn since the calls were read
    ]


# A grant that the form asked nothing about is unknown, and not zero.
WITH_FINANCING = ~Q(content__financing=[])


def filed_at_the_deadline():
    """The submission that each dossier had at its deadline, whatever became of it; none while a round is open."""
    later = Submission.objects.filter(application=OuterRef("application"), revision__gt=OuterRef("revision"))
    still_open = Round.objects.filter(call=OuterRef("application__call"), closes_at__gt=Now())
    withdrawn_before = Entry.objects.filter(
        event="application.withdrawn",
        subject_type=Application._meta.label_lower,
        subject_id=Cast(OuterRef("application"), CharField()),
        at__lt=OuterRef("application__round__closes_at"),
    )
    return Submission.objects.filter(~Exists(later), ~Exists(still_open), ~Exists(withdrawn_before))


def _imported(call):
    facts = call.facts
    qualifier = facts.get("granted_qualifier") or ""
    return CallResult(
        call=call,
        year=call.year,
        candidates=facts.get("candidates"),
        laureates=facts.get("laureates"),
        requested=_euros(facts.get("requested_eur")),
        granted=_euros(facts.get("granted_eur")),
        granted_qualifier=qualifier,
        granted_is_minimum=qualifier == Laureate.Qualifier.MORE_THAN,
        granted_is_about=qualifier == Laureate.Qualifier.APPROX,
        granted_from_press=qualifier == Laureate.Qualifier.PRESS,
        granted_notes=("presse",) if qualifier == Laureate.Qualifier.PRESS else (),
        fictitious=call.fictitious,
        closed_on=_closed_on(call),
        committee_on=call.committee_on,
        announced_on=call.announced_on,
        sources=call.sources,
    )


def to_come(announcement):
    """The result of the call of an announcement as it stands at its minute, whether or not that has come."""
    call = announcement.call
    if call.imported:
        return _imported(call)
    public = Announcement.objects.public().values("pk")
    told = Q(announcement=announcement) | Q(announcement__in=public) | Q(announcement=None)
    filed = filed_at_the_deadline().filter(application__call=call)
    filings = filed.aggregate(
        candidates=Count("pk"),
        requested=Sum("requested_grant", filter=WITH_FINANCING),
        told=Count("pk", filter=WITH_FINANCING),
    )
    filings["candidates"] = filings["candidates"] or None
    named = Laureate.objects.named_at_first().filter(told, call=call)
    tally = tallies(named, "call").get((call.pk,), Tally())
    return _made_here(call, filings=filings, tally=tally, announced_on=None, held_on=None)


def _made_here(call, *, filings, tally, announced_on, held_on):
    return CallResult(
        call=call,
        year=call.year,
        candidates=filings.get("candidates"),
        laureates=tally.projects,
        requested=filings.get("requested"),
        granted=tally.total if tally.known else None,
        requested_is_minimum=filings.get("told") != filings.get("candidates"),
        granted_is_minimum=bool(tally.minima or tally.unknown),
        granted_is_about=bool(tally.about),
        granted_from_press=bool(tally.press),
        granted_notes=tuple(filter(None, (tally.unknown_text, tally.press_text))) if tally.known else (),
        fictitious=call.fictitious or bool(tally.fictitious_projects),
        closed_on=_closed_on(call),
        committee_on=held_on,
        announced_on=announced_on,
    )


def _closed_on(call):
    """The day of the deadline, in Paris; « à minuit » is the end of a day."""
    return timezone.localdate(call.closes_at - timedelta(seconds=1)) if call.closes_at else None


def _euros(value):
    return None if value is None else Decimal(value)


# Several calls together


@dataclass
class Together:
    """Several results added up: each figure is the sum of what is known, and says of how many calls.

    A sum is no more exact than its parts; what is invented is left out of it.
    """

    results: list

    def __post_init__(self):
        self.results = [result for result in self.results if not result.fictitious]

    def known(self, name):
        return [value for result in self.results if (value := getattr(result, name)) is not None]

    def total(self, name):
        """The sum of what is known; None when nothing is."""
        known = self.known(name)
        return sum(known) if known else None

    def text(self, name, shown):
        """The sum of what is known; never zero for what is unknown."""
        total = self.total(name)
        return UNKNOWN if total is None else shown(total)

    def coverage(self, name):
        """« 2 appels sur 3 », where a call does not say; « en partie d’après la presse »."""
        known, notes = len(self.known(name)), []
        if known not in (0, len(self.results)):
            notes.append(f"{known} appel{'s' if known > 1 else ''} sur {len(self.results)}")
        if name == "granted" and any(result.granted_from_press for result in self.granting):
            notes.append("en partie d’après la presse")
        return ", ".join(notes)

    @property
    def granting(self):
        return [result for result in self.results if result.granted is not None]

    @property
    def texts(self):
        """What is shown of each figure."""
        return {
            "candidates": self.text("candidates", grouped),
            "laureates": self.text("laureates", grouped),
            "requested": sum_text(
                self.total("requested"),
                is_minimum=any(result.requested_is_minimum for result in self.results),
                is_about=False,
            ),
            "granted": sum_text(
                self.total("granted"),
                is_minimum=self.granted_is_minimum,
                is_about=any(result.granted_is_about for result in self.granting),
            ),
        }

    def told(self, name):
        """A figure and of how many calls it is: « 183 (2 appels sur 3) »."""
        text, coverage = self.texts[name], self.coverage(name)
        return f"{text} ({coverage})" if coverage else text

    @property
    def granted_is_minimum(self):
        return any(result.granted_is_minimum for result in self.granting)

    @property
    def rate(self):
        """Laureates over candidates of the calls that tell both."""
        both = [result for result in self.results if result.rate is not None]
        if not both:
            return None
        return sum(result.laureates for result in both) / sum(result.candidates for result in both)


def grouped_by(results, key):
    """Results together by the value of `key`, in the order they come; those that are invented, under none."""
    found = {}
    for result in results:
        if not result.fictitious:
            found.setdefault(key(result), []).append(result)
    return {name: Together(each) for name, each in found.items()}
