"""Reviewing: what each officer thinks of a dossier, criterion by criterion."""

from django.db import transaction

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import lifecycle, rules
from selection.actions.standing import count_again
from selection.lifecycle import State
from selection.models import Case, Review, Score


@transaction.atomic(durable=True)
def save_review(case, *, scores, comment, recommendation, proposed_amount, finished, by):
    """Keep an officer's review: `scores` is a list of {criterion, value, comment}. A finished one is closed.

    The first review takes the case from eligible to under review; a finished one refreshes the stored score.
    """
    case = Case.objects.locked(case)
    require(rules.can_review(by, case.application))
    if case.state == State.ELIGIBLE:
        lifecycle.move(case, State.UNDER_REVIEW)
    refuse_unless(case.state == State.UNDER_REVIEW, "Ce dossier n’est plus en instruction.")
    review, _ = Review.objects.select_for_update().get_or_create(case=case, reviewer=by, kind=Review.Kind.OWN)
    refuse_unless(
        review.state == Review.State.DRAFT, "Votre évaluation est terminée : elle ne se modifie plus."
    )
    review.comment, review.recommendation, review.proposed_amount = comment, recommendation, proposed_amount
    if finished:
        lifecycle.move_review(review, Review.State.FINISHED)
        review.finished_at = clock.now()
    review.save()
    for score in scores:
        Score.objects.update_or_create(
            review=review,
            criterion=score["criterion"],
            defaults={"value": score["value"], "comment": score["comment"]},
        )
    case.save(update_fields=["state"])
    count_again(case)
    journal.record("case.review_finished" if finished else "case.review_saved", case, by=by)
    return review
