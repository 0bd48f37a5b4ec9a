"""How long until a call opens or closes, or since it closed: told by the time of the database, which one hands in."""

from datetime import timedelta
from typing import NamedTuple

from django.utils.timezone import localtime

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Shorter is told in hours up to two days, in days up to three months, in months up to two years.
IN_HOURS, IN_DAYS, IN_MONTHS = 2 * DAY, 3, 24


class Countdown(NamedTuple):
    """Where a call stands: open, upcoming or closed; and since or until when, in a sentence."""

    state: str
    text: str

    @property
    def label(self):
        return {"open": "Ouvert", "upcoming": "À venir", "closed": "Clos"}[self.state]

    @property
    def tone(self):
        """The tone of components/badge.html."""
        return {"open": "success", "upcoming": "info", "closed": "neutral"}[self.state]


def countdown(now, *, opens_at, closes_at, imported=False):
    """The state of a published call at `now`, as `CallQuerySet` sees it.

    At `opens_at` it is open, at `closes_at` it is closed. What is left is rounded down, so that nobody is promised
    more time than there is. An imported past call is closed whatever dates are missing.
    """
    if not imported and now < opens_at:
        return Countdown("upcoming", f"Ouvre dans {duration(now, opens_at)}")
    if not imported and closes_at and now < closes_at:
        return Countdown("open", f"Ferme dans {duration(now, closes_at)}")
    if closes_at and closes_at <= now:
        return Countdown("closed", f"Clos depuis {duration(closes_at, now)}")
    return Countdown("closed", "Clos")


def countdown_of(call, now):
    """The same, of a published call."""
    return countdown(now, opens_at=call.opens_at, closes_at=call.closes_at, imported=call.imported)


def duration(start, end):
    """The time between two moments in its largest unit, rounded down: « 5 heures », « 3 jours », « 8 ans »."""
    length = end - start
    if length < timedelta(minutes=1):
        return "moins d’une minute"
    if length < HOUR:
        return counted(length // timedelta(minutes=1), "minute")
    if length < IN_HOURS:
        return counted(length // HOUR, "heure")
    months = whole_months(localtime(start), localtime(end))
    if months < IN_DAYS:
        return counted(length // DAY, "jour")
    return f"{months}\u00a0mois" if months < IN_MONTHS else counted(months // 12, "an")


def whole_months(start, end):
    """The months between two moments by the calendar of Paris."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - ((end.day, end.time()) < (start.day, start.time()))


def counted(number, unit):
    return f"{number}\u00a0{unit}" + ("s" if number > 1 else "")
