"""What became of the calls: candidates, laureates, money and delays, from published facts and public announcements.

A past call says what its sources say. A call made on this portal shows nothing before an announcement of its
laureates is public; then its figures are counted from its own filings.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from applications.models import Submission
from calls.models import LATEST_FIRST, Call
from calls.money import QUALIFIERS, grouped, short_euros
from fondsportal.front.indicators import shown
from selection.figures import Tally, tallies
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
    granted_qualifier: str = ""
    granted_note: str = ""
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
            short_euros(self.requested),
            self.granted_text + (f" ({self.granted_note})" if self.granted_note else ""),
            shown(self.days_to_committee, "days"),
            shown(self.days_to_announcement, "days"),
        ]

    @property
    def granted_text(self):
        if self.granted is None:
            return UNKNOWN
        return QUALIFIERS.get(self.granted_qualifier, "") + short_euros(self.granted)

    @property
    def granted_is_minimum(self):
        return self.granted_qualifier == Laureate.Qualifier.MORE_THAN


def days_between(start, end):
    """Whole days from one date to the other; unknown when one is, or when they are out of order."""
    return (end - start).days if start and end and end >= start else None


def with_results():
    """The public calls whose results may be told."""
    announced = Announcement.objects.public().values("call")
    return Call.objects.public().filter(Q(imported=True) | Q(pk__in=announced))


def latest(calls):
    """The latest calls, with what their results are told from."""
    return list(calls.select_related("fund").order_by(*LATEST_FIRST)[:MOST_CALLS])


def of(calls):
    """The results of these calls, in their order, in a few queries however many they are."""
    made_here = [call.pk for call in calls if not call.imported]
    filings = {
        row["application__call"]: row
        for row in Submission.objects.standing()
        .filter(application__call__in=made_here)
        .values("application__call")
        .annotate(candidates=Count("pk"), requested=Sum("requested_grant"))
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
            held=Max("case__agenda_items__session__held_on", filter=Q(case__agenda_items__state="decided"))
        )
    )
    of_call = tallies(public, "call")
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


def _imported(call):
    facts = call.facts
    return CallResult(
        call=call,
        year=call.year,
        candidates=facts.get("candidates"),
        laureates=facts.get("laureates"),
        requested=_euros(facts.get("requested_eur")),
        granted=_euros(facts.get("granted_eur")),
        granted_qualifier=facts.get("granted_qualifier") or "",
        closed_on=_closed_on(call),
        committee_on=call.committee_on,
        announced_on=call.announced_on,
        sources=call.sources,
    )


def _made_here(call, *, filings, tally, announced_on, held_on):
    qualifier = (
        Laureate.Qualifier.MORE_THAN if tally.minima else Laureate.Qualifier.APPROX if tally.about else ""
    )
    return CallResult(
        call=call,
        year=call.year,
        candidates=filings.get("candidates"),
        laureates=tally.projects,
        requested=filings.get("requested"),
        granted=tally.total if tally.known else None,
        granted_qualifier=qualifier,
        granted_note=tally.unknown_text if tally.known else "",
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
    """Several results added up: each figure is the sum of what is known, and says of how many calls."""

    results: list

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
        """« 2 appels sur 3 », where a call does not say."""
        known = len(self.known(name))
        if known in (0, len(self.results)):
            return ""
        return f"{known} appel{'s' if known > 1 else ''} sur {len(self.results)}"

    @property
    def texts(self):
        """What is shown of each figure."""
        qualifiers = {result.granted_qualifier for result in self.results if result.granted is not None}
        prefix = "au moins " if "more_than" in qualifiers else "environ " if "approx" in qualifiers else ""
        return {
            "candidates": self.text("candidates", grouped),
            "laureates": self.text("laureates", grouped),
            "requested": self.text("requested", short_euros),
            "granted": prefix + self.text("granted", short_euros),
        }

    def told(self, name):
        """A figure and of how many calls it is: « 183 (2 appels sur 3) »."""
        text, coverage = self.texts[name], self.coverage(name)
        return f"{text} ({coverage})" if coverage else text

    @property
    def granted_is_minimum(self):
        return any(result.granted_is_minimum for result in self.results)

    @property
    def rate(self):
        """Laureates over candidates of the calls that tell both."""
        both = [result for result in self.results if result.rate is not None]
        if not both:
            return None
        return sum(result.laureates for result in both) / sum(result.candidates for result in both)


def grouped_by(results, key):
    """Results together by the value of `key`, in the order they come."""
    found = {}
    for result in results:
        found.setdefault(key(result), []).append(result)
    return {name: Together(each) for name, each in found.items()}
