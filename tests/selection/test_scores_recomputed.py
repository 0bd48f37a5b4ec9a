"""What the reviews of a dossier come to, found again from the rows alone: plain SQL, fractions, no code of ours."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selection.actions.standing import count_again
from selection.models import Case, Review, Score
from tests.factories import CallFactory, case_in, officer_of

VALUES = st.lists(st.integers(0, 5), min_size=4, max_size=4)


@pytest.fixture
def case(db):
    case = case_in(Case.State.UNDER_REVIEW, call=CallFactory(published=True, criteria=(37, 29, 21, 13)))
    case.reviewers = [officer_of(case.application.call.fund) for _ in range(5)]
    return case


def wrote(case, reviewer, values, *, kind=Review.Kind.OWN, state=Review.State.FINISHED):
    finished = {"finished_at": "2018-06-01T00:00Z"} if state == Review.State.FINISHED else {}
    review = Review.objects.create(
        case=case, reviewer=reviewer, kind=kind, state=state, recommendation="favourable", **finished
    )
    criteria = case.application.call.criteria.all()
    Score.objects.bulk_create(
        Score(review=review, criterion=criterion, value=value)
        for criterion, value in zip(criteria, values, strict=True)
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    grids=st.lists(VALUES, max_size=4),
    draft=st.none() | VALUES,
    agreed=st.none() | VALUES,
    settled=st.booleans(),
)
def test_an_independent_computation_finds_the_same_score_and_spread(case, grids, draft, agreed, settled):
    Score.objects.all().delete()
    Review.objects.all().delete()
    for reviewer, values in zip(case.reviewers, grids, strict=False):
        wrote(case, reviewer, values)
    if draft:
        wrote(case, case.reviewers[-1], draft, state=Review.State.DRAFT)
    if agreed:
        state = Review.State.FINISHED if settled else Review.State.DRAFT
        wrote(case, case.reviewers[-1], agreed, kind=Review.Kind.CONSENSUS, state=state)

    count_again(case)

    assert stored(case) == recomputed(case)


def stored(case):
    return rows("SELECT review_score, score_spread FROM selection_case WHERE id = %s", case)[0]


def recomputed(case):
    """(score, spread): of the consensus if it is finished, else the mean of the finished reviews; to the thousandth."""
    grids = {}
    found = rows(
        """
        SELECT review.id, review.kind, criterion.weight, score.value
        FROM selection_review review
        JOIN selection_score score ON score.review_id = review.id
        JOIN calls_criterion criterion ON criterion.id = score.criterion_id
        WHERE review.case_id = %s AND review.state = 'finished' AND score.value IS NOT NULL
        """,
        case,
    )
    for review, kind, weight, value in found:
        grids.setdefault((kind, review), []).append((weight, value))
    averages = {key: weighted(pairs) for key, pairs in grids.items()}
    own = [average for (kind, _), average in averages.items() if kind == "own"]
    agreed = [average for (kind, _), average in averages.items() if kind == "consensus"]
    score = agreed[0] if agreed else sum(own) / len(own) if own else None
    rounded = [thousandth(each) for each in own]
    return thousandth(score), max(rounded) - min(rounded) if len(rounded) > 1 else None


def weighted(pairs):
    return Fraction(sum(weight * value for weight, value in pairs), sum(weight for weight, _ in pairs))


def thousandth(value):
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.001"), rounding=ROUND_HALF_EVEN)


def rows(query, case):
    with connection.cursor() as cursor:
        cursor.execute(query, [case.pk])
        return cursor.fetchall()
