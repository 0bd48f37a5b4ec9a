"""The dossiers the committee will hear of."""

import pytest

from applications import actions as applications
from applications.models import Recusal
from journal.refusals import Refused
from selection.actions import shortlist as actions
from selection.models import Case
from tests.factories import (
    CallFactory,
    case_in,
    certifier_of,
    officer_of,
    reviewed_case,
)

State = Case.State


def recused_officer(application):
    officer = officer_of(application.call.fund)
    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")
    return officer


# Shortlist


@pytest.fixture
def call(db):
    return CallFactory(published=True)


def test_the_shortlist_keeps_the_ticked_ones_and_turns_down_the_others(call):
    kept, other = reviewed_case(call=call), reviewed_case(call=call)
    unfinished = case_in(State.UNDER_REVIEW, call=call)

    count = actions.draw_shortlist(call, [kept.application.reference], by=officer_of(call.fund))

    states = dict(Case.objects.values_list("pk", "state"))
    assert count == 1
    assert states == {
        kept.pk: State.SHORTLISTED,
        other.pk: State.NOT_SHORTLISTED,
        unfinished.pk: State.UNDER_REVIEW,
    }


def test_an_empty_shortlist_is_refused(call):
    reviewed_case(call=call)

    with pytest.raises(Refused) as refusal:
        actions.draw_shortlist(call, [], by=officer_of(call.fund))

    assert refusal.value.reason == "Cochez au moins un dossier."


def test_a_dossier_of_another_call_is_not_shortlisted(call):
    reviewed_case(call=call)
    other = reviewed_case()

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [other.application.reference], by=officer_of(call.fund))


def test_what_was_withdrawn_is_not_shortlisted(call):
    case = reviewed_case(call=call)
    applications.withdraw(case.application, by=certifier_of(case.application.organisation))

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [case.application.reference], by=officer_of(call.fund))


def test_a_call_without_a_shortlist_draws_none(db):
    call = CallFactory(published=True, has_shortlist=False)
    case = reviewed_case(call=call)

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [case.application.reference], by=officer_of(call.fund))


def test_who_is_recused_from_a_dossier_of_a_call_does_not_draw_its_shortlist(call):
    mine, other = reviewed_case(call=call), reviewed_case(call=call)
    officer = recused_officer(mine.application)

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [other.application.reference], by=officer)

    assert set(Case.objects.values_list("state", flat=True)) == {State.UNDER_REVIEW}
