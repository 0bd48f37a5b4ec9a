"""The secretariat's annex to a session: made of what is revealed, shown to the secretariat and the audit alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from calls.models import Criterion
from journal.models import Entry
from journal.refusals import Refused
from selection import tasks
from selection.actions import calibration as actions
from selection.models import AgendaItem, Calibration
from tests.factories import auditor_of, chair_of, head_of, officer_of
from tests.selection.annex_factories import scored, session_scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return session_scored()


@pytest.fixture
def officer(session):
    return officer_of(session.fund)


def made(session, officer):
    calibration = actions.ask_calibration(session, by=officer)
    actions.make_calibration(calibration.pk)
    calibration.refresh_from_db()
    return calibration


# What is computed


def test_it_is_computed_once_from_the_same_scores(session, officer):
    first = made(session, officer)

    again = actions.ask_calibration(session, by=head_of(session.fund))

    assert (again, first.failure, len(first.result["calls"][0]["projects"])) == (first, "", 4)
    events = Entry.objects.filter(event__startswith="calibration.").order_by("id")
    assert list(events.values_list("event", flat=True)) == ["calibration.asked", "calibration.made"]


def test_sealed_scores_are_no_part_of_it(session, officer):
    before = made(session, officer)
    session_scored([(5, 5, 5)], session=session, state=AgendaItem.State.SCORING)

    assert actions.ask_calibration(session, by=officer) == before


def test_other_scores_make_another(session, officer):
    before = made(session, officer)
    scored(session.items.last(), chair_of(session).seats.get(), 5, round=2)

    after = made(session, officer)

    assert after.pk != before.pk
    assert after.input_sha256 != before.input_sha256


def test_what_no_bell_rang_for_is_computed_by_the_beat(session, officer, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    calibration = actions.ask_calibration(session, by=officer)
    Calibration.objects.update(made_at=None, result=None)
    Calibration.objects.update(asked_at=timezone.now() - timezone.timedelta(minutes=2))

    assert list(Calibration.objects.missed()) == [calibration]
    tasks.calibrate(calibration.pk)

    assert not Calibration.objects.waiting().exists()


def test_nothing_revealed_is_nothing_to_compute():
    session = session_scored(state=AgendaItem.State.SCORING)

    with pytest.raises(Refused):
        actions.ask_calibration(session, by=officer_of(session.fund))


def test_too_few_scores_are_said_and_are_no_failure():
    session = session_scored([(4,)])

    calibration = made(session, officer_of(session.fund))

    assert calibration.failure == ""
    assert calibration.result["calls"][0]["too_few"] == (
        "Trop peu de dossiers ont été notés par plusieurs membres."
    )


def test_each_call_is_compared_by_itself(session, officer):
    session_scored([(1, 2, 3), (3, 2, 2)], session=session)

    parts = made(session, officer).result["calls"]

    assert [len(part["projects"]) for part in parts] == [4, 2]


def test_a_failure_says_so_and_is_asked_again(session, officer):
    calibration = actions.ask_calibration(session, by=officer)
    Criterion.objects.update(weight=0)

    actions.make_calibration(calibration.pk)

    calibration.refresh_from_db()
    assert (calibration.result, calibration.failure) == (None, actions.FAILED)
    assert actions.ask_calibration(session, by=officer) != calibration


def test_who_sits_never_asks_for_it(session):
    for user in (chair_of(session), auditor_of(session.fund)):
        with pytest.raises(PermissionDenied):
            actions.ask_calibration(session, by=user)
