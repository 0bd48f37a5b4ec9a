"""When a call is open, who sees it, and how its deadline is said."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from calls.models import Call, CallDocument, Round, deadline_text
from tests.clock import from_now, python_clock_off_by
from tests.database import refused_by_the_database
from tests.factories import CallFactory, FundFactory, UserFactory, auditor_of, head_of, officer_of


def call_between(opens_at, closes_at, **fields):
    call = CallFactory(published=True, opens_at=opens_at, **fields)
    call.rounds.update(closes_at=closes_at)
    return call


def where_is(call):
    """The questions that a call answers yes to."""
    questions = {
        "open": Call.objects.open(),
        "upcoming": Call.objects.upcoming(),
        "closed": Call.objects.closed(),
    }
    return [name for name, calls in questions.items() if calls.filter(pk=call.pk).exists()]


@pytest.mark.parametrize(
    ("opens_in", "closes_in", "expected"),
    [
        (1, 60, "upcoming"),
        (-1, 60, "open"),
        (-60, 1, "open"),
        (-60, -1, "closed"),
        (0, 60, "open"),
        (-60, 0, "closed"),
    ],
)
def test_a_call_opens_and_closes_to_the_second(db, opens_in, closes_in, expected):
    call = call_between(from_now(seconds=opens_in), from_now(seconds=closes_in))

    assert where_is(call) == [expected]


@pytest.mark.parametrize("days", [-1, 1])
@pytest.mark.parametrize(
    ("opens_in", "closes_in", "expected"), [(1, 60, "upcoming"), (-60, 1, "open"), (-60, -1, "closed")]
)
def test_a_web_server_a_day_off_opens_and_closes_nothing(db, days, opens_in, closes_in, expected):
    call = call_between(from_now(seconds=opens_in), from_now(seconds=closes_in))

    with python_clock_off_by(days=days):
        assert where_is(call) == [expected]


def test_a_call_with_several_rounds_stays_open_until_the_last(db):
    call = call_between(from_now(days=-9), from_now(days=-3))
    Round.objects.create(call=call, number=2, closes_at=from_now(days=3))

    assert where_is(call) == ["open"]


@pytest.mark.parametrize("opens_in", [-1, 1])
def test_an_imported_call_is_closed_whatever_its_dates(db, opens_in):
    call = call_between(from_now(days=opens_in), from_now(days=9), imported=True)

    assert where_is(call) == ["closed"]


def test_an_imported_call_without_any_date_is_closed(db):
    call = CallFactory(published=True, imported=True, opens_at=None)
    call.rounds.all().delete()

    assert where_is(call) == ["closed"]


@pytest.mark.parametrize("state", [Call.State.DRAFT, Call.State.ARCHIVED])
def test_a_call_that_is_not_published_is_neither_open_nor_closed(db, state):
    assert where_is(CallFactory(state=state)) == []


def seen_by(user):
    return list(Call.objects.visible_to(user).order_by("pk"))


def test_a_draft_is_seen_by_its_fund_alone(db):
    call = CallFactory()

    assert [
        seen_by(person) for person in (officer_of(call.fund), head_of(call.fund), auditor_of(call.fund))
    ] == [[call]] * 3
    assert [seen_by(person) for person in (AnonymousUser(), UserFactory(), officer_of(FundFactory()))] == [
        []
    ] * 3


def test_a_published_call_is_seen_by_everyone(db):
    call = CallFactory(published=True)

    assert (seen_by(AnonymousUser()), seen_by(UserFactory())) == ([call], [call])


def test_the_call_of_a_rehearsal_is_not_public(db):
    call = CallFactory(published=True, fund__rehearsal=True)

    assert (list(Call.objects.public()), seen_by(AnonymousUser()), seen_by(UserFactory())) == ([], [], [call])


# The dates that the database keeps


def kept(call):
    call.refresh_from_db()
    return call.closes_at, call.year


SPRING, SUMMER = datetime(2018, 3, 15, 23, tzinfo=UTC), datetime(2018, 7, 15, 22, tzinfo=UTC)


def test_the_deadline_of_a_call_is_its_last_round(db):
    call = call_between(datetime(2017, 12, 31, 23, tzinfo=UTC), SUMMER)

    Round.objects.create(call=call, number=2, closes_at=SPRING)

    assert kept(call) == (SUMMER, 2018)


@pytest.mark.parametrize(
    ("change", "closes_at"),
    [
        (lambda call: call.rounds.update(closes_at=SUMMER), SUMMER),
        (lambda call: call.rounds.all().delete(), None),
        (lambda call: Round.objects.create(call=call, number=2, closes_at=SUMMER), SUMMER),
        (lambda call: Call.objects.filter(pk=call.pk).update(closes_at=SUMMER), SPRING),
        (lambda call: Call(**{**vars_of(call), "closes_at": None}).save(), SPRING),
    ],
    ids=[
        "its round moves",
        "its rounds go",
        "a later round comes",
        "someone writes it",
        "a stale instance is saved",
    ],
)
def test_the_deadline_of_a_call_never_lies(db, change, closes_at):
    call = call_between(datetime(2018, 1, 31, 23, tzinfo=UTC), SPRING)

    change(call)

    assert kept(call)[0] == closes_at


def vars_of(call):
    return {
        field.attname: getattr(call, field.attname)
        for field in Call._meta.concrete_fields
        if not field.generated
    }


def test_a_round_that_changes_hands_changes_both_calls(db):
    opening = datetime(2018, 1, 31, 23, tzinfo=UTC)
    one, other = call_between(opening, SPRING), call_between(opening, SPRING)

    other.rounds.update(call=one, number=2, closes_at=SUMMER)

    assert (kept(one)[0], kept(other)[0]) == (SUMMER, None)


NEW_YEAR = datetime(2017, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "said", "year"),
    [
        (NEW_YEAR, SPRING, None, 2018),
        (NEW_YEAR - timedelta(minutes=1), SPRING, None, 2017),
        (None, SPRING, None, 2018),
        (None, None, None, None),
        (None, None, 2020, 2020),
        (NEW_YEAR, None, 2020, 2018),
    ],
)
def test_the_year_of_a_past_call_is_that_of_its_dates_in_paris_or_what_its_sources_say(
    db, opens_at, closes_at, said, year
):
    call = CallFactory(imported=True, opens_at=opens_at)
    call.rounds.all().delete()

    Call.objects.filter(pk=call.pk).update(year=said)
    if closes_at:
        Round.objects.create(call=call, closes_at=closes_at)

    assert kept(call)[1] == year


def test_nobody_gives_a_year_to_a_call_prepared_here(db):
    call = CallFactory(opens_at=NEW_YEAR)

    Call.objects.filter(pk=call.pk).update(year=2020)

    assert kept(call)[1] == 2018


@pytest.mark.parametrize(
    ("closes_at", "text"),
    [
        (datetime(2018, 3, 15, 23, tzinfo=UTC), "15 mars 2018 à minuit"),
        (datetime(2018, 7, 15, 22, tzinfo=UTC), "15 juillet 2018 à minuit"),
        (datetime(2017, 12, 31, 23, tzinfo=UTC), "31 décembre 2017 à minuit"),
        (datetime(2018, 3, 15, 11, tzinfo=UTC), "15 mars 2018 à 12:00"),
        (datetime(2018, 3, 15, 23, 0, 1, tzinfo=UTC), "16 mars 2018 à 00:00:01"),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_its_day_in_paris(closes_at, text):
    assert deadline_text(closes_at) == text


def test_a_published_call_has_a_date_of_publication(db):
    with refused_by_the_database():
        Call.objects.filter(pk=CallFactory().pk).update(state=Call.State.PUBLISHED)


def test_a_published_call_has_an_opening(db):
    with refused_by_the_database():
        Call.objects.filter(pk=CallFactory(published=True).pk).update(opens_at=None)


def test_a_ceiling_is_never_below_the_threshold(db):
    with pytest.raises(IntegrityError):
        CallFactory(threshold=2, ceiling=1)


def test_a_document_says_its_format():
    assert CallDocument(name="Cahier des charges.v2.pdf").format == "PDF"
