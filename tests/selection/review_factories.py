"""Reviews as people write them."""

from django.utils import timezone

from selection.actions import reviews as actions
from selection.models import Case, Review
from tests.factories import case_in, officer_of

FINISH = {"finish": "1", "recommendation": "favourable"}


def scores(case, *values):
    criteria = case.application.call.criteria.all()
    return [
        {"criterion": criterion, "value": value} for criterion, value in zip(criteria, values, strict=True)
    ]


def assigned(case, reviewer=None):
    """A review entrusted to someone of the secretariat, of which nothing is written."""
    fund = case.application.call.fund
    reviewer, by = reviewer or officer_of(fund), officer_of(fund)
    return Review.objects.create(case=case, reviewer=reviewer, assigned_at=timezone.now(), assigned_by=by)


def review(case, *values, by=None, finished=True, **facts):
    """What someone writes of the review entrusted to them."""
    by = by or officer_of(case.application.call.fund)
    if not case.reviews.filter(reviewer=by).exists():
        assigned(case, by)
    facts = {"comment": "", "recommendation": "favourable", "proposed_amount": None} | facts
    return actions.save_review(case, scores=scores(case, *values), finished=finished, by=by, **facts)


def reviewed_by(*grids, **fields):
    """A case under review with a finished review per grid of scores."""
    case = case_in(Case.State.UNDER_REVIEW, **fields)
    for values in grids:
        review(case, *values)
    case.refresh_from_db()
    return case


def consensus(case, *values, by=None, finished=True, **facts):
    by = by or officer_of(case.application.call.fund)
    facts = {"recommendation": "favourable"} | facts
    return actions.save_consensus(case, scores=scores(case, *values), finished=finished, by=by, **facts)


def typed(case, *values, **words):
    """What the page of the grid sends."""
    criteria = case.application.call.criteria.all()
    return {f"score_{each.pk}": value for each, value in zip(criteria, values, strict=True)} | words
