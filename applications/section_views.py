"""Filling a dossier, section by section."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, completeness, rules
from applications.forms import AttachmentForm, FinancingFormSet, SavingsFormSet, SectionForm
from applications.views import get_application
from calls.money import euros
from calls.rows import bound
from documents import storage
from documents.serving import serve
from journal.refusals import require


@require_http_methods(["GET", "HEAD", "POST"])
def section(request, key, section_key):
    """One section of the form, by its kind."""
    application = get_application(request, key)
    definition = application.form.section(section_key)
    if definition is None:
        raise Http404
    require(rules.can_write(request.user, application))
    actions.refuse_unless_writable(application, request.user)
    views = {"text": text, "financing": financing, "savings": savings, "attachments": attachments}
    return views[definition["kind"]](request, application, definition)


def text(request, application, definition):
    row = application.sections.filter(section_key=definition["key"]).first()
    initial = {**(row.answers if row else {}), "version": row.version if row else 0}
    form = SectionForm(request.POST or None, initial=initial, section=definition)
    theirs = None
    if form.is_valid():
        try:
            actions.save_section(
                application,
                definition["key"],
                form.answers(),
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except actions.EditConflict as conflict:
            theirs = conflict.theirs
            form = SectionForm({**request.POST.dict(), "version": theirs.version}, section=definition)
        else:
            return saved(request, application, definition)
    return show(
        request, application, definition, form=form, theirs=differences(form, theirs), conflict=theirs
    )


def differences(form, theirs):
    """(question, their text) where a colleague's saved text is not the one typed here."""
    if theirs is None:
        return []
    return [
        (question["label"], theirs.answers.get(question["key"], ""))
        for question in form.questions
        if theirs.answers.get(question["key"], "") != form.data.get(question["key"], "")
    ]


def financing(request, application, definition):
    lines = application.financing_lines.values("year", "source", "label", "amount")
    totals = [
        ("Subvention demandée, telle qu’enregistrée", euros(application.requested_grant)),
        ("Coût total du projet, tel qu’enregistré", euros(application.total_cost)),
    ]
    return rows(
        request, application, definition, FinancingFormSet, lines, actions.set_financing, totals=totals
    )


def savings(request, application, definition):
    lines = application.savings_lines.values("year", "label", "amount", "recurring")
    totals = [("Économies attendues, telles qu’enregistrées", euros(application.promised_savings))]
    return rows(request, application, definition, SavingsFormSet, lines, actions.set_savings, totals=totals)


def rows(request, application, definition, formset_class, lines, keep, *, totals):
    """A table of lines; who comes second sees the colleague's lines beside the ones typed here."""
    row = application.sections.filter(section_key=definition["key"]).first()
    formset, complete = bound(formset_class, request, written=list(lines), blank=3)
    read = request.POST.get("version", "")
    conflict = None
    if complete:
        try:
            keep(
                application, formset.rows(), version=int(read) if read.isdecimal() else None, by=request.user
            )
        except actions.EditConflict as refused:
            conflict = refused.theirs
        else:
            return saved(request, application, definition)
    context = {
        "formset": formset,
        "totals": totals,
        "conflict": conflict,
        "theirs": list(lines.all()) if conflict else [],
        "version": read if request.method == "POST" and not conflict else row.version if row else 0,
    }
    return show(request, application, definition, **context)


def attachments(request, application, definition):
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        file = storage.store(upload.chunks(), content_type=form.content_type)
        actions.attach(
            application,
            file=file,
            name=upload.name,
            description=form.cleaned_data["description"],
            by=request.user,
        )
        messages.success(request, f"« {upload.name} » est joint au dossier.")
        return redirect("applications:section", application.key, definition["key"])
    return show(
        request,
        application,
        definition,
        form=form,
        attachments=application.attachments.select_related("file"),
    )


def saved(request, application, definition):
    """Go to the next section, or back to the task list, as the button said."""
    messages.success(request, f"« {definition['title']} » est enregistré.")
    keys = [section["key"] for section in application.form.sections]
    following = keys[keys.index(definition["key"]) + 1 :]
    if "save_and_next" in request.POST and following:
        return redirect("applications:section", application.key, following[0])
    return redirect(application)


def show(request, application, definition, **context):
    states = completeness.sections(application)
    position = [state.key for state in states].index(definition["key"])
    context |= {
        "application": application,
        "definition": definition,
        "state": states[position],
        "position": position + 1,
        "count": len(states),
        "next_title": states[position + 1].title if position + 1 < len(states) else "",
        "next_buttons": [("save_and_next", "Enregistrer et continuer")] if position + 1 < len(states) else [],
    }
    return render(request, f"applications/section_{definition['kind']}.html", context)


@require_safe
def attachment(request, key, pk):
    """A file of a draft."""
    application = get_application(request, key)
    found = get_object_or_404(application.attachments.select_related("file"), pk=pk)
    return serve(found.file, name=found.name)


@require_POST
def detach(request, key, pk):
    """Take a file off a draft."""
    application = get_application(request, key)
    found = get_object_or_404(application.attachments, pk=pk)
    actions.detach(found, by=request.user)
    messages.success(request, f"« {found.name} » n’est plus joint au dossier.")
    return redirect("applications:section", application.key, attachments_key(application))


def attachments_key(application):
    return next(section["key"] for section in application.form.sections if section["kind"] == "attachments")
