"""Who is in charge of a dossier, its labels, and what the secretariat notes of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.refusals import require
from selection import desk, rules
from selection.actions import desk as actions
from selection.forms.desk import NoteForm, OfficerForm, PutLabelForm
from selection.history import KINDS
from selection.history import history as steps_of
from selection.models import Label
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of


@require_safe
def history(request, reference):
    """All that happened to a dossier since its filing, in one list, or what is of one kind."""
    application = get_submission(request, reference).application
    kind = request.GET.get("nature", "")
    kind = kind if kind in KINDS else ""
    context = frame(application, "history") | {
        "page": Paginator(steps_of(application, kind), 50).get_page(request.GET.get("page")),
        "kinds": KINDS.items(),
        "kind": kind,
        "query": f"nature={kind}&" if kind else "",
    }
    return render(request, "selection/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request, reference):
    """The secretariat's own page of a dossier; its form adds a note."""
    application = get_submission(request, reference).application
    form = NoteForm(request.POST or None) if request.method == "POST" else None
    if form:
        require(rules.can_keep_in_order(request.user, application))
    if form and form.is_valid():
        with keeping(form):
            actions.write_note(application, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, "La note est gardée ; seul le secrétariat la lit, et l’audit du fonds.")
            return redirect("selection:notes", reference)
    return show(request, application, note_form=form)


@require_POST
def delete_note(request, reference, pk):
    application = get_submission(request, reference).application
    note = get_object_or_404(application.notes, pk=pk)
    actions.delete_note(note, by=request.user)
    messages.success(request, "La note est supprimée.")
    return redirect("selection:notes", reference)


@require_POST
def assign(request, reference):
    """Take a dossier, give it to a colleague, or put it back."""
    application = get_submission(request, reference).application
    require(rules.can_keep_in_order(request.user, application))
    form = OfficerForm(request.POST, application=application)
    if form.is_valid():
        officer = form.cleaned_data["officer"]
        with keeping(form):
            actions.assign_officer(application, officer, by=request.user)
            messages.success(request, said(officer, request.user))
            return redirect("selection:notes", reference)
    return show(request, application, officer_form=form)


@require_POST
def put_label(request, reference):
    application = get_submission(request, reference).application
    require(rules.can_keep_in_order(request.user, application))
    form = PutLabelForm(request.POST, case=application.case, fund=application.call.fund)
    if form.is_valid():
        label = form.cleaned_data["label"]
        with keeping(form):
            actions.put_label(application, label, by=request.user)
            messages.success(request, f"Le dossier porte l’étiquette « {label} ».")
            return redirect("selection:notes", reference)
    return show(request, application, label_form=form)


@require_POST
def remove_label(request, reference, pk):
    application = get_submission(request, reference).application
    label = get_object_or_404(Label.objects.filter(fund=application.call.fund_id), pk=pk)
    actions.remove_label(application, label, by=request.user)
    messages.success(request, f"Le dossier ne porte plus l’étiquette « {label} ».")
    return redirect("selection:notes", reference)


def show(request, application, *, note_form=None, officer_form=None, label_form=None):
    """The page, with the form that was sent and refused, if one was."""
    case = application.case
    may_write = rules.can_keep_in_order(request.user, application) and not case.withdrawn
    fund = application.call.fund
    context = frame(application, "notes") | {
        "notes": desk.notes_on(application),
        "may_write": may_write,
        "note_form": note_form or NoteForm(),
        "officer_form": officer_form
        or OfficerForm(application=application, initial={"officer": case.officer_id}),
        "label_form": label_form or PutLabelForm(case=case, fund=fund),
    }
    return render(
        request, "selection/notes.html", context, status=status_of(note_form, officer_form, label_form)
    )


def said(officer, by):
    if officer is None:
        return "Plus personne n’est chargé de ce dossier."
    if officer == by:
        return "Vous êtes chargé(e) de ce dossier."
    return f"Le dossier est confié à {officer.name}, qui en est averti(e) par courriel."
