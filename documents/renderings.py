"""What was rendered once is not rendered again: each rendering is kept under the hash of all that made it.

Its key says the HTML and what goes with it, and what every document is made with (`pdf.surroundings_hash`). Two workers
that come together for the same one wait for each other; a worker that dies lets the other go on.

A rendering lives no longer than what it is of: `actions.forget` takes it away with its document, and one that no
document keeps any more, such as a sheet made for a book, goes `KEPT` after it last served (`actions.sweep_renderings`).
"""

import contextlib
import hashlib
import json
from datetime import timedelta

from django.db import connection

from documents import storage
from documents.models import Rendering
from journal import clock

KEPT = timedelta(days=30)
FRESH = timedelta(days=1)  # how precisely it is known when one last served


def key_of(**given):
    """The SHA-256, in hexadecimal, of what a rendering is made of; bytes are told apart by their own."""
    text = json.dumps(given, sort_keys=True, ensure_ascii=False, default=_told)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(value):
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return str(value)


def once(key, make):
    """The bytes kept under a key, or else those that `make` gives, kept from now on."""
    from documents import actions

    if (content := _kept(key)) is not None:
        return content
    with _alone(key):
        content = _kept(key)
        if content is None:
            content = make()
            actions.keep_rendering(key, content)
    return content


def _kept(key):
    """The bytes, unless there are none or the disk has lost them."""
    from documents import actions

    kept = Rendering.objects.select_related("file").filter(key=key).first()
    if kept is None:
        return None
    if kept.used_at < clock.now() - FRESH:
        actions.rendering_served(kept)
    with contextlib.suppress(FileNotFoundError):
        return storage.path_of(kept.file).read_bytes()
    return None


@contextlib.contextmanager
def _alone(key):
    """Hold a lock of this database session, outside any transaction, which ends with the session at the latest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
