"""The files of a dossier as its pages list them, and where more of them go."""

from collections import defaultdict

from django.db.models import Count
from django.http import Http404

from calls.questionnaire.answering import Gap
from calls.questionnaire.definition import question_named
from calls.questionnaire.types import type_of
from documents import preview
from documents.fields import FilesField
from documents.models import Incoming, StoredFile


def field_of(application, question_key):
    """What may be joined under a question, or by itself; 404 where the form has no such place."""
    if not question_key:
        return FilesField()
    question = question_named(application.form.definition, question_key)
    if question is None or question.get("type") != "files":
        raise Http404
    return type_of(question).field(question)


def listed(application, question_key=""):
    """The files joined in one place, in their order, each with what the page says of it."""
    everywhere = application.attachments.select_related("file", "added_by")
    # Grouping forgets the order of the model.
    everywhere = list(everywhere.annotate(versions_count=Count("versions")).order_by("position", "id"))
    by_content = defaultdict(list)
    for each in everywhere:
        by_content[each.file_id].append(each)
    here = [each for each in everywhere if each.question_key == question_key]
    for rank, each in enumerate(here, 1):
        each.rank, each.before = rank, max(0, rank - 2)
        each.same_as = next((other.name for other in by_content[each.file_id] if other != each), "")
        each.has_preview = preview.can_be_drawn(each.file)
    return here


def subject_key(application):
    """By which what is on its way to a dossier is known."""
    return f"application-{application.pk}"


def on_their_way(application, user, question_keys):
    """What this person began to send to these places, and that has not all arrived."""
    return Incoming.objects.filter(owner=user, subject_key=subject_key(application), under__in=question_keys)


def gaps(attachments):
    """What prevents filing: each file in which a virus was found.

    A file that the antivirus has not looked at yet prevents nothing: nobody misses a deadline for a service that is
    away. It is opened by nobody until it is scanned, filed or not.
    """
    return [
        Gap(
            f"l’antivirus a trouvé un virus dans « {each.name} » : remplacez ou retirez ce fichier.",
            f"id_{each.question_key}" if each.question_key else f"piece-{each.pk}",
        )
        for each in attachments
        if each.file.scan_state == StoredFile.Scan.INFECTED
    ]
