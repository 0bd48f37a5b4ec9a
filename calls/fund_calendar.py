"""All the dates of a fund's calls, those in preparation included: for its secretariat, never for the public."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.timezone import localtime

from calls.calendar_warnings import day_off, meetings_of, overlaps, warnings
from calls.models import Call
from calls.models.call import closing_day
from journal import dates

LINE = 52  # pixels of the drawing for one call
INITIALS = "JFMAMJJASOND"


class Entry(NamedTuple):
    """A date of a call, or a meeting (which may be of no call)."""

    day: date
    when: str
    what: str
    call: Call | None = None
    event: object = None

    @property
    def day_off(self):
        return day_off(self.day)


class Calendar:
    """The dates of these funds in one year of Paris: `months` to read, `lines` to draw, `warnings` to heed."""

    def __init__(self, funds, year, *, now):
        self.year, self.today = year, localtime(now).date()
        calls = Call.objects.filter(fund__in=funds).select_related("fund").prefetch_related("rounds")
        self.calls = list(calls.order_by("opens_at", "code"))
        self.meetings = list(meetings_of(funds))
        self.entries = sorted(
            [entry for call in self.calls for entry in _dates_of(call)]
            + [
                Entry(
                    localtime(each.starts_at).date(), each.when_text, each.get_kind_display(), each.call, each
                )
                for each in self.meetings
            ],
            key=lambda entry: entry.day,
        )

    @property
    def years(self):
        """Those in which something is planned or was held, and this one."""
        return sorted({entry.day.year for entry in self.entries} | {self.year}, reverse=True)

    @property
    def undated(self):
        """The calls in preparation that lack an opening or a deadline."""
        return [call for call in self.calls if call.in_preparation and not (call.opens_at and call.closes_at)]

    @property
    def months(self):
        """(« mars 2026 », its entries) for each month of the year that has some."""
        found = defaultdict(list)
        for entry in self.entries:
            if entry.day.year == self.year:
                found[entry.day.month].append(entry)
        return [(dates.written(date(self.year, month, 2), "F Y"), found[month]) for month in sorted(found)]

    @property
    def warnings(self):
        """(the call, its warnings) for what lives in the year and is not over; meetings of no call come under None."""
        here = {entry.call.pk for entry in self.entries if entry.call and entry.day.year == self.year}
        live = [call for call in self.calls if call.pk in here or self._spans(call)]
        live = [call for call in live if call.in_preparation or not self._is_over(call)]
        told = [(call, warnings(call, self.calls, self.meetings)) for call in live]
        free = [
            each
            for each in self.meetings
            if not each.call
            and localtime(each.starts_at).date() >= self.today
            and localtime(each.starts_at).year == self.year
        ]
        by_fund = defaultdict(list)
        for meeting in free:
            by_fund[meeting.fund_id].append(meeting)
        told.append((None, [said for meetings in by_fund.values() for said in overlaps(meetings)]))
        return [(call, said) for call, said in told if said]

    def _is_over(self, call):
        days = [closing_day(call.closes_at), call.committee_on, call.announced_on]
        return max(filter(None, days), default=date.min) < self.today

    @property
    def is_past(self):
        return self.year < self.today.year

    # The drawing: places are percentages of the year, so that the text keeps its size on any screen.

    @property
    def lines(self):
        """Each call that lives in the year, with its bar and its marks."""
        drawn = []
        for call in self.calls:
            days = [entry for entry in _dates_of(call) if entry.day]
            within = [entry for entry in days if entry.day.year == self.year]
            if not within and not self._spans(call):
                continue
            y = LINE * len(drawn) + 44
            start, end = self._share(_opening(call)), self._share(closing_day(call.closes_at))
            bar = (
                (_percent(start), _percent(max(end - start, 0.3)))
                if call.opens_at and call.closes_at
                else None
            )
            marks = [
                (
                    self._place(entry.day),
                    "deadline" if entry.what.startswith("Date limite") else "other",
                    entry,
                )
                for entry in within
            ]
            drawn.append({"call": call, "y": y, "bar_y": y + 8, "mark_y": y + 14, "bar": bar, "marks": marks})
        return drawn

    @property
    def height(self):
        return LINE * len(self.lines) + 36

    @property
    def month_lines(self):
        """(place, initial, place of the initial) of each month."""
        starts = [self._share(date(self.year, month, 1)) for month in range(1, 13)]
        return [
            (_percent(start), initial, _percent(start + 0.6))
            for start, initial in zip(starts, INITIALS, strict=True)
        ]

    @property
    def today_place(self):
        return self._place(self.today) if self.today.year == self.year else None

    def _spans(self, call):
        start, end = _opening(call), closing_day(call.closes_at)
        return bool(start and end and start.year < self.year < end.year)

    def _place(self, day):
        return _percent(self._share(day))

    def _share(self, day):
        """Where a day stands in the year, in percent; before it 0, after it 100."""
        if day is None:
            return 0
        share = (day - date(self.year, 1, 1)) / timedelta(days=366)
        return min(max(share, 0), 1) * 100


def _percent(share):
    """As a drawing takes it: a French comma would put everything at its left edge."""
    return f"{share:.2f}%"


def _opening(call):
    return call.opens_at and localtime(call.opens_at).date()


def _dates_of(call):
    rounds = sorted(call.rounds.all(), key=lambda each: each.closes_at)
    several = len(rounds) > 1
    known = [
        (_opening(call), "", "Ouverture"),
        (closing_day(call.questions_until), "", "Fin des questions"),
        *(
            (
                closing_day(each.closes_at),
                each.deadline_text if not call.imported else "",
                f"Date limite de dépôt{f' (relève {number})' if several else ''}",
            )
            for number, each in enumerate(rounds, start=1)
        ),
        (call.committee_on, "", "Comité"),
        (call.announced_on, "", "Annonce"),
    ]
    return [Entry(day, when or dates.day(day), what, call) for day, when, what in known if day]
