"""Keeping bytes under their hash: written beside, flushed, then renamed, so that no half file is ever seen."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from documents.models import StoredFile
from journal import actions as journal


def path_of(file):
    """The absolute path of a stored file."""
    return Path(settings.FILES_ROOT) / file.address


def store(chunks, *, content_type, trusted=False):
    """Keep the bytes of an iterable of chunks and return their `StoredFile`; the same bytes give the same row.

    What someone sends waits for the antivirus, where the portal has one; what the portal makes is `trusted`.
    """
    root = Path(settings.FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, prefix="arrivee-", delete=False) as incoming:
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                incoming.write(chunk)
            incoming.flush()
            os.fsync(incoming.fileno())
            kept = StoredFile(sha256=digest.hexdigest(), size=size, content_type=content_type)
            return _put(kept, incoming.name, awaits_scan=settings.CLAMAV_ADDRESS and not trusted)
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise


@transaction.atomic
def _put(kept, path, *, awaits_scan):
    """Give the bytes their place and their row, while nobody lets go of the same."""
    _hold(kept.sha256)
    target = path_of(kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, target)
    return _row_of(kept, awaits_scan=awaits_scan)


def _row_of(kept, *, awaits_scan):
    from documents import tasks

    if awaits_scan:
        kept.scan_state = StoredFile.Scan.PENDING
    file, fresh = StoredFile.objects.get_or_create(
        sha256=kept.sha256,
        defaults={"size": kept.size, "content_type": kept.content_type, "scan_state": kept.scan_state},
    )
    if awaits_scan and file.scan_state == StoredFile.Scan.NOT_SCANNED:
        # Kept before the portal had an antivirus.
        file.scan_state = StoredFile.Scan.PENDING
        file.save(update_fields=["scan_state"])
        fresh = True
    if fresh and awaits_scan:
        journal.ring(tasks.scan, file.pk)
    return file


def forget(file):
    """Let go of a file, in the caller's transaction, unless something else keeps the same bytes."""
    _hold(file.sha256)
    try:
        with transaction.atomic():
            file.delete()
    except (ProtectedError, IntegrityError):
        return
    transaction.on_commit(lambda: _unlink_unless_kept(file))


@transaction.atomic
def _unlink_unless_kept(file):
    _hold(file.sha256)
    if not StoredFile.objects.filter(sha256=file.sha256).exists():
        path_of(file).unlink(missing_ok=True)


def _hold(sha256):
    """Until the transaction ends, whoever keeps or lets go of the same bytes waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [sha256])


# Files on their way in


def incoming_path(incoming):
    """Where the pieces received so far are."""
    return _incoming_folder() / str(incoming.pk)


def write_at(incoming, offset, piece):
    """Put a piece of a file in its place, and what comes after it away; it is on the disk when this returns."""
    _incoming_folder().mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(incoming_path(incoming), os.O_RDWR | os.O_CREAT, 0o600), "r+b") as target:
        target.seek(offset)
        target.truncate()
        target.write(piece)
        target.flush()
        os.fsync(target.fileno())


def sweep_incoming(*, before):
    """Remove what was not written to since this time, in seconds of the disk's clock."""
    folder = _incoming_folder()
    for path in folder.iterdir() if folder.exists() else []:
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _incoming_folder():
    return Path(settings.FILES_ROOT) / "envois"
