"""Having what comes in looked at by the antivirus."""

import logging

from django.db import transaction

from documents import antivirus, storage
from documents.models import StoredFile
from journal import actions as journal
from journal import clock

logger = logging.getLogger(__name__)

Scan = StoredFile.Scan


def scan(pk):
    """Scan one file, outside any transaction; while the antivirus is away, the file goes on waiting for it.

    Whoever comes for a file that is being scanned leaves: a slow antivirus is not asked the same thing twice.
    """
    file = _claim(pk)
    if file is None:
        return
    try:
        virus = antivirus.scan(storage.path_of(file))
    except antivirus.Away as away:
        logger.warning("file %s is not scanned: %s", pk, away)
        _let_go(pk)
    else:
        _keep_verdict(pk, virus)


@transaction.atomic(durable=True)
def _claim(pk):
    file = StoredFile.objects.to_scan().filter(pk=pk).select_for_update(skip_locked=True).first()
    if file is not None:
        file.scan_started_at = clock.now()
        file.save(update_fields=["scan_started_at"])
    return file


@transaction.atomic(durable=True)
def _let_go(pk):
    StoredFile.objects.awaiting_scan().filter(pk=pk).update(scan_started_at=None)


@transaction.atomic(durable=True)
def _keep_verdict(pk, virus):
    file = StoredFile.objects.awaiting_scan().select_for_update().filter(pk=pk).first()
    if file is None:
        return
    file.scan_state, file.virus = (Scan.INFECTED if virus else Scan.CLEAN), virus
    file.scanned_at = clock.now()
    file.save(update_fields=["scan_state", "virus", "scanned_at"])
    if virus:
        journal.record("file.quarantined", file, sha256=file.sha256, virus=virus)


@transaction.atomic(durable=True)
def stop_waiting_for_scans():
    """Give back what waits for an antivirus that the portal no longer has."""
    StoredFile.objects.awaiting_scan().update(scan_state=Scan.NOT_SCANNED)
