"""A section that asks questions."""

from django.urls import reverse

from applications import actions, answers, files
from applications.views.frame import saved, show, version_read, version_shown
from calls.questionnaire.answering import QuestionnaireForm, asked_of
from calls.questionnaire.types import text_of
from documents import storage
from journal.refusals import Refused


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
        incoming=files.on_their_way(
            application, request.user, [question["key"] for question in form.files.questions]
        ),
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
