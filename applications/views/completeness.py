"""What a dossier still lacks, and who answers for which section."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, completeness, progress, rules
from applications.forms import OwnersForm
from applications.views.dossiers import get_application, standing, with_submissions
from journal.refusals import require


@require_safe
def missing(request, key):
    """Everything that prevents filing and everything advised, each with the way to its very field."""
    application = with_submissions(get_application(request, key))
    states = completeness.sections(application)
    context = {
        **standing(application, request.user, states),
        "parts": progress.to_do(application, states),
        "advice": completeness.advice(states),
        "on_the_whole": completeness.remarks_on(application).filter(settled_at=None),
        "to_correct": any(state.to_correct for state in states),
    }
    return render(request, "applications/completeness.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def owners(request, key):
    """Say who answers for each section, among those who write the dossier."""
    application = get_application(request, key)
    require(rules.can_write(request.user, application))
    actions.refuse_unless_writable(application, request.user)
    form = OwnersForm(request.POST if request.method == "POST" else None, application=application)
    if form.is_valid():
        actions.assign_sections(application, form.owners, by=request.user)
        messages.success(request, "La répartition des sections est enregistrée.")
        return redirect(application)
    return render(request, "applications/owners.html", {"application": application, "form": form})


@require_POST
def settle(request, key, pk):
    """A writer has dealt with a remark; it stays readable."""
    application = get_application(request, key)
    remark = get_object_or_404(application.section_remarks, pk=pk)
    actions.settle_remark(remark, by=request.user)
    messages.success(request, "La remarque est marquée comme traitée. Elle reste lisible.")
    if not remark.section_key or actions.why_not_writable(application, request.user, remark.section_key):
        return redirect(application)
    return redirect("applications:section", application.key, remark.section_key)
