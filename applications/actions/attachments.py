"""Joining files to a draft, replacing them, telling what they are, putting them in order."""

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from applications import answers
from applications.actions.guards import locked_for_writing
from applications.models import Attachment, AttachmentVersion
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless


@transaction.atomic(durable=True)
def attach(application, *, file, name, by, description="", question_key="", most=None):
    """Join a file to a draft: by itself, as many as the portal takes, or under a question, which takes `most` files.

    The same file sent twice to the same place is joined once.
    """
    application = locked_for_writing(application, by, answers.section_of(application, question_key))
    under = application.attachments.filter(question_key=question_key)
    if joined := under.filter(file=file, name=name).first():
        return joined
    refuse_unless_room(under, name, most=most)
    attachment = Attachment.objects.create(
        application=application,
        question_key=question_key,
        file=file,
        name=name,
        description=description,
        position=(under.aggregate(last=Max("position"))["last"] or 0) + 1,
        added_by=by,
    )
    journal.record("application.attached", application, by=by, name=name, sha256=file.sha256)
    return attachment


def refuse_unless_room(under, name, *, most=None):
    """Refuse one more file beside these; a long sending asks it before its first byte, and its joining again."""
    most = most or settings.ATTACHMENTS_MAX
    refuse_unless(
        under.count() < most,
        f"« {name} » n’est pas joint : {most} fichier{'s' if most > 1 else ''} au plus. Retirez-en un d’abord.",
    )


@transaction.atomic(durable=True)
def replace(attachment, *, file, name, by):
    """Put another file in the place of one, which is kept among its versions; the same file changes nothing."""
    application, attachment = _locked(attachment, by)
    if (attachment.file, attachment.name) == (file, name):
        return attachment
    AttachmentVersion.objects.create(
        attachment=attachment,
        file=attachment.file,
        name=attachment.name,
        added_at=attachment.added_at,
        added_by=attachment.added_by,
        replaced_by=by,
    )
    journal.record(
        "application.attachment_replaced",
        application,
        by=by,
        name=name,
        sha256=file.sha256,
        former_sha256=attachment.file.sha256,
    )
    attachment.file, attachment.name = file, name
    attachment.added_at, attachment.added_by = clock.now(), by
    attachment.save(update_fields=["file", "name", "added_at", "added_by"])
    return attachment


@transaction.atomic(durable=True)
def describe(attachment, *, description, by):
    """Say what a file is."""
    application, attachment = _locked(attachment, by)
    attachment.description = description
    attachment.save(update_fields=["description"])
    journal.record("application.attachment_described", application, by=by, name=attachment.name)


@transaction.atomic(durable=True)
def move(attachment, *, to, by):
    """Put a file at this rank, from 0, among those of the same place; beyond either end, at that end."""
    application, attachment = _locked(attachment, by)
    files = list(application.attachments.filter(question_key=attachment.question_key))
    files.remove(attachment)
    files.insert(max(0, to), attachment)
    for position, each in enumerate(files, 1):
        each.position = position
    Attachment.objects.bulk_update(files, ["position"])


@transaction.atomic(durable=True)
def detach(attachment, *, by):
    """Take a file off a draft, and its former versions; what was filed with them keeps them."""
    application, attachment = _locked(attachment, by)
    attachment.delete()
    journal.record("application.detached", application, by=by, name=attachment.name)


# Steps


def _locked(attachment, by):
    """The dossier, locked, and its file as it is now, if this person may change them."""
    application = attachment.application
    application = locked_for_writing(
        application, by, answers.section_of(application, attachment.question_key)
    )
    attachment = application.attachments.select_related("file").filter(pk=attachment.pk).first()
    refuse_unless(attachment, "Ce fichier vient d’être retiré du dossier par quelqu’un d’autre.")
    return application, attachment
