"""Visa, filing, taking back, giving up."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from applications import actions, completeness, rules
from applications.forms import RemarksForm
from applications.lifecycle import State
from applications.views.dossiers import get_application
from journal import clock
from journal.refusals import refuse_unless, require


@require_http_methods(["GET", "HEAD", "POST"])
def return_to_writers(request, key):
    """The certifier gives the dossier back with remarks."""
    application = get_application(request, key)
    require(rules.can_return(request.user, application))
    refuse_unless(application.state == State.AWAITING_VISA, "Ce dossier n’attend pas de visa.")
    form = RemarksForm(request.POST or None)
    if form.is_valid():
        actions.return_to_writers(application, by=request.user, **form.cleaned_data)
        messages.success(request, "Le dossier est renvoyé à ses rédacteurs, qui sont prévenus.")
        return redirect(application)
    return render(request, "applications/return_to_writers.html", {"application": application, "form": form})


def read_another_form(request, application):
    """Whether the page that sends this showed the dossier as it was before its form was corrected; it is said."""
    current = str(application.form.number)
    if request.POST.get("form", current) == current:
        return False
    messages.warning(
        request,
        "Le formulaire vient d’être corrigé : rien n’est soumis ni déposé. Relisez le dossier, puis recommencez.",
    )
    return True


@require_POST
def ask_for_visa(request, key):
    application = get_application(request, key)
    if read_another_form(request, application):
        return redirect(application)
    actions.ask_for_visa(application, by=request.user)
    messages.success(request, "Vos valideurs sont prévenus. Le dossier n’est pas encore déposé.")
    return redirect(application)


@require_http_methods(["GET", "HEAD", "POST"])
def file_application(request, key):
    """Show what is about to be frozen, then file it."""
    application = get_application(request, key)
    require(rules.can_file(request.user, application))
    if request.method == "POST":
        if read_another_form(request, application):
            return redirect(application)
        actions.file_application(application, by=request.user)
        messages.success(request, "Le dossier est déposé. Son accusé de dépôt est en cours de fabrication.")
        return redirect(application)
    states = completeness.sections(application)
    context = {
        "application": application,
        "missing": completeness.gaps(states),
        "states": states,
        "advice": completeness.advice(states),
        "is_late": application.due_at <= clock.now(),
    }
    return render(request, "applications/file_application.html", context)


@require_POST
def take_back(request, key):
    application = get_application(request, key)
    actions.take_back(application, by=request.user)
    messages.success(
        request,
        "Le dossier est de nouveau un brouillon. Ce qui a été déposé reste valable jusqu’au prochain dépôt.",
    )
    return redirect(application)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, key):
    """Ask for a confirmation, then give the application up."""
    application = get_application(request, key)
    require(rules.can_withdraw(request.user, application))
    if request.method == "POST":
        actions.withdraw(application, by=request.user)
        messages.success(request, "Le dossier est retiré. Il reste consultable ici.")
        return redirect(application)
    return render(request, "applications/withdraw.html", {"application": application})
