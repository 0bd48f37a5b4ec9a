"""Who reviews a dossier: entrusted by the secretariat to some of its members, taken back while nothing is written."""

from django.db import transaction

from calls.rules import is_in_secretariat
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import conflicts, emails, rules
from selection.actions.reviews import others_were_readable, refuse_once_agreed, refuse_unless_in_instruction
from selection.actions.standing import count_again, refuse_if_given_up
from selection.models import Case, Review


class NotReviewer(Refused):
    """One of the people named may not review this case; nobody was entrusted with anything."""


@transaction.atomic(durable=True)
def assign_reviewers(case, reviewers, *, by):
    """Entrust the review of a case to these people, and tell them; return how many were not reviewers yet.

    Blindness is not given back: whoever is named once a review was finished, for the first time or again, could read
    it before. Their own is kept with this fact (`could_read`), which every page that names them tells.
    """
    case = Case.objects.locked(case)
    require(rules.can_assign_reviewers(by, case.application))
    refuse_if_given_up(case)
    refuse_unless_in_instruction(case)
    refuse_once_agreed(case)
    known = set(case.reviews.own().values_list("reviewer", flat=True))
    added = [each for each in reviewers if each.pk not in known]
    for reviewer in added:
        if reason := why_not_reviewer(reviewer, case, by=by):
            raise NotReviewer(f"{reason} Personne n’a été désigné.")
    made = [
        Review(
            case=case,
            reviewer=reviewer,
            assigned_at=clock.now(),
            assigned_by=by,
            could_read=others_were_readable(case, reviewer),
        )
        for reviewer in added
    ]
    Review.objects.bulk_create(made)
    count_again(case)
    for review in made:
        journal.record(
            "case.reviewer_assigned", case, by=by, reviewer=review.reviewer_id, could_read=review.could_read
        )
        if review.reviewer != by:
            journal.post(*emails.review_assigned(review))
    return len(made)


@transaction.atomic(durable=True)
def unassign_reviewer(review, *, by):
    """Take a review back from someone who has written nothing of it, and tell them."""
    case = Case.objects.locked(review.case)
    require(rules.can_assign_reviewers(by, case.application))
    refuse_if_given_up(case)
    review = case.reviews.own().select_for_update().filter(pk=review.pk).first()
    refuse_unless(review, "Cette évaluation vient d’être retirée par un collègue : rien n’a changé.")
    refuse_unless(
        not review.is_begun and not review.is_finished,
        f"{review.reviewer} a commencé son évaluation : elle ne peut plus lui être retirée.",
    )
    told = emails.review_taken_back(review) if review.reviewer != by else []
    journal.record("case.reviewer_unassigned", case, by=by, reviewer=review.reviewer_id)
    review.delete()
    count_again(case)
    journal.post(*told)


# Steps


def why_not_reviewer(reviewer, case, *, by):
    """Why someone cannot be entrusted with a review of this case; empty when they can."""
    application = case.application
    if not is_in_secretariat(reviewer, application.call.fund):
        return f"{reviewer} n’est pas du secrétariat de ce fonds."
    if reason := conflicts.why_not_assigned(reviewer, application):
        return reason
    if reviewer == by and others_were_readable(case, by):
        return "Vous pouviez lire une évaluation terminée : un collègue peut vous confier la vôtre."
    return ""
