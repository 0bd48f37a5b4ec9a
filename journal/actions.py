"""Writing in the journal and in the outbox. Both are steps: they live in the caller's transaction.

Apps say `from journal import actions as journal`, then `journal.record(…)` and `journal.post(…)`.
"""

import hashlib
import json
import logging
import secrets

from django.core.mail import EmailMessage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.template.loader import render_to_string

from journal import clock
from journal.models import Entry, EntryDetails, OutgoingEmail, Seal

logger = logging.getLogger(__name__)

GENESIS = "0" * 64
SEALER_LOCK = 20180622
MAX_ATTEMPTS = 8


# Steps


def record(event, subject, *, by=None, **details):
    """Write what happened to `subject`; `details` must be JSON-able and hold no secret."""
    content = json.loads(json.dumps(details, cls=DjangoJSONEncoder))
    salt = secrets.token_hex(16)
    entry = Entry.objects.create(
        event=event,
        actor_id=by.pk if by else None,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        details_sha256=details_hash(salt, content),
    )
    EntryDetails.objects.create(entry=entry, salt=salt, content=content)
    return entry


def post(*emails):
    """Put messages of some `emails.py` in the outbox, and ring for them once the transaction holds."""
    for email in emails:
        email.subject, email.body = written(email)
    OutgoingEmail.objects.bulk_create(emails)
    from journal import tasks

    ring(tasks.send_waiting)


def written(email):
    """The subject and the body of a message that some `emails.py` built."""
    text = render_to_string(email.template, email.context)
    subject, _, body = text.strip().partition("\n")
    # A carriage return typed in a title must not become a header.
    return " ".join(subject.removeprefix("Objet : ").split())[:200], body.strip() + "\n"


def forget(to, *, templates, before=None):
    """Erase the messages to an address made of these templates, sent or waiting; those older than a time alone."""
    emails = OutgoingEmail.objects.filter(to=to, template__in=templates)
    if before:
        emails = emails.filter(created_at__lt=before)
    emails.delete()


def ring(task, *args):
    """Wake a Celery task once the transaction holds. A bell that fails is no loss: beat comes every minute."""

    def wake():
        try:
            task.delay(*args)
        except task.OperationalError:
            logger.warning("the broker is away; %s waits for the next round", task.name)

    transaction.on_commit(wake)


def _message(email):
    """The message, with its calendar as mail programs read it: they offer to accept what says METHOD:REQUEST."""
    message = EmailMessage(email.subject, email.body, to=[email.to], headers=email.headers)
    if email.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in email.calendar else "REQUEST"
        message.attach("invitation.ics", email.calendar, f"text/calendar; method={method}")
    return message


# Actions


@transaction.atomic(durable=True)
def send_next():
    """Send the oldest waiting message and say whether there was one; two workers never take the same."""
    email = (
        OutgoingEmail.objects.select_for_update(skip_locked=True)
        .filter(state=OutgoingEmail.State.WAITING)
        .order_by("attempts", "id")
        .first()
    )
    if email is None:
        return False
    email.attempts += 1
    try:
        _message(email).send()
    except (OSError, ValueError) as error:  # SMTP errors are OSErrors; a header that cannot be, a ValueError
        email.last_error = str(error)
        if email.attempts >= MAX_ATTEMPTS:
            email.state = OutgoingEmail.State.FAILED
        email.save(update_fields=["attempts", "last_error", "state"])
        return email.state == OutgoingEmail.State.FAILED
    email.state, email.sent_at = OutgoingEmail.State.SENT, clock.now()
    email.save(update_fields=["attempts", "state", "sent_at"])
    return True


@transaction.atomic(durable=True)
def seal():
    """Chain the entries that are not yet sealed, and return how many.

    One sealer at a time (an advisory lock); the order of the chain is the sealer's own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    last = Seal.objects.order_by("-id").first()
    previous = last.sha256 if last else GENESIS
    seals = []
    for entry in Entry.objects.filter(seal=None).order_by("id").iterator():
        sha256 = link_hash(previous, entry)
        seals.append(Seal(entry=entry, previous_sha256=previous, sha256=sha256))
        previous = sha256
    Seal.objects.bulk_create(seals, batch_size=1000)
    return len(seals)


# The chain's arithmetic


def details_hash(salt, content):
    """SHA-256, in hexadecimal, of the salt and the canonical JSON of an entry's details."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def link_hash(previous, entry):
    """SHA-256, in hexadecimal, of the previous link and of everything the entry says."""
    said = [
        previous,
        entry.pk,
        entry.at.isoformat(timespec="microseconds"),
        entry.event,
        entry.actor_id,
        entry.subject_type,
        entry.subject_id,
        entry.details_sha256,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
