"""The alerts on a dossier."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from journal.refusals import require
from selection import rules
from selection.actions import flags as actions
from selection.forms.reviews import FlagForm, LiftForm
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def flags(request, reference):
    """What is to be watched in a dossier, what no longer is and why; raise another alert."""
    application = get_submission(request, reference).application
    can_flag = rules.can_flag(request.user, application) and not application.case.withdrawn
    form = FlagForm(request.POST or None)
    if request.method == "POST":
        require(can_flag)
        if form.is_valid():
            with keeping(form):
                actions.raise_flag(application.case, by=request.user, **form.cleaned_data)
                messages.success(request, "L’alerte est ouverte.")
                return redirect("selection:flags", reference)
    found = application.case.flags.select_related("raised_by", "lifted_by")
    context = frame(application, "flags") | {
        "open": [flag for flag in found if flag.lifted_at is None],
        "lifted": [flag for flag in found if flag.lifted_at],
        "form": form,
        "can_flag": can_flag,
    }
    return render(request, "selection/flags.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request, reference, pk):
    """Lift an alert, with a reason."""
    application = get_submission(request, reference, to_act=True).application
    flag = get_object_or_404(application.case.flags, pk=pk)
    require(rules.can_flag(request.user, application))
    form = LiftForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            actions.lift_flag(flag, by=request.user, **form.cleaned_data)
            messages.success(request, "L’alerte est levée ; son motif est gardé.")
            return redirect("selection:flags", reference)
    context = frame(application, "flags") | {"flag": flag, "form": form}
    return render(request, "selection/lift_flag.html", context, status=status_of(form))
