"""How long until a call opens or closes, at each side of each boundary."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.countdown import countdown, countdown_of
from calls.models import Call
from journal import clock
from tests.clock import from_now
from tests.factories import CallFactory

OPENS = datetime(2018, 1, 31, 23, tzinfo=UTC)
CLOSES = datetime(2018, 3, 15, 23, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def at(now, **fields):
    told = countdown(now, **{"opens_at": OPENS, "closes_at": CLOSES} | fields)
    return told.state, told.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(days=365 * 2 + 1), "2 ans"),
        (timedelta(days=365 * 2 + 1) - TICK, "23 mois"),
        (timedelta(days=92), "3 mois"),
        (timedelta(days=92) - TICK, "91 jours"),
        (timedelta(days=3), "3 jours"),
        (timedelta(days=3) - TICK, "2 jours"),
        (timedelta(days=2), "2 jours"),
        (timedelta(days=2) - TICK, "47 heures"),
        (timedelta(hours=1), "1 heure"),
        (timedelta(hours=1) - TICK, "59 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=1) - TICK, "moins d’une minute"),
        (TICK, "moins d’une minute"),
    ],
)
def test_what_is_left_before_the_opening_is_rounded_down(before, text):
    assert at(OPENS - before) == ("upcoming", f"Ouvre dans {text}")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - TICK, ("upcoming", "Ouvre dans moins d’une minute")),
        (OPENS, ("open", "Ferme dans 43 jours")),
        (CLOSES - timedelta(hours=5), ("open", "Ferme dans 5 heures")),
        (CLOSES - TICK, ("open", "Ferme dans moins d’une minute")),
        (CLOSES, ("closed", "Clos depuis moins d’une minute")),
        (CLOSES + timedelta(days=8), ("closed", "Clos depuis 8 jours")),
        (datetime(2020, 3, 15, 22, 59, tzinfo=UTC), ("closed", "Clos depuis 23 mois")),
        (datetime(2020, 3, 15, 23, tzinfo=UTC), ("closed", "Clos depuis 2 ans")),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), ("closed", "Clos depuis 8 ans")),
    ],
)
def test_a_call_is_upcoming_then_open_then_closed(now, expected):
    assert at(now) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"opens_at": None, "closes_at": None}, ("closed", "Clos")),
        ({"closes_at": None}, ("closed", "Clos")),
        ({"opens_at": None}, ("closed", "Clos depuis 8 jours")),
    ],
)
def test_a_past_call_is_closed_whatever_dates_are_missing(fields, expected):
    assert at(CLOSES + timedelta(days=8), imported=True, **fields) == expected


def test_a_past_call_is_closed_whatever_dates_it_has():
    assert at(CLOSES - timedelta(days=8), imported=True) == ("closed", "Clos")


def test_a_call_without_a_deadline_is_closed_once_opened():
    assert at(OPENS, closes_at=None) == ("closed", "Clos")


def test_months_are_those_of_the_calendar_in_paris():
    first_of_march = datetime(2018, 2, 28, 23, tzinfo=UTC)

    assert at(first_of_march, opens_at=datetime(2018, 5, 31, 22, tzinfo=UTC)) == (
        "upcoming",
        "Ouvre dans 3 mois",
    )


@pytest.mark.parametrize(
    ("opens", "closes", "state"), [(-2, 2, "open"), (1, 2, "upcoming"), (-2, -1, "closed")]
)
def test_a_call_is_told_as_its_queryset_sees_it(db, opens, closes, state):
    call = CallFactory(published=True, opens_at=from_now(days=opens))
    call.rounds.update(closes_at=from_now(days=closes))

    [found] = getattr(Call.objects, state)()

    assert countdown_of(found, clock.now()).state == state


def test_each_state_has_its_label_and_its_tone():
    told = [countdown(now, opens_at=OPENS, closes_at=CLOSES) for now in (OPENS - TICK, OPENS, CLOSES)]

    assert [(each.label, each.tone) for each in told] == [
        ("À venir", "info"),
        ("Ouvert", "success"),
        ("Clos", "neutral"),
    ]
