"""A permanent counter: a draft goes to the next round still open, what was filed keeps its own."""

import pytest

from applications import actions
from applications.models import Application
from calls.models import Round
from journal.refusals import Refused
from tests.clock import from_now
from tests.factories import CallFactory, OrganisationFactory, certifier_of, complete_draft, contributor_of


def counter(*seconds):
    """An open call whose rounds close in so many seconds."""
    call = CallFactory(published=True)
    call.rounds.all().delete()
    for number, each in enumerate(seconds, start=1):
        Round.objects.create(call=call, number=number, closes_at=from_now(seconds=each))
    return call


def in_round(call, number):
    return complete_draft(call=call, round=call.rounds.get(number=number))


def file_it(application):
    actions.file_application(application, by=certifier_of(application.organisation))
    application.refresh_from_db()
    return application


def due_at(application):
    return Application.objects.with_deadline().get(pk=application.pk).due_at


def test_a_new_draft_is_for_the_next_round(db):
    organisation = OrganisationFactory()

    application = actions.create_application(
        call=counter(-60, 60, 120), organisation=organisation, title="Projet", by=contributor_of(organisation)
    )

    assert application.round.number == 2


@pytest.mark.parametrize(("seconds", "number"), [((1, 90), 1), ((-1, 90), 2), ((-90, -1, 90), 3)])
def test_a_draft_is_filed_in_the_first_round_that_has_not_passed(db, seconds, number):
    application = in_round(counter(*seconds), 1)

    shown = due_at(application)
    filed = file_it(application)

    assert (filed.round.number, filed.submissions.get().content["round"]) == (number, number)
    assert shown == filed.round.closes_at


def test_past_the_last_round_nothing_is_filed(db):
    application = in_round(counter(-90, -1), 1)

    with pytest.raises(Refused):
        file_it(application)

    assert due_at(application) == application.round.closes_at


def test_a_later_round_is_not_brought_forward(db):
    assert file_it(in_round(counter(60, 90), 2)).round.number == 2


def test_what_was_filed_and_taken_back_keeps_its_round(db):
    application = file_it(in_round(counter(60, 90), 1))
    actions.take_back(application, by=application.created_by)
    Round.objects.filter(number=1).update(closes_at=from_now(seconds=-1))

    with pytest.raises(Refused):
        file_it(application)

    application.refresh_from_db()
    assert (application.round.number, due_at(application)) == (1, application.round.closes_at)
