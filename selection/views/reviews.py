"""Reviewing a dossier on the call's criteria."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from applications.dossier import present
from journal.refusals import refuse_unless, require
from selection import rules
from selection.actions import reviews as actions
from selection.forms.reviews import ReviewForm
from selection.models import Case, Review
from selection.views.case import file_prefix, get_submission, notes


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, reference):
    """Score and comment each criterion, then recommend; the dossier is beside the grid."""
    submission = get_submission(request, reference)
    application = submission.application
    require(rules.can_review(request.user, application))
    found = get_object_or_404(Case, application=application)
    mine = Review.objects.filter(case=found, reviewer=request.user).first()
    refuse_unless(
        mine is None or mine.state == Review.State.DRAFT,
        "Votre évaluation est terminée : elle ne se modifie plus.",
    )
    form = ReviewForm(request.POST or None, call=application.call, initial=ReviewForm.initial_of(mine))
    if form.is_valid():
        actions.save_review(found, by=request.user, **form.facts())
        messages.success(
            request,
            "L’évaluation est terminée." if form.finishing else "L’évaluation est enregistrée, non terminée.",
        )
        return redirect("selection:case", reference)
    context = {
        "application": application,
        "form": form,
        "dossier": present(submission),
        "notes": notes(application),
        "file_prefix": file_prefix(reference),
        "finish_buttons": [("finish", "Terminer l’évaluation")],
    }
    return render(request, "selection/review.html", context)
