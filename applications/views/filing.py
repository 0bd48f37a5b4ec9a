"""Visa, filing, taking back, giving up."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from applications import actions, completeness, emails, progress, rules, snapshot
from applications.dossier import present
from applications.forms import RemarksForm, VisaForm, WithdrawalForm
from applications.lifecycle import State
from applications.views.dossiers import facts, get_application, with_submissions
from journal.refusals import refuse_unless, require


@require_http_methods(["GET", "HEAD", "POST"])
def return_to_writers(request, key):
    """The certifier gives the dossier back with remarks."""
    application = get_application(request, key)
    require(rules.can_return(request.user, application))
    refuse_unless(application.state == State.AWAITING_VISA, "Ce dossier n’attend pas de visa.")
    asked = [state.definition for state in completeness.sections(application) if state.asked]
    form = RemarksForm(request.POST or None, sections=asked)
    if form.is_valid():
        remarks = form.cleaned_data["remarks"]
        actions.return_to_writers(application, by=request.user, remarks=remarks, by_section=form.by_section)
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


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_visa(request, key):
    """Say who will be asked, take a word for them, then hand the dossier over."""
    application = get_application(request, key)
    require(rules.can_ask_for_visa(request.user, application))
    refuse_unless(application.state == State.DRAFT, "Seul un brouillon se soumet au visa.")
    form = VisaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and read_another_form(request, application):
        return redirect(application)
    if form.is_valid():
        actions.ask_for_visa(application, by=request.user, **form.cleaned_data)
        messages.success(request, "Vos valideurs sont prévenus. Le dossier n’est pas encore déposé.")
        return redirect(application)
    places = application.organisation.memberships.certifying().select_related("user").order_by("user__name")
    context = {
        "application": application,
        "form": form,
        "certifiers": list(dict.fromkeys(place.user for place in places)),
        "missing": completeness.missing(application),
        "is_late": application.due_at <= application.seen_at,
    }
    return render(request, "applications/ask_for_visa.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def file_application(request, key):
    """Show what is about to be frozen, then file it."""
    application = with_submissions(get_application(request, key))
    require(rules.can_file(request.user, application))
    if request.method == "POST":
        if read_another_form(request, application):
            return redirect(application)
        actions.file_application(application, by=request.user)
        messages.success(request, "Le dossier est déposé. Son accusé de dépôt est en cours de fabrication.")
        return redirect("applications:filed", application.key)
    actions.refuse_unless_to_file(application)
    states = completeness.sections(application)
    dossier = present(snapshot.submission(application))
    answers = [answer for section in dossier["sections"] for answer in section["answers"]]
    parts = progress.to_do(application, states)
    context = {
        "application": application,
        "standing": progress.standing_of(application),
        "missing": completeness.gaps(states),
        "parts": parts,
        "advised": any(part.advice or part.state.remarks for part in parts),
        "states": [state for state in states if state.asked],
        "facts": facts(application),
        "dossier": dossier,
        "public": [f"« {answer['label']} »" for answer in answers if answer["confidentiality"] == "public"],
        "secret": [f"« {answer['label']} »" for answer in answers if answer["confidentiality"] == "secret"],
        "told": emails.told_of_filing(application, request.user),
        "is_late": application.due_at <= application.seen_at,
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
    """Ask for a reason, then give the application up."""
    application = get_application(request, key)
    require(rules.can_withdraw(request.user, application))
    form = WithdrawalForm(request.POST or None)
    if form.is_valid():
        actions.withdraw(application, by=request.user, **form.cleaned_data)
        messages.success(request, "Le dossier est retiré. Il reste consultable ici.")
        return redirect(application)
    return render(request, "applications/withdraw.html", {"application": application, "form": form})
