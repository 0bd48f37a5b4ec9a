"""What the secretariat does with a filed application, up to the shortlist."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Avg

from applications.actions import take_up
from applications.models import Application
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import emails, lifecycle, rules, tally
from selection.lifecycle import State
from selection.models import Case, EligibilityCheck, Review, Score


@transaction.atomic(durable=True)
def declare_eligible(application, *, by, reason=""):
    """Let an application through to its review."""
    case = _check(application, eligible=True, reason=reason, by=by)
    lifecycle.move(case, State.ELIGIBLE)
    case.save(update_fields=["state"])
    journal.record("case.declared_eligible", case, by=by, reason=reason)
    return case


@transaction.atomic(durable=True)
def declare_ineligible(application, *, reason, by):
    """Turn down an application that fails the eligibility check, and tell its applicant why."""
    case = _check(application, eligible=False, reason=reason, by=by)
    lifecycle.move(case, State.INELIGIBLE)
    case.save(update_fields=["state"])
    journal.record("case.declared_ineligible", case, by=by, reason=reason)
    for email in emails.ineligibility_notice(case, reason):
        journal.post(email)
    return case


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
    review, _ = Review.objects.select_for_update().get_or_create(case=case, reviewer=by)
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
    if finished:
        case.review_score = _review_score(case)
    case.save(update_fields=["state", "review_score"])
    journal.record("case.review_finished" if finished else "case.review_saved", case, by=by)
    return review


@transaction.atomic(durable=True)
def draw_shortlist(call, references, *, by):
    """Shortlist the named cases of a call; the other reviewed ones are not shortlisted."""
    require(rules.can_shortlist(by, call))
    refuse_unless(call.has_shortlist, "Cet appel ne prévoit pas de présélection.")
    reviewed = reviewed_cases(call).select_for_update(of=["self"])
    cases = list(reviewed.select_related("application").order_by("pk"))
    refuse_unless(
        not any(rules.is_recused(by, case.application) for case in cases),
        "Vous vous êtes déporté d’un dossier de cet appel : un collègue arrête la présélection.",
    )
    known = {case.application.reference for case in cases}
    refuse_unless(
        set(references) <= known, "Un des dossiers cochés n’est plus en instruction. Rechargez la page."
    )
    refuse_unless(references, "Cochez au moins un dossier.")
    for case in cases:
        kept = case.application.reference in references
        lifecycle.move(case, State.SHORTLISTED if kept else State.NOT_SHORTLISTED)
        case.save(update_fields=["state"])
        journal.record(f"case.{case.state}", case, by=by)
    return len(references)


# Steps


def reviewed_cases(call):
    """The cases of a call among which its shortlist is drawn."""
    return Case.objects.filter(
        application__call=call, state=State.UNDER_REVIEW, review_score__isnull=False
    ).exclude(application__state=Application.State.WITHDRAWN)


def _check(application, *, eligible, reason, by):
    application = Application.objects.locked(application)
    require(rules.can_check_eligibility(by, application))
    stands = Application.objects.filed().filter(pk=application.pk).exists()
    refuse_unless(stands, "Ce dossier n’est pas déposé, ou il a été retiré.")
    take_up(application)
    case, _ = Case.objects.get_or_create(application=application)
    case = Case.objects.locked(case)
    refuse_unless(case.state == State.TO_CHECK, "La recevabilité de ce dossier est déjà décidée.")
    EligibilityCheck.objects.create(case=case, eligible=eligible, reason=reason, checked_by=by)
    return case


def _review_score(case):
    """The mean of the finished reviews' weighted averages, on the call's scale."""
    finished = case.reviews.filter(state=Review.State.FINISHED)
    averages = (
        Score.objects.filter(review__in=finished)
        .values("criterion__weight")
        .annotate(mean=Avg("value"))
        .values_list("criterion_id", "criterion__weight", "mean")
    )
    return tally.weighted_average((weight, Decimal(mean)) for _, weight, mean in averages)
