"""Keeping bytes under their hash: written beside, flushed, then renamed, so that no half file is ever seen."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from documents.models import StoredFile


def path_of(file):
    """The absolute path of a stored file."""
    return Path(settings.FILES_ROOT) / file.address


def store(chunks, *, content_type):
    """Keep the bytes of an iterable of chunks and return their `StoredFile`; the same bytes give the same row."""
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
            target = path_of(kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(incoming.name, target)
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise
    with transaction.atomic():
        file, _ = StoredFile.objects.get_or_create(
            sha256=kept.sha256, defaults={"size": size, "content_type": content_type}
        )
    return file
