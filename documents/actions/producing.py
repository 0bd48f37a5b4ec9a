"""Asking for documents, and making them exactly once."""

import logging
import tempfile
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max

from documents import merge, storage
from documents.actions.rendering import forget_renderings
from documents.models import ProducedDocument, Rendering, StoredFile
from documents.pdf import PdfFailed
from documents.produced import PDF, builders, content_types
from journal import actions as journal
from journal import clock

logger = logging.getLogger(__name__)

State = ProducedDocument.State

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

    A second worker that comes for the same one finds it claimed and leaves; the last transaction checks that
    the claim is still ours, so there is one file however many workers died on the way.
    """
    claim = _claim(pk)
    if claim is None:
        return
    kind, subject_key, started_at = claim
    try:
        with tempfile.TemporaryDirectory(prefix="document-") as folder:
            target = Path(folder) / "document.pdf"
            said = builders[kind](subject_key, target) or {}
            content_type = content_types.get(kind, PDF)
            with target.open("rb") as made:
                file = storage.store(
                    iter(lambda: made.read(1 << 20), b""), content_type=content_type, trusted=True
                )
            pages = merge.page_count(target) if content_type == PDF else 0
    except PdfFailed as failure:
        _finish(pk, started_at, state=State.FAILED, error=str(failure)[:300])
    except Exception:
        logger.exception("document %s could not be made", pk)
        _finish(
            pk,
            started_at,
            state=State.FAILED,
            error="Le document n’a pas pu être fabriqué. L’équipe du portail est prévenue ; vous pouvez le redemander.",
        )
    else:
        _finish(pk, started_at, said, state=State.DONE, file=file, pages=pages)


@transaction.atomic(durable=True)
def _claim(pk):
    document = ProducedDocument.objects.waiting().filter(pk=pk).select_for_update(skip_locked=True).first()
    if document is None:
        return None
    document.state, document.started_at = State.MAKING, clock.now()
    document.save(update_fields=["state", "started_at"])
    return document.kind, document.subject_key, document.started_at


@transaction.atomic(durable=True)
def _finish(pk, started_at, said=None, /, **facts):
    document = ProducedDocument.objects.select_for_update().filter(pk=pk).first()
    if document is None or document.state != State.MAKING or document.started_at != started_at:
        return
    document.done_at = clock.now()
    for name, value in facts.items():
        setattr(document, name, value)
    document.save(update_fields=["done_at", *facts])
    if document.state == State.DONE:
        sha256 = document.file.sha256
        journal.record("document.produced", document, kind=document.kind, sha256=sha256, **said or {})
