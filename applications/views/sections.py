"""Filling a dossier, section by section."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from applications import actions, answers, completeness, form_moves, rules, tables
from applications.form_actions import FormCorrected
from applications.forms import AttachmentForm
from applications.views.dossiers import get_application
from calls.money import euros
from calls.questionnaire.answering import QuestionnaireForm, asked_of
from calls.questionnaire.definition import ASKING
from calls.questionnaire.types import text_of
from calls.rows import bound
from documents import storage
from journal.refusals import Refused, require

VERSION = "section_version"  # what the page read; no question can have this name
UNREAD = -1  # a version that no section has, so that a forged one overwrites nobody


@require_http_methods(["GET", "HEAD", "POST"])
def section(request, key, section_key):
    """One section of the form; again, if the form is corrected at the very instant it is saved."""
    try:
        return section_of(request, get_application(request, key), section_key)
    except FormCorrected:
        return section_of(request, get_application(request, key), section_key)


def section_of(request, application, section_key):
    """The page of a section, by its kind."""
    definition = application.form.section(section_key)
    require(rules.can_write(request.user, application))
    if definition is None:
        return gone(request, application, section_key)
    actions.refuse_unless_writable(application, request.user, section_key)
    if definition["kind"] in ASKING:
        return questions(request, application, definition)
    if definition["kind"] in tables.TABLES:
        return table(request, application, definition)
    return attachments(request, application, definition)


def gone(request, application, section_key):
    """What a page open on the former form sends to a section that is no more: nothing is kept of it, all is shown."""
    typed = form_moves.unplaced(application, section_key, request.POST)
    if not typed:
        raise Http404
    context = {"application": application, "unplaced": typed}
    return render(request, "applications/section_gone.html", context, status=409)


def questions(request, application, definition):
    """Questions of any type; who comes second sees the colleague's answers beside the ones typed here."""
    row = application.sections.filter(section_key=definition["key"]).first()
    form = QuestionnaireForm(
        request,
        definition,
        definition=application.form.definition,
        answers=answers.by_question(application),
        joined=joined_files(application),
    )
    conflict = None
    if request.method == "POST":
        keep_files(request, application, form)
        if "detach_file" not in request.POST and form.is_valid():
            try:
                actions.save_section(
                    application,
                    definition["key"],
                    form.answers,
                    version=version_read(request),
                    by=request.user,
                )
            except actions.EditConflict as refused:
                conflict = refused.theirs
            else:
                return saved(request, application, definition)
        form.joined = joined_files(application)
    return show(
        request,
        application,
        definition,
        questionnaire=form,
        conflict=conflict,
        theirs=differences(application, definition, form, conflict),
        version=version_shown(request, row, conflict),
    )


def differences(application, definition, form, theirs):
    """(question, their answer in words) where what a colleague saved is not what was typed here."""
    if theirs is None:
        return []
    _, mine = definition, form.answers
    both = answers.by_question(application) | theirs.answers
    return [
        (question["label"], text_of(question, theirs.answers.get(question["key"])))
        for question in asked_of(application.form.definition, definition, both | mine)
        if theirs.answers.get(question["key"]) != mine.get(question["key"])
        and text_of(question, theirs.answers.get(question["key"]))
        != text_of(question, mine.get(question["key"]))
    ]


def joined_files(application):
    """The files joined under each question, as the page lists them."""
    return {
        key: [
            {
                "pk": file.pk,
                "name": file.name,
                "size": file.file.size,
                "url": reverse("applications:attachment", args=[application.key, file.pk]),
            }
            for file in files
        ]
        for key, files in answers.joined(application).items()
        if key
    }


def keep_files(request, application, form):
    """Join what was sent and is fit, even where the rest of the page is refused: a browser sends a file only once."""
    form.files.is_valid()
    for question, field, fit in form.files.chosen:
        for upload, content_type in fit:
            file = storage.store(upload.chunks(), content_type=content_type)
            try:
                actions.attach(
                    application,
                    file=file,
                    name=upload.name,
                    question_key=question["key"],
                    most=field.max_files,
                    by=request.user,
                )
            except Refused as refusal:
                form.files.add_error(question["key"], refusal.reason)
    pk = request.POST.get("detach_file", "")
    if pk.isdecimal() and len(pk) < 18:
        for found in application.attachments.filter(pk=int(pk)).exclude(question_key=""):
            actions.detach(found, by=request.user)


def table(request, application, definition):
    """A table of lines; who comes second sees the colleague's lines beside the ones typed here."""
    kind, of_kind = definition["kind"], tables.TABLES[definition["kind"]]
    row = application.sections.filter(section_key=definition["key"]).first()
    written = getattr(application, of_kind.rows).values(*of_kind.form._meta.fields)
    formset, complete = bound(of_kind.formset, request, written=list(written), blank=3)
    conflict = None
    if complete:
        try:
            actions.set_table(
                application, kind, formset.rows(), version=version_read(request), by=request.user
            )
        except actions.EditConflict as refused:
            conflict = refused.theirs
        else:
            return saved(request, application, definition)
    lines = of_kind.lines(application)
    context = {
        "formset": formset,
        "help": of_kind.help,
        "totals": [
            (f"{label} (lignes enregistrées)", euros(amount)) for label, amount in of_kind.totals(lines)
        ],
        "conflict": conflict,
        "theirs": tables.read(kind, lines) if conflict else None,
        "version": version_shown(request, row, conflict),
    }
    return show(request, application, definition, **context)


def version_read(request):
    read = request.POST.get(VERSION, "")
    return int(read) if read.isdecimal() and len(read) < 10 else UNREAD


def version_shown(request, row, conflict):
    """The version that the page read: a colleague's once both texts are shown, else the same until it is saved."""
    if conflict:
        return conflict.version
    if request.method == "POST":
        return request.POST.get(VERSION, "")
    return row.version if row else 0


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
    joined = answers.joined(application)[""]
    return show(request, application, definition, form=form, attachments=joined)


def saved(request, application, definition):
    """Go to the next section that is asked, or back to the task list, as the button said."""
    messages.success(request, f"« {definition['title']} » est enregistré.")
    if "save_and_next" in request.POST:
        _, following = neighbours(completeness.sections(application), definition)
        if following:
            return redirect("applications:section", application.key, following.key)
    return redirect(application)


def neighbours(states, definition):
    """The state of a section, and that of the next one that is asked, or None."""
    position = [state.key for state in states].index(definition["key"])
    return states[position], next((state for state in states[position + 1 :] if state.asked), None)


def show(request, application, definition, **context):
    states = completeness.sections(application)
    state, following = neighbours(states, definition)
    conflict = context.get("conflict")
    asked = [each for each in states if each.asked]
    context |= {
        "application": application,
        "definition": definition,
        "corrected": bool(conflict) and form_moves.made_conflict(application, conflict),
        "unplaced": form_moves.unplaced(application, definition["key"], request.POST),
        "state": state,
        "position": asked.index(state) + 1 if state.asked else 0,
        "count": len(asked),
        "next_title": following.title if following else "",
        "next_buttons": [("save_and_next", "Enregistrer et continuer")] if following else [],
    }
    name = (
        "questions"
        if definition["kind"] in ASKING
        else "attachments"
        if definition["kind"] == "attachments"
        else "table"
    )
    return render(request, f"applications/section_{name}.html", context)
