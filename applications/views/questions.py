"""A section that asks questions."""

from django.contrib import messages
from django.urls import reverse

from applications import actions, answers, conflict
from applications.files import on_their_way
from applications.merging import Base, merged
from applications.views.frame import BASE, base_read, saved, show, version_read, version_shown
from calls.questionnaire.answering import QuestionnaireForm
from documents import storage
from journal.refusals import Refused

PARTLY = "Ce qui pouvait l’être est enregistré. Le reste est à corriger : ce que vous avez tapé est dans les champs."


def questions(request, application, definition):
    """Questions of any type: what can be kept is, whatever the rest; who comes second chooses, answer by answer."""
    row = application.sections.filter(section_key=definition["key"]).first()
    if row and version_read(request) == row.version:
        request.POST = conflict.settled(request.POST, definition, row.answers)
    form = form_of(request, application, definition)
    if request.method == "POST":
        keep_files(request, application, form)
        if "detach_file" not in request.POST and not form.adds_a_row:
            return save(request, application, definition, form)
        form.joined = joined_files(application)
    version = version_shown(request, row, None)
    base = request.POST.get(BASE) or base_of(application, definition, row)
    return shown(request, application, definition, form, version=version, base=base)


def save(request, application, definition, form):
    """Keep what can be, then go on; or show again what cannot, and what a colleague changed."""
    met, clashes, base = None, [], base_read(request)
    try:
        row = actions.save_section(
            application,
            definition["key"],
            form.answers,
            version=version_read(request),
            base=base,
            refused=form.refused,
            by=request.user,
        )
    except actions.EditConflict as refused:
        met = row = refused.theirs
        together, _ = merged(form.answers, row.answers, base)
        clashes = conflict.clashes(definition, refused.clashes, form.answers, row.answers)
    else:
        if form.is_valid():
            return saved(request, application, definition)
        together = row.answers
        messages.warning(request, PARTLY)
    request.POST = conflict.aligned(request.POST, definition, form.answers, together)
    again = form_of(request, application, definition)
    again.files = form.files
    return shown(
        request,
        application,
        definition,
        again,
        conflict=met,
        clashes=clashes,
        version=row.version,
        base=base_of(application, definition, row),
    )


def shown(request, application, definition, form, **context):
    asked = [question["key"] for question in form.files.questions]
    incoming = on_their_way(application, request.user, asked)
    return show(request, application, definition, questionnaire=form, incoming=incoming, **context)


def base_of(application, definition, row):
    """What the page is given, as it posts it back."""
    return str(Base.of(application.form, definition.get("questions", []), row.answers if row else {}))


def form_of(request, application, definition):
    return QuestionnaireForm(
        request,
        definition,
        definition=application.form.definition,
        answers=answers.by_question(application),
        joined=joined_files(application),
    )


def joined_files(application):
    """The files joined under each question, as the page lists them."""
    return {
        key: [
            {
                "pk": file.pk,
                "name": file.name,
                "size": file.file.size,
                "scan": file.file,
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
