"""Messages between a carrier and the secretariat."""

import hashlib

from django.db import transaction

from accounts.actions.notices import tell
from accounts.models import NoticePreference
from applications import exchange_emails, rules
from applications.lifecycle import State
from applications.models import Application, Message, MessageFile, MessageReading
from journal import actions as journal
from journal.refusals import refuse_unless, require

Kind = NoticePreference.Kind


@transaction.atomic(durable=True)
def write_to_secretariat(application, *, text, nonce, by, files=(), read=0):
    """Send a message of the carrier's; `files` are (stored file, name), `read` the last message that its page showed.

    The same page sent twice is one message. Answering is having read.
    """
    application = Application.objects.locked(application)
    require(rules.can_write_to_secretariat(by, application))
    return send(application, text=text, nonce=nonce, by=by, files=files, read=read)


@transaction.atomic(durable=True)
def write_to_carrier(application, *, text, nonce, by, files=(), read=0):
    """Send a message of the secretariat's, in the same way."""
    application = Application.objects.locked(application)
    require(rules.is_its_secretariat(by, application))
    return send(application, text=text, nonce=nonce, by=by, files=files, read=read, from_secretariat=True)


@transaction.atomic(durable=True)
def mark_messages_read(application, *, read, by):
    """Say that this person has read the messages of a dossier up to this one; never fewer than before."""
    application = Application.objects.locked(application)
    require(rules.can_read_messages(by, application))
    mark_read(application, read, by)


# Steps


def mark_read(application, read, by):
    last = application.messages.filter(pk__lte=read).last()
    reading = application.message_readings.filter(user=by).first()
    if last is None or (reading and reading.last_read_id >= last.pk):
        return
    MessageReading.objects.update_or_create(application=application, user=by, defaults={"last_read": last})


def why_no_message(application):
    """Why nobody writes about this dossier for now; nothing when they may."""
    if application.state == State.WITHDRAWN:
        return "Ce dossier est retiré : les échanges sont clos."
    if application.reference is None:
        return "Les messages s’ouvrent une fois le dossier déposé."
    return ""


def send(application, *, text, nonce, by, files=(), read=0, from_secretariat=False, quietly=False):
    """Write a message on a locked dossier, once for a page, and tell the other side, unless its caller does."""
    reason = why_no_message(application)
    refuse_unless(not reason, reason)
    # One person's page of one dossier: a word forged to meet another's is still another word.
    own = hashlib.sha256(f"{application.pk} {by.pk} {nonce}".encode()).hexdigest()[:40]
    if sent := application.messages.filter(nonce=own).first():
        return sent
    message = Message.objects.create(
        application=application, text=text, from_secretariat=from_secretariat, nonce=own, sent_by=by
    )
    MessageFile.objects.bulk_create(
        MessageFile(message=message, file=file, name=name) for file, name in files
    )
    mark_read(application, read, by)
    journal.record(
        "application.message_sent",
        application,
        by=by,
        message=message.pk,
        from_secretariat=from_secretariat,
        files=[file.sha256 for file, _ in files],
    )
    if not quietly:
        tell(Kind.MESSAGES, exchange_emails.message_sent(message))
    return message
