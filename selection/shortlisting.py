"""The shortlist being drawn: who is ranked, what is chosen so far, what it comes to, what is still missing."""

import hashlib
import json

from django.db.models import Count, F, Q, Sum

from selection import envelope
from selection.lifecycle import State
from selection.models import Case, Review


def reviewed_cases(call):
    """The cases of a call among which its shortlist is drawn."""
    return Case.objects.standing().filter(call=call, state=State.UNDER_REVIEW, review_score__isnull=False)


def ranked(call, user):
    """What this person may rank, best first; `blind` is set where they still owe a review, which then comes last."""
    return (
        reviewed_cases(call)
        .filter(pk__in=Case.objects.readable_by(user))
        .with_scores_for(user)
        .select_related("application")
        .order_by(F("seen_score").desc(nulls_last=True), "pk")
    )


def unfinished(call, user):
    """The eligible dossiers some of whose reviews are still to come: those of whom one may say so."""
    return (
        Case.objects.readable_by(user)
        .standing()
        .filter(
            Q(review_score=None) | Q(reviews_finished__lt=F("reviews_asked")),
            call=call,
            state__in=[State.ELIGIBLE, State.UNDER_REVIEW],
        )
        .select_related("application")
        .order_by("pk")
    )


def drawn(call, user):
    """The dossiers whose fate the shortlist has settled, the chosen first."""
    cases = Case.objects.readable_by(user).standing().filter(call=call)
    settled = cases.filter(state__in=[State.SHORTLISTED, State.NOT_SHORTLISTED, State.ON_AGENDA])
    return settled.select_related("application").order_by("-state", "pk")


def totals(cases):
    """How many are chosen, left out, undecided, left out without a reason, and the euros proposed for the chosen."""
    chosen = Q(shortlist_choice=True)
    return cases.order_by().aggregate(
        kept=Count("pk", filter=chosen),
        left_out=Count("pk", filter=Q(shortlist_choice=False)),
        undecided=Count("pk", filter=Q(shortlist_choice=None)),
        unexplained=Count("pk", filter=Q(shortlist_choice=False, shortlist_reason="")),
        proposed=Sum("proposed_amount", filter=chosen & Q(blind=False)),
        without_amount=Count("pk", filter=chosen & (Q(proposed_amount=None) | Q(blind=True))),
    )


def envelope_of(call):
    """The envelope the call is likely to draw on, and its rest: of the year it closes or the next, else the last."""
    envelopes = list(call.fund.envelopes.order_by("year"))
    last_round = call.rounds.order_by("-closes_at").first()
    year = last_round.closes_at.year if last_round and last_round.closes_at else 0
    later = [each for each in envelopes if each.year >= year]
    found = later[0] if later else envelopes[-1] if envelopes else None
    return (found, envelope.remaining(found)) if found else (None, None)


def syntheses(cases):
    """{case: synthesis}: what the consensus says, or else the only finished review; for prefilling a reason."""
    found, alone = {}, {case.pk for case in cases if case.reviews_finished == 1}
    reviews = Review.objects.counted().filter(
        case__in=[case.pk for case in cases if not case.blind], state=Review.State.FINISHED
    )
    for review in reviews.exclude(comment=""):
        if review.kind == Review.Kind.CONSENSUS or (review.case_id in alone and review.case_id not in found):
            found[review.case_id] = review.comment
    return found


def mark(case):
    """What a page has read of a choice, in a few letters: whoever writes after somebody else is told."""
    said = json.dumps([case.shortlist_choice, case.shortlist_reason])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def seal(cases):
    """The same for a whole shortlist, in a fixed order: what is confirmed is what was previewed."""
    said = [
        [
            case.pk,
            case.shortlist_choice,
            case.shortlist_reason,
            str(case.review_score),
            str(case.proposed_amount),
        ]
        for case in cases
    ]
    return hashlib.sha256(json.dumps(sorted(said)).encode()).hexdigest()
