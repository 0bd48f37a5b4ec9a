"""The sum of the grants never passes the envelope of the year: by the action, by the database, and all at once."""

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import QuerySet

from calls.models import Envelope
from journal.refusals import Refused
from selection import envelope
from selection.actions import decisions
from selection.models import AgendaItem, Decision
from tests.database import in_parallel, refused_by_the_database, write
from tests.factories import FundFactory, agenda_item, chair_of, committee_session

GUARD = "selection_item_stands_on_its_decision"
MILLION = 1_000_000


def session_with(commitments):
    return committee_session(FundFactory(), commitments=Decimal(commitments))


def voting(session):
    return agenda_item(session, state=AgendaItem.State.VOTED)


def granting(item, amount):
    chair = chair_of(item.session)
    return lambda: decisions.decide(item, outcome="selected", amount=Decimal(amount), by=chair).amount


def test_what_is_granted_is_no_longer_available(db):
    session = session_with(10 * MILLION)

    granting(voting(session), 4 * MILLION)()

    assert (envelope.granted(session.envelope), envelope.remaining(session.envelope)) == (
        4 * MILLION,
        6 * MILLION,
    )


def test_the_envelope_may_be_used_to_its_last_cent(db):
    session = session_with(10 * MILLION)

    granting(voting(session), "9999999.99")()
    granting(voting(session), "0.01")()

    assert envelope.remaining(session.envelope) == 0


def test_a_grant_that_passes_the_envelope_is_refused_with_what_is_left(db):
    session = session_with(10 * MILLION)
    granting(voting(session), 6 * MILLION)()
    item = voting(session)

    with pytest.raises(Refused) as refusal:
        granting(item, "4000000.01")()

    item.refresh_from_db()
    assert refusal.value.reason == (
        f"L’enveloppe {session.envelope} ne contient plus que 4\u202f000\u202f000\u00a0€ :"
        " 4\u202f000\u202f000,01\u00a0€ ne peuvent pas être accordés. Aucune décision n’a été enregistrée."
    )
    assert (item.state, Decision.objects.count()) == (AgendaItem.State.VOTED, 1)


def test_the_database_alone_refuses_it_too(db):
    session = session_with(10 * MILLION)
    item = voting(session)

    with refused_by_the_database():
        write(
            """
            INSERT INTO selection_decision (item_id, envelope_id, outcome, amount, reason, decided_by_id, decided_at)
            VALUES (%s, %s, 'selected', 10000000.01, '', %s, now())
            """,
            item.pk,
            session.envelope_id,
            chair_of(session).pk,
        )


def test_an_envelope_does_not_shrink_below_what_it_granted(db):
    session = session_with(10 * MILLION)
    granting(voting(session), 6 * MILLION)()

    with refused_by_the_database():
        Envelope.objects.update(commitments=6 * MILLION - 1)

    assert Envelope.objects.update(commitments=6 * MILLION) == 1


def test_two_sessions_of_a_year_share_one_envelope(db):
    session = session_with(10 * MILLION)
    granting(voting(session), 6 * MILLION)()
    later = committee_session_of_the_same_year(session)

    with pytest.raises(Refused):
        granting(voting(later), 5 * MILLION)()


def committee_session_of_the_same_year(session):
    return type(session).objects.create(
        committee=session.committee,
        envelope=session.envelope,
        title="Séance suivante",
        held_on=session.held_on,
        state=session.state,
        prepared_by=session.prepared_by,
    )


# All at once


@pytest.mark.django_db(transaction=True)
def test_ten_grants_at_once_never_pass_the_envelope():
    session = session_with(10 * MILLION)
    items = [voting(session) for _ in range(10)]

    given = in_parallel(*[granting(item, 3 * MILLION) for item in items])

    assert sorted(type(answer).__name__ for answer in given) == ["Decimal"] * 3 + ["EnvelopeExceeded"] * 7
    assert envelope.granted(session.envelope) == 9 * MILLION


@pytest.fixture
def without_the_lock(monkeypatch):
    """The envelope is read without being locked, and both grants have read it before either is written."""
    locked, remaining, both_have_read = QuerySet.select_for_update, envelope.remaining, threading.Barrier(2)

    def read_only(queryset, **options):
        return queryset if queryset.model is Envelope else locked(queryset, **options)

    def read_together(purse):
        left = remaining(purse)
        both_have_read.wait(10)
        return left

    monkeypatch.setattr(QuerySet, "select_for_update", read_only)
    monkeypatch.setattr(envelope, "remaining", read_together)


def set_guard(command):
    with connection.cursor() as cursor:
        cursor.execute(
            f"RESET ROLE; ALTER TABLE selection_agendaitem {command} TRIGGER {GUARD}; SET ROLE portal_web"
        )


@pytest.fixture
def without_the_trigger(transactional_db):
    set_guard("DISABLE")
    yield
    set_guard("ENABLE")


def two_grants_of_six_on_ten():
    session = session_with(10 * MILLION)
    items = [voting(session) for _ in range(2)]
    given = in_parallel(*[granting(item, 6 * MILLION) for item in items])
    return sorted(type(answer).__name__ for answer in given), Decision.objects.granted()


@pytest.mark.django_db(transaction=True)
def test_with_the_lock_and_the_trigger_off_the_envelope_is_passed(without_the_trigger, without_the_lock):
    assert two_grants_of_six_on_ten() == (["Decimal", "Decimal"], 12 * MILLION)


@pytest.mark.django_db(transaction=True)
def test_with_the_lock_off_the_trigger_alone_holds(without_the_lock):
    assert two_grants_of_six_on_ten() == (["Decimal", "IntegrityError"], 6 * MILLION)


@pytest.mark.django_db(transaction=True)
def test_with_the_trigger_off_the_lock_alone_holds(without_the_trigger):
    assert two_grants_of_six_on_ten() == (["Decimal", "EnvelopeExceeded"], 6 * MILLION)
