"""The words of a file, read once by a child process within limits so that they can be searched.

Files come from outside: what opens them runs apart (`documents.apart`, `documents.words`). One that is protected,
broken or hostile gives no word, and is said to be unreadable.
"""

import json
import logging

from documents import apart, storage, uploads
from documents.models import FileText

logger = logging.getLogger(__name__)

READ = (
    *(kind for suffix, kind in uploads.TYPES.items() if not kind.startswith(("image/", "video/"))),
    "text/plain",
    "text/csv",
)
WALL_SECONDS = 40


def may_be_read(file):
    """Whether a file may hold words that the antivirus lets us read, now or once it has looked."""
    return file.content_type in READ and file.scan_state != file.Scan.INFECTED


def words_of(file):
    """What reading a file gives: its state and its text.

    Raises:
        documents.apart.Busy: no process could be started.
    """
    job = {"source": str(storage.path_of(file)), "content_type": file.content_type}
    try:
        text = apart.run("documents.words", json.dumps(job).encode(), seconds=WALL_SECONDS)["text"]
    except apart.Failed as failure:
        logger.info("file %s cannot be read: %s", file, failure)
        return FileText.State.UNREADABLE, ""
    return (FileText.State.READ if text else FileText.State.NOTHING), text
