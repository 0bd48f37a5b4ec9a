"""Reading reviews: who may read which, side by side, and what they agree on.

Whoever still has a review of a dossier to finish is blind: of the others they know who and how far, nothing else.
What someone recused since wrote stays for the secretariat to read, and has no part in anything else.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Prefetch

from selection import tally
from selection.models import Case, Review, Score

APART = 2  # points between two reviewers from which the consensus is theirs to find


def reviews_of(case):
    """The reviews of a case with all they say, in three queries: the consensus first, then each in its order.

    Each says whether who wrote it is `recused` since.
    """
    return _reviews_of_each([case])[case.pk]


def _reviews_of_each(cases):
    scores = Score.objects.select_related("criterion").order_by("criterion__position")
    found = Review.objects.filter(case__in=cases).with_recusals().select_related("reviewer", "assigned_by")
    of_each, known = {case.pk: [] for case in cases}, {case.pk: case for case in cases}
    for review in found.prefetch_related(Prefetch("scores", queryset=scores)).order_by("kind", "pk"):
        review.case = known[review.case_id]
        of_each[review.case_id].append(review)
    return of_each


def readable(user, case, reviews):
    """Among these reviews of a case, those of which this person may read what they say.

    One's own, and those of the others once they are finished, unless one is blind.
    """
    blind = case.state in Case.IN_INSTRUCTION and any(each.is_draft_of(user) for each in reviews)
    return [
        each
        for each in reviews
        if (each.reviewer_id == user.pk and each.is_own) or (each.is_finished and not blind)
    ]


def standing(reviews):
    """The review that speaks for a dossier: its finished consensus, or its only finished review; or None."""
    finished = [each for each in reviews if each.is_finished]
    consensus = [each for each in finished if not each.is_own]
    return consensus[0] if consensus else finished[0] if len(finished) == 1 else None


def for_committee(case):
    """(the review that speaks for the dossier or None, the other finished ones), as the committee reads them."""
    return for_committee_of_each([case])[case.pk]


def for_committee_of_each(cases):
    """{key of a case: the same}, in as many queries as of one."""
    told = {}
    for key, reviews in _reviews_of_each(cases).items():
        finished = [each for each in reviews if each.is_finished and not each.recused]
        chosen = standing(finished)
        told[key] = chosen, [each for each in finished if each != chosen]
    return told


def side_by_side(reviews, criteria):
    """The scores of some reviews as a table: their `heads`, a row per criterion with its spread, their averages.

    The consensus has its column, and no part in the spreads: they are between reviewers.
    """
    values = {
        review.pk: {score.criterion_id: score.value for score in review.scores.all()} for review in reviews
    }
    own = [review for review in reviews if review.is_own]
    rows = []
    for criterion in criteria:
        given = [values[review.pk].get(criterion.pk) for review in own]
        rows.append(
            {
                "criterion": criterion,
                "values": [values[review.pk].get(criterion.pk) for review in reviews],
                "spread": spread(given),
                "apart": (spread(given) or 0) >= APART,
            }
        )
    averages = {review.pk: average(review) for review in reviews}
    return {
        "heads": [str(review.reviewer) if review.is_own else "Consensus" for review in reviews],
        "rows": rows,
        "averages": list(averages.values()),
        "spread": spread([averages[review.pk] for review in own]),
    }


def average(review):
    """The weighted average of a review, to the thousandth, None where nothing is scored."""
    scored = [each for each in review.scores.all() if each.value is not None]
    return tally.weighted_average((each.criterion.weight, Decimal(each.value)) for each in scored)


def spread(values):
    """The gap between the highest and the lowest of some scores, None for fewer than two."""
    known = [value for value in values if value is not None]
    return max(known) - min(known) if len(known) > 1 else None


def agreed(reviews):
    """What a consensus begins with: as initial values of its form.

    The mean, rounded, of the scores that are near each other; blank where two reviewers are apart. A recommendation,
    an amount, only where everyone gives the same.
    """
    initial = {}
    for criterion in {score.criterion_id for review in reviews for score in review.scores.all()}:
        values = [
            score.value
            for review in reviews
            for score in review.scores.all()
            if score.criterion_id == criterion
        ]
        if spread(values) is not None and spread(values) < APART:
            mean = Decimal(sum(values)) / len(values)
            initial[f"score_{criterion}"] = int(mean.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    for field in ("recommendation", "proposed_amount"):
        said = {getattr(review, field) for review in reviews}
        if len(said) == 1:
            initial[field] = said.pop()
    return initial
