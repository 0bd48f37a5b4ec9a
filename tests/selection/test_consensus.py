"""What reviewers agree on, and what speaks for a dossier."""

from decimal import Decimal

import pytest

from journal.refusals import Refused
from selection import reviewing
from selection.models import Case, Review
from tests.factories import case_in, officer_of
from tests.selection.review_factories import assigned, consensus, review, reviewed_by, typed

State = Case.State


def consensus_page(case):
    return f"/secretariat/dossiers/{case.application.reference}/consensus/"


def test_the_consensus_speaks_for_the_dossier(db):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3))

    consensus(case, 4, 4, 4, 3, recommendation="reserved", proposed_amount=Decimal("500000"))

    case.refresh_from_db()
    # 40 % of 4, 30 % of 4, 20 % of 4, 10 % of 3; the reviewers stay two points apart
    assert (case.review_score, case.score_spread) == (Decimal("3.900"), Decimal("2.000"))
    assert (case.recommendation, case.proposed_amount) == ("reserved", Decimal("500000"))


def test_until_the_consensus_a_dossier_of_two_reviews_recommends_nothing(db):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3))

    assert (case.review_score, case.recommendation) == (Decimal("4.000"), "")


def test_one_review_needs_no_consensus(db):
    with pytest.raises(Refused) as refusal:
        consensus(reviewed_by((5, 5, 5, 5)), 4, 4, 4, 4)

    assert refusal.value.reason == "Le consensus se cherche à partir de deux évaluations terminées."


def test_the_consensus_waits_for_every_reviewer(db):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3))
    assigned(case)

    with pytest.raises(Refused) as refusal:
        consensus(case, 4, 4, 4, 4)

    assert (
        refusal.value.reason == "Le consensus s’écrit quand toutes les évaluations confiées sont terminées."
    )


def test_a_finished_consensus_does_not_change(db):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3))
    consensus(case, 4, 4, 4, 4)

    with pytest.raises(Refused):
        consensus(case, 5, 5, 5, 5)


def test_the_consensus_begins_with_what_is_near_and_leaves_blank_what_is_apart(db):
    case = reviewed_by((5, 4, 3, 0), (4, 4, 1, 2), (4, 4, 3, 1))
    first, second, *_ = case.application.call.criteria.all()

    proposed = reviewing.agreed(reviewing.reviews_of(case))

    assert proposed == {
        f"score_{first.pk}": 4,
        f"score_{second.pk}": 4,
        "recommendation": "favourable",
        "proposed_amount": None,
    }


def test_half_a_point_between_two_reviewers_is_rounded_up(db):
    case = reviewed_by((3, 3, 3, 3), (4, 2, 3, 3))
    first, second, *_ = case.application.call.criteria.all()

    proposed = reviewing.agreed(reviewing.reviews_of(case))

    assert (proposed[f"score_{first.pk}"], proposed[f"score_{second.pk}"]) == (4, 3)


def test_the_page_keeps_then_finishes_the_consensus(db, client):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3))
    client.force_login(officer_of(case.application.call.fund))

    client.post(consensus_page(case), typed(case, 4, 4, 4, 4, section_version="0", comment="D’accord."))
    client.post(
        consensus_page(case),
        typed(
            case,
            4,
            4,
            4,
            4,
            section_version="1",
            comment="D’accord.",
            recommendation="favourable",
            finish="1",
        ),
    )

    kept = case.reviews.get(kind=Review.Kind.CONSENSUS)
    assert (kept.state, kept.comment) == (Review.State.FINISHED, "D’accord.")


def test_the_committee_reads_the_consensus_first(db):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3))
    agreed = consensus(case, 4, 4, 4, 4)

    standing, others = reviewing.for_committee(case)

    assert (standing, others) == (agreed, list(case.reviews.own().order_by("pk")))


def test_without_consensus_no_review_speaks_for_the_others(db):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3))

    assert reviewing.for_committee(case) == (None, list(case.reviews.order_by("pk")))


def test_a_draft_is_never_shown_to_the_committee(db):
    case = case_in(State.UNDER_REVIEW)
    review(case, 1, 1, 1, 1, finished=False)

    assert reviewing.for_committee(case) == (None, [])
