"""Joining files to a draft."""

from django.db import transaction

from applications.actions.guards import locked_for_writing
from applications.models import Attachment
from journal import actions as journal
from journal.refusals import refuse_unless


@transaction.atomic(durable=True)
def attach(application, *, file, name, by, description="", question_key="", most=None):
    """Join a file to a draft: by itself, or under a question, which takes `most` files.

    The same file sent twice under a question is joined once.
    """
    application = locked_for_writing(application, by)
    under = application.attachments.filter(question_key=question_key)
    if question_key and (joined := under.filter(file=file, name=name).first()):
        return joined
    refuse_unless(
        most is None or under.count() < most,
        f"« {name} » n’est pas joint : {most} fichier{'s' if (most or 0) > 1 else ''} au plus. Retirez-en un d’abord.",
    )
    attachment = Attachment.objects.create(
        application=application,
        question_key=question_key,
        file=file,
        name=name,
        description=description,
        added_by=by,
    )
    journal.record("application.attached", application, by=by, name=name, sha256=file.sha256)
    return attachment


@transaction.atomic(durable=True)
def detach(attachment, *, by):
    """Take a file off a draft; what was filed with it keeps it."""
    application = locked_for_writing(attachment.application, by)
    attachment.delete()
    journal.record("application.detached", application, by=by, name=attachment.name)
