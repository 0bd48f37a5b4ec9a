"""What reviewers think of a dossier."""

from decimal import Decimal

import pytest

from journal.refusals import Refused
from selection.actions import reviews as actions
from selection.models import Case, Review
from tests.database import refused_by_the_database
from tests.factories import CallFactory, FundFactory, case_in, head_of, officer_of
from tests.selection.review_factories import assigned, review, scores

State = Case.State


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


def test_what_is_not_given_stays_as_it_was(db):
    case = case_in(State.ELIGIBLE)
    officer = officer_of(case.application.call.fund)
    [criterion, *_] = case.application.call.criteria.all()
    words = [{"criterion": criterion, "strengths": "Une équipe en place."}]
    actions.save_review(case, scores=words, finished=False, by=officer)

    actions.save_review(
        case, scores=[{"criterion": criterion, "value": 4}], finished=False, by=officer, comment="Solide."
    )

    kept = Review.objects.get()
    score = kept.scores.get()
    assert (kept.comment, score.value, score.strengths) == ("Solide.", 4, "Une équipe en place.")


def test_finishing_names_the_criteria_without_a_score(db):
    case = case_in(State.ELIGIBLE)
    labels = [criterion.label for criterion in case.application.call.criteria.all()]

    with pytest.raises(Refused) as refusal:
        review(case, 4, None, 3, None)

    assert refusal.value.reason == f"Il manque une note pour terminer : {labels[1]}, {labels[3]}."


def test_finishing_needs_a_recommendation(db):
    with pytest.raises(Refused) as refusal:
        review(case_in(State.ELIGIBLE), 4, 4, 4, 4, recommendation="")

    assert refusal.value.reason == "Il manque une recommandation pour terminer."


@pytest.mark.parametrize("value", [-1, 6])
def test_a_score_out_of_scale_keeps_nothing(db, value):
    case = case_in(State.ELIGIBLE)

    with pytest.raises(Refused) as refusal:
        review(case, value, 1, 1, 1, finished=False)

    assert refusal.value.reason == "Une note va de 0 à 5 : rien n’est enregistré."


def test_who_could_read_a_finished_review_does_not_begin_one_by_themselves(db):
    case = case_in(State.ELIGIBLE)
    review(case, 5, 4, 3, 2)

    with pytest.raises(Refused) as refusal:
        actions.save_review(
            case, scores=scores(case, 1, 1, 1, 1), finished=False, by=officer_of(case.application.call.fund)
        )

    assert refusal.value.reason == actions.READ


# Two pages


@pytest.fixture
def kept(db):
    """A review saved once since both pages were opened."""
    kept = assigned(case_in(State.UNDER_REVIEW))
    return review(kept.case, 4, 4, 4, 4, by=kept.reviewer, finished=False)


def test_a_page_that_has_not_read_the_last_saving_overwrites_nothing(kept):
    with pytest.raises(actions.ReviewConflict):
        review(kept.case, 1, 1, 1, 1, by=kept.reviewer, finished=False, version=0)

    assert set(kept.scores.values_list("value", flat=True)) == {4}


def test_the_same_saving_sent_twice_is_no_conflict(kept):
    again = review(kept.case, 4, 4, 4, 4, by=kept.reviewer, finished=False, version=0)

    assert again.version == 2
