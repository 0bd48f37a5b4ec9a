"""What reviewers think of a dossier."""

from decimal import Decimal

import pytest

from journal.refusals import Refused
from selection.actions import reviews as actions
from selection.models import Case, Review
from tests.database import refused_by_the_database
from tests.factories import (
    CallFactory,
    FundFactory,
    case_in,
    head_of,
    officer_of,
)

State = Case.State


def scores(case, *values):
    criteria = case.application.call.criteria.all()
    return [
        {"criterion": criterion, "value": value, "comment": ""}
        for criterion, value in zip(criteria, values, strict=True)
    ]


def review(case, *values, by=None, finished=True, **facts):
    facts = {"comment": "", "recommendation": "favourable", "proposed_amount": None} | facts
    by = by or officer_of(case.application.call.fund)
    return actions.save_review(case, scores=scores(case, *values), finished=finished, by=by, **facts)


# Shortlist


@pytest.fixture
def call(db):
    return CallFactory(published=True)


# Reviews


def test_the_first_review_begins_the_instruction(db):
    case = case_in(State.ELIGIBLE)

    review(case, 4, None, None, None, finished=False)

    case.refresh_from_db()
    assert (case.state, case.review_score) == (State.UNDER_REVIEW, None)


def test_a_review_may_be_kept_then_finished(db):
    case = case_in(State.ELIGIBLE)
    officer = officer_of(case.application.call.fund)
    review(case, 1, 1, 1, 1, by=officer, finished=False)

    review(case, 5, 4, 3, 2, by=officer)

    case.refresh_from_db()
    assert Review.objects.get().state == Review.State.FINISHED
    # 40 % of 5, 30 % of 4, 20 % of 3, 10 % of 2
    assert case.review_score == Decimal("4.000")


def test_the_score_is_the_mean_of_the_finished_reviews(db):
    case = case_in(State.ELIGIBLE)
    review(case, 5, 4, 3, 2)
    review(case, 2, 2, 2, 2)
    review(case, 0, 0, 0, 0, finished=False)

    case.refresh_from_db()

    assert case.review_score == Decimal("3.000")


def test_the_score_is_kept_to_the_thousandth(db):
    case = case_in(State.ELIGIBLE, call=CallFactory(published=True, criteria=(34, 33, 33)))
    review(case, 5, 4, 3)
    review(case, 4, 4, 4)
    review(case, 1, 2, 4)

    case.refresh_from_db()

    # (34 × 10/3 + 33 × 10/3 + 33 × 11/3) / 100
    assert case.review_score == Decimal("3.443")


def test_a_finished_review_does_not_change(db):
    case = case_in(State.ELIGIBLE)
    officer = officer_of(case.application.call.fund)
    review(case, 5, 4, 3, 2, by=officer)

    with pytest.raises(Refused) as refusal:
        review(case, 1, 1, 1, 1, by=officer)

    assert refusal.value.reason == "Votre évaluation est terminée : elle ne se modifie plus."


def test_a_finished_review_recommends(db):
    review_ = Review.objects.create(case=case_in(State.UNDER_REVIEW), reviewer=head_of(FundFactory()))

    with refused_by_the_database():
        Review.objects.filter(pk=review_.pk).update(state=Review.State.FINISHED)


@pytest.mark.parametrize("state", [State.TO_CHECK, State.INELIGIBLE, State.SHORTLISTED, State.ON_AGENDA])
def test_a_dossier_is_reviewed_during_its_instruction_only(db, state):
    with pytest.raises(Refused):
        review(case_in(state), 1, 2, 3, 4)
