"""What a file looks like: its first pages, or the picture itself, drawn by a child process within limits.

The bytes come from outside and the libraries that draw them are written in C: they run apart, without the portal's
secrets, bounded in time and memory (`documents.apart`, `documents.drawing`). What was drawn is kept beside the files,
under the same hash.
"""

import contextlib
import json
import logging
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from documents import apart, storage

logger = logging.getLogger(__name__)

DRAWN = ("application/pdf", "image/png", "image/jpeg")
WALL_SECONDS = 20
FAILED = {"total": 0, "shown": 0}
AT_ONCE = 2  # each may take a gigabyte
KEPT = timedelta(days=30)


class Preview(NamedTuple):
    """How many pages a file has, and how many of the first were drawn; none where it could not be."""

    total: int
    shown: int


def can_be_drawn(file):
    return file.content_type in DRAWN and not file.withheld


def preview_of(file):
    """The preview of a file that can be drawn: made at the first request, then kept a while.

    Raises:
        documents.apart.Busy: it is being drawn, or too many others are.
    """
    folder = folder_of(file)
    if not (folder / "drawn.json").exists():
        with apart.place(f"apercu-{file.sha256[:2]}"), apart.place("apercus", most=AT_ONCE):
            draw(file, folder)
    return Preview(**json.loads((folder / "drawn.json").read_text()))


def page_path(file, number):
    """Where the picture of a page is, from 1."""
    return folder_of(file) / f"{number}.png"


def folder_of(file):
    return Path(settings.FILES_ROOT) / "apercus" / file.sha256[:2] / file.sha256


def sweep(*, now):
    """Forget what was drawn long ago: it is drawn again when it is asked for."""
    for folder in Path(settings.FILES_ROOT, "apercus").glob("*/*"):
        with contextlib.suppress(FileNotFoundError):
            if folder.stat().st_mtime < now - KEPT.total_seconds():
                shutil.rmtree(folder, ignore_errors=True)


def draw(file, folder):
    """Draw a file in a folder that appears whole; a failure is kept too, so that nobody can have it tried for ever."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix="dessin-", ignore_cleanup_errors=True
    ) as drawing:
        made = Path(drawing, "made")
        made.mkdir()
        job = {"source": str(storage.path_of(file)), "content_type": file.content_type, "folder": str(made)}
        try:
            drawn = apart.run("documents.drawing", json.dumps(job).encode(), seconds=WALL_SECONDS)
        except apart.Failed as failure:
            logger.warning("no preview of file %s: %s", file, failure)
            drawn = FAILED
        (made / "drawn.json").write_text(json.dumps(drawn))
        try:
            made.rename(folder)
        except OSError:
            logger.info("file %s was drawn by someone else meanwhile", file)
