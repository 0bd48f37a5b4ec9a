"""The clocks of instruction: days from the deadline, read in the journal."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, make_aware

from applications.actions.exchanges import write_to_carrier, write_to_secretariat
from journal import actions as journal
from journal import clock
from selection import clocks
from selection.actions.standing import count_again
from selection.models import Case, Review
from tests import factories

pytestmark = pytest.mark.django_db


def call_closed_days_ago(days):
    """A call whose deadline is moved once its dossiers are filed."""
    call = factories.CallFactory(published=True)

    def close():
        # At midnight, as deadlines are: an hour of the day would be another day's when summer time ends in between.
        next_day = localdate(clock.now()) - timedelta(days=days - 1)
        call.rounds.update(closes_at=make_aware(datetime.combine(next_day, time())))

    return call, close


def measured(call, target=45):
    return clocks.measure(Case.objects.filter(call=call), target=target)


def step(measure, key):
    return next(each for each in measure.steps if each.key == key)


def test_a_step_counts_the_days_since_the_deadline():
    call, close = call_closed_days_ago(30)
    case = factories.case_in(Case.State.ELIGIBLE, call=call)
    factories.filed_application(call=call)
    journal.record("case.declared_eligible", case, by=factories.officer_of(call.fund), reason="")
    close()

    found = step(measured(call), "checked")

    assert (found.reached, found.median, found.longest) == (1, 30, 30)


def test_what_comes_before_the_deadline_counts_for_no_day():
    call = factories.CallFactory(published=True)
    case = factories.case_in(Case.State.ELIGIBLE, call=call)
    journal.record("case.declared_eligible", case, by=factories.officer_of(call.fund), reason="")

    found = measured(call)

    assert (step(found, "begun").longest, found.age) == (0, 0)


def test_the_last_review_is_finished_when_all_those_asked_are():
    call, close = call_closed_days_ago(3)
    case = factories.reviewed_case(call=call)
    journal.record("case.review_finished", case, by=factories.officer_of(call.fund))
    close()
    before = step(measured(call), "reviewed").reached

    Review.objects.create(case=case, reviewer=factories.officer_of(call.fund))
    count_again(case)

    assert (before, step(measured(call), "reviewed").reached) == (1, 0)


def test_the_target_tells_the_dossiers_in_time_from_those_late():
    call, close = call_closed_days_ago(30)
    item = factories.agenda_item(factories.committee_session(call.fund), call=call)
    journal.record("agenda.added", item)
    journal.record("item.decided", item)
    factories.filed_application(call=call)
    close()

    late, early = measured(call, target=29), measured(call, target=30)

    assert (late.in_time, late.late, late.waiting_in_time, late.waiting_late) == (0, 1, 0, 1)
    assert (early.in_time, early.late, early.waiting_in_time, early.waiting_late) == (1, 0, 1, 0)


def test_a_fund_without_a_target_compares_nothing():
    call = factories.CallFactory(published=True)
    factories.filed_application(call=call)

    found = measured(call, target=None)

    assert (found.in_time, found.waiting_late, found.waiting) == (None, None, 1)


def test_a_dossier_that_ended_early_awaits_no_committee():
    call = factories.CallFactory(published=True)
    factories.case_in(Case.State.INELIGIBLE, call=call)

    assert measured(call).waiting == 0


def test_a_message_or_a_request_for_more_is_a_first_act_and_what_the_carrier_writes_is_none():
    call = factories.CallFactory(published=True)
    written, asked, silent = (factories.filed_application(call=call) for _ in range(3))
    officer = factories.officer_of(call.fund)
    write_to_carrier(written, text="Bien reçu.", nonce="1", by=officer)
    journal.record("application.clarification_asked", asked, by=officer)
    write_to_secretariat(
        silent, text="Une question.", nonce="2", by=factories.certifier_of(silent.organisation)
    )

    assert step(measured(call), "begun").reached == 2


def test_the_clock_reads_of_the_journal_what_is_about_its_dossiers_alone():
    call = factories.CallFactory(published=True)
    case = factories.case_in(Case.State.ELIGIBLE, call=call)
    for number in range(2000):
        journal.record("case.labelled", Case(pk=10_000 + number))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE journal_entry")

    with CaptureQueriesContext(connection) as queries:
        clocks.measure(Case.objects.filter(pk=case.pk), target=45)

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on journal_entry " not in plan
