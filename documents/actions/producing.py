"""Asking for documents, making them exactly once, and telling of those that cannot be made."""

import logging
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.db.models import Max

from documents import failures, merge, storage
from documents.actions.rendering import forget_renderings
from documents.models import ProducedDocument, Rendering, StoredFile
from documents.pdf import PdfFailed
from documents.produced import PDF, builders, content_types, parts_of
from journal import actions as journal
from journal import clock

logger = logging.getLogger(__name__)

State = ProducedDocument.State
TRIES = 3  # at one document, when its worker dies or what stops it comes from elsewhere
FAILED = "Le document n’a pas pu être fabriqué. L’équipe du portail est prévenue ; vous pouvez le redemander."
DEADLY = "La fabrication de ce document s’est arrêtée en route à chaque essai. Vous pouvez le redemander."


class PartFailed(Exception):
    """A document could not be put together, as one of its parts could not be made: the text says which, and why."""


# Steps


def request(kind, subject_key):
    """Ask for a new revision of a document; the worker makes it once the transaction holds."""
    from documents import tasks

    _one_at_a_time(kind, subject_key)
    last = ProducedDocument.objects.of(kind, subject_key).aggregate(last=Max("revision"))["last"]
    document = ProducedDocument.objects.create(kind=kind, subject_key=subject_key, revision=(last or 0) + 1)
    journal.ring(tasks.produce, document.pk)
    return document


def forget(kind, subject_key):
    """Give up every revision of a document whose subject is removed, made or being made, and their bytes."""
    _one_at_a_time(kind, subject_key)
    revisions = ProducedDocument.objects.of(kind, subject_key)
    files = list(StoredFile.objects.filter(pk__in=revisions.values("file")))
    revisions.delete()
    forget_renderings(Rendering.objects.unkept().filter(file__in=files))
    for file in files:
        storage.forget(file)


def _one_at_a_time(kind, subject_key):
    """Two people who ask for the same document wait for each other, so that each revision is asked for once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [kind, subject_key])


def _asked(parts):
    """The documents of these (kind, key): made, being made, or else asked for now."""
    found = []
    for kind in sorted({kind for kind, _ in parts}):
        keys = sorted(key for each, key in parts if each == kind)
        latest = ProducedDocument.objects.latest_of_each(kind, keys)
        stands = {key: each for key, each in latest.items() if each.state != State.FAILED}
        found += [stands.get(key) or request(kind, key) for key in keys]
    return found


def _count_in(document):
    """Say to the wholes that wait for a document that it is finished; the last of its parts rings for each."""
    from documents import tasks

    wholes = document.wholes.filter(state=State.REQUESTED).order_by("pk")
    for whole in wholes.select_for_update(no_key=True):
        whole.parts_done = whole.parts_total - whole.parts.unfinished().count()
        whole.save(update_fields=["parts_done"])
        if whole.parts_done == whole.parts_total:
            journal.ring(tasks.produce, whole.pk)


# Actions


@transaction.atomic(durable=True)
def order(kind, subject_key):
    """Ask for a document unless one is being made; return the one to wait for."""
    _one_at_a_time(kind, subject_key)
    document = ProducedDocument.objects.latest(kind, subject_key)
    if document and document.state in (State.REQUESTED, State.MAKING):
        return document
    return request(kind, subject_key)


@transaction.atomic(durable=True)
def retry(document):
    """Ask again for a document whose making failed; one that is made or being made is left alone."""
    _one_at_a_time(document.kind, document.subject_key)
    latest = ProducedDocument.objects.latest(document.kind, document.subject_key)
    return request(document.kind, document.subject_key) if latest.state == State.FAILED else latest


def produce(pk):
    """Make one document: claim it, build it outside any transaction, then keep it.

    A second worker that comes for the same one finds its maker alive and leaves, or takes over from a dead one; the
    last transaction checks that the claim is still ours, so there is one file however many workers died on the way.
    """
    with _alive(pk) as is_ours:
        document = _claim(pk) if is_ours else None
        if document is None:
            return
        try:
            if _waits_for_parts(document):
                return
            file, pages, said = _build(document)
        except Exception as failure:
            if not isinstance(failure, (PdfFailed, PartFailed)):
                logger.exception("document %s could not be made", pk)
            _give_up(pk, document.started_at, failure)
        else:
            _finish(pk, document.started_at, said, state=State.DONE, file=file, pages=pages)


@contextmanager
def _alive(pk):
    """Hold what says that the maker of a document lives, and tell whether nobody else does.

    It is a lock of this database session, which ends with this process, killed or not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 2))", [str(pk)])
        [is_ours] = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 2))", [str(pk)])


