"""Asking for a file of what one may read, making it once, and letting go of it."""

import logging
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction

from accounts.models import User
from documents import storage
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import rules
from selection.exports import archive, contents, sheets
from selection.models import Case, Export

logger = logging.getLogger(__name__)

State = Export.State
BEAT_SECONDS = 10  # between two tellings of how far it is
FAILED = "Le fichier n’a pas pu être fait. L’équipe du portail est prévenue ; vos dossiers sont intacts. Redemandez-le."
TOO_LONG = (
    "Cet export demande trop de temps en une seule fois. Filtrez la liste des dossiers, par état par exemple,"
    " et demandez-le en plusieurs fois."
)


@transaction.atomic(durable=True)
def ask_export(call, *, kind, format, query, with_files, by):
    """Ask for a file; the one already being made for this person is the same, however many times they ask."""
    from selection import tasks

    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    require(rules.can_export(by, call))
    mine = Export.objects.pending().filter(asked_by=by)
    asked = {"call": call, "kind": kind, "format": format, "query": query, "with_files": with_files}
    if known := mine.filter(**asked).first():
        return known
    refuse_unless(
        mine.count() < settings.EXPORTS_AT_ONCE,
        f"{settings.EXPORTS_AT_ONCE} exports sont déjà en préparation pour vous : attendez que l’un soit prêt.",
    )
    export = Export.objects.create(**asked, asked_by=by)
    journal.record(
        "export.asked", export, by=by, call=call.code, kind=kind, format=format, query=query, files=with_files
    )
    journal.ring(tasks.export, export.pk)
    return export


def make_export(pk):
    """Make one file: claim it, write it outside any transaction, then keep it.

    How far it is also says that whoever makes it is alive: a worker that lost its claim finds so and leaves.
    """
    export = _claim(pk)
    if export is None:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder) / "export"
            rows = _write(export, path)
            with path.open("rb") as made:
                file = storage.store(
                    iter(lambda: made.read(1 << 20), b""),
                    content_type=sheets.CONTENT_TYPES.get(export.format, "application/zip"),
                    trusted=True,
                )
    except LostClaim:
        return
    except SoftTimeLimitExceeded:
        _finish(export, state=State.FAILED, problem=TOO_LONG)
    except Exception:
        logger.exception("export %s could not be made", pk)
        _finish(export, state=State.FAILED, problem=FAILED)
    else:
        _finish(export, rows=rows, state=State.DONE, file=file)


class LostClaim(Exception):
    """Another worker took this export, thinking that we were dead."""


def _write(export, path):
    """Write the file and return how many rows, or folders, it has."""
    cases = contents.chosen(export.asked_by, export.call, export.query)
    if export.kind == Export.Kind.DOSSIERS:
        folders = archive.write(path, cases, with_files=export.with_files)
        return sum(1 for _ in _telling(export, ((pk, pk) for pk in folders)))
    count = 0

    def counted():
        nonlocal count
        rows = contents.rows(export.kind, cases)
        for count, row in enumerate(_telling(export, rows), start=1):  # noqa: B007
            yield row

    sheets.write(
        export.format, path, export.get_kind_display().capitalize(), contents.columns(export.kind), counted()
    )
    return count


def _telling(export, rows):
    """The rows, while the number of dossiers done is told from time to time."""
    done, last, told = 0, None, time.monotonic()
    for case, row in rows:
        if case != last:
            last, done = case, done + 1
            if time.monotonic() - told > BEAT_SECONDS:
                _beat(export, done)
                told = time.monotonic()
        yield row


@transaction.atomic(durable=True)
def _claim(pk):
    """Take an export that nobody makes, and note what its reader may not read now."""
    export = Export.objects.waiting().filter(pk=pk).select_for_update(of=["self"], skip_locked=True).first()
    if export is None:
        return None
    export.state, export.started_at, export.done = State.MAKING, clock.now(), 0
    export.left_out = sorted(Case.objects.filter(call=export.call).hidden_from(export.asked_by))
    export.total = contents.chosen(export.asked_by, export.call, export.query).count()
    export.save(update_fields=["state", "started_at", "done", "total", "left_out"])
    return export


@transaction.atomic(durable=True)
def _beat(export, done):
    now = clock.now()
    ours = Export.objects.filter(pk=export.pk, state=State.MAKING, started_at=export.started_at)
    if not ours.update(done=done, started_at=now):
        raise LostClaim
    export.started_at = now


@transaction.atomic(durable=True)
def _finish(export, *, rows=0, **facts):
    found = Export.objects.select_for_update().filter(pk=export.pk).first()
    if found is None or found.state != State.MAKING or found.started_at != export.started_at:
        return
    found.finished_at = clock.now()
    if facts["state"] == State.DONE:
        found.done = found.total
    for name, value in facts.items():
        setattr(found, name, value)
    found.save(update_fields=["finished_at", "done", *facts])
    if found.state == State.DONE:
        journal.record(
            "export.made",
            found,
            by=found.asked_by,
            call=found.call.code,
            kind=found.kind,
            format=found.format,
            query=found.query,
            rows=rows,
            dossiers=found.total,
            sha256=found.file.sha256,
        )


@transaction.atomic(durable=True)
def forget_exports():
    """Let go of the files kept for long enough, and of what failed as long ago; the journal keeps who had them."""
    before = clock.now() - timedelta(hours=settings.EXPORT_HOURS)
    old = Export.objects.select_for_update(of=["self"]).filter(finished_at__lt=before).select_related("file")
    files = [export.file for export in old if export.file]
    Export.objects.filter(pk__in=[export.pk for export in old]).delete()
    for file in files:
        storage.forget(file)
