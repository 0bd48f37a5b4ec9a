"""Where a case stands, counted again by each action that changes it: lists then read the counts, never the rows."""

from decimal import Decimal

from django.db.models import Avg, Count, Min, Q

from journal.refusals import refuse_unless
from selection import desk, tally
from selection.models import Case, Opinion, OpinionRequest, Review, Score

# Steps


def count_again(case):
    """Write on a locked case what its reviews, its opinions and its flags now come to."""
    counted = case.reviews.counted()
    case.reviews_asked = counted.filter(kind=Review.Kind.OWN).count()
    finished = counted.filter(state=Review.State.FINISHED)
    case.reviews_finished = finished.filter(kind=Review.Kind.OWN).count()
    standing = finished.filter(kind=Review.Kind.CONSENSUS).first()
    if standing is None and case.reviews_finished == 1:
        standing = finished.get(kind=Review.Kind.OWN)
    case.recommendation = standing.recommendation if standing else ""
    case.proposed_amount = standing.proposed_amount if standing else None
    case.review_score, case.score_spread = _scores(case)
    opinions = waiting(case).aggregate(
        asked=Count("pk"),
        received=Count("pk", filter=Q(pk__in=Opinion.objects.values("request"))),
        due=Min("due_at", filter=~Q(pk__in=Opinion.objects.values("request"))),
    )
    case.opinions_asked, case.opinions_received = opinions["asked"], opinions["received"]
    case.opinion_due_at = opinions["due"]
    case.open_flags = case.flags.filter(lifted_at=None).count()
    case.save(update_fields=COUNTED)
    return case


COUNTED = [
    "reviews_asked",
    "reviews_finished",
    "recommendation",
    "proposed_amount",
    "review_score",
    "score_spread",
    "opinions_asked",
    "opinions_received",
    "opinion_due_at",
    "open_flags",
]


def refuse_if_given_up(case):
    """Stop an act on a locked case that its carrier gave up."""
    refuse_unless(not case.withdrawn, desk.GIVEN_UP)


def waiting(case):
    """The opinions still asked: neither withdrawn by the secretariat nor declined by the expert."""
    return OpinionRequest.objects.filter(case=case, revoked_at=None, declined_at=None)


def _scores(case):
    """The score that stands and the spread between reviewers, on the call's scale.

    The consensus where there is one, else the mean of the finished reviews; the spread is the gap between the highest
    and the lowest reviewer's weighted average, None for a single one.
    """
    finished = Review.objects.counted().filter(case=case, state=Review.State.FINISHED)
    own = finished.filter(kind=Review.Kind.OWN)
    consensus = finished.filter(kind=Review.Kind.CONSENSUS)
    averages = list(weighted_averages(own).values())
    spread = max(averages) - min(averages) if len(averages) > 1 else None
    means = (
        Score.objects.filter(review__in=consensus if consensus.exists() else own, value__isnull=False)
        .values("criterion__weight")
        .annotate(mean=Avg("value"))
        .values_list("criterion_id", "criterion__weight", "mean")
    )
    return tally.weighted_average((weight, Decimal(mean)) for _, weight, mean in means), spread


def weighted_averages(reviews):
    """The weighted average of each of these reviews, by review: on the call's scale, to the thousandth."""
    pairs = {}
    rows = Score.objects.filter(review__in=reviews, value__isnull=False)
    for review, weight, value in rows.values_list("review_id", "criterion__weight", "value"):
        pairs.setdefault(review, []).append((weight, Decimal(value)))
    return {review: tally.weighted_average(each) for review, each in pairs.items()}


def locked_case(application):
    """The case of a filed application, locked."""
    return Case.objects.held().get(application=application)