@transaction.atomic(durable=True)
def _claim(pk):
    """Begin to make a document that still is to make; one on which workers died time and again has failed."""
    waiting = ProducedDocument.objects.waiting().filter(pk=pk)
    document = waiting.select_for_update(skip_locked=True, no_key=True).first()
    if document is None:
        return None
    if document.state == State.MAKING and document.attempts >= TRIES:
        _close(document, state=State.FAILED, error=DEADLY)
        return None
    document.state, document.started_at = State.MAKING, clock.now()
    document.attempts += 1
    document.save(update_fields=["state", "started_at", "attempts"])
    return document


def _waits_for_parts(document):
    """Have what a document is put together from made first, by whichever worker is free; whether it waits for that."""
    if document.kind not in parts_of or document.parts_total is not None:
        return False
    return _order_parts(document.pk, document.started_at, parts_of[document.kind](document.subject_key))


@transaction.atomic(durable=True)
def _order_parts(pk, started_at, parts):
    from documents import tasks

    document = _ours(pk, started_at)
    if document is None:
        return True
    made = _asked(parts)
    document.parts.set(made)
    document.parts_total = len(made)
    document.parts_done = document.parts_total - document.parts.unfinished().count()
    if waits := document.parts_done < document.parts_total:
        document.state, document.started_at, document.attempts = State.REQUESTED, None, 0
        # Once more than needed, for a part that is finished while this transaction ends.
        journal.ring(tasks.produce, pk)
    document.save(update_fields=["parts_total", "parts_done", "state", "started_at", "attempts"])
    return waits


def _build(document):
    """The stored file of a document, its pages, and what its builder has to say."""
    kind, subject_key = document.kind, document.subject_key
    if failed := document.parts.filter(state=State.FAILED).order_by("pk").first():
        raise PartFailed(f"{failures.label_of(failed)} : {failed.error}")
    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        target = Path(folder) / "document.pdf"
        said = builders[kind](subject_key, target) or {}
        content_type = content_types.get(kind, PDF)
        with target.open("rb") as made:
            file = storage.store(
                iter(lambda: made.read(1 << 20), b""), content_type=content_type, trusted=True
            )
        return file, merge.page_count(target) if content_type == PDF else 0, said


@transaction.atomic(durable=True)
def _give_up(pk, started_at, failure):
    """Note that a document could not be made, or have it made once more when that comes from elsewhere."""
    from documents import tasks

    document = _ours(pk, started_at)
    if document is None:
        return
    if comes_from_elsewhere(failure) and document.attempts < TRIES:
        document.state, document.started_at = State.REQUESTED, None
        document.save(update_fields=["state", "started_at"])
        journal.ring(tasks.produce, pk)
        return
    error = str(failure)[:300] if isinstance(failure, (PdfFailed, PartFailed)) else FAILED
    _close(document, state=State.FAILED, error=error)


def comes_from_elsewhere(failure):
    """Whether what stopped a document may well not stop it again: the machine or the database, not what it holds."""
    if isinstance(failure, PdfFailed):
        return failure.reason == "interrupted"
    return isinstance(failure, (OSError, OperationalError))


@transaction.atomic(durable=True)
def _finish(pk, started_at, said, /, **facts):
    document = _ours(pk, started_at)
    if document is None:
        return
    _close(document, **facts)
    sha256 = document.file.sha256
    journal.record("document.produced", document, kind=document.kind, sha256=sha256, **said)


def _ours(pk, started_at):
    """The document, locked, if it is still the one that we began to make."""
    documents = ProducedDocument.objects.select_for_update(no_key=True)
    return documents.filter(pk=pk, state=State.MAKING, started_at=started_at).first()


def _close(document, **facts):
    document.done_at = clock.now()
    for name, value in facts.items():
        setattr(document, name, value)
    document.save(update_fields=["done_at", *facts])
    _count_in(document)
