"""Whether a dossier may be reviewed at all."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications.dossier import present
from journal.refusals import require
from selection import rules
from selection.actions import eligibility as actions
from selection.forms.eligibility import EligibilityForm
from selection.views.case import get_submission


@require_http_methods(["GET", "HEAD", "POST"])
def check_eligibility(request, reference):
    """Decide whether the dossier may be reviewed, with a reason when not."""
    submission = get_submission(request, reference)
    application = submission.application
    require(rules.can_check_eligibility(request.user, application))
    form = EligibilityForm(request.POST or None)
    if form.is_valid():
        if form.cleaned_data["eligible"]:
            actions.declare_eligible(application, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, "Le dossier est déclaré recevable.")
        else:
            actions.declare_ineligible(application, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, "Le dossier est déclaré irrecevable ; le porteur en est averti.")
        return redirect("selection:case", reference)
    context = {"application": application, "form": form, "dossier": present(submission)}
    return render(request, "selection/check_eligibility.html", context)
