"""Keeping renderings, and letting go of those that nothing needs any more."""

from django.db import transaction

from documents import storage
from documents.models import ProducedDocument, Rendering
from documents.produced import PDF, passing
from documents.renderings import KEPT
from journal import clock

# Steps


def forget_renderings(renderings):
    """Remove these rows, and the bytes that nothing else keeps."""
    renderings = list(renderings.select_related("file"))
    Rendering.objects.filter(pk__in=[each.pk for each in renderings]).delete()
    for file in {each.file for each in renderings}:
        storage.forget(file)


# Actions


@transaction.atomic(durable=True)
def keep_rendering(key, content):
    """Keep what some input gave, the last time that it was rendered."""
    file = storage.store([content], content_type=PDF, trusted=True)
    Rendering.objects.update_or_create(key=key, defaults={"file": file, "used_at": clock.now()})


@transaction.atomic(durable=True)
def rendering_served(rendering):
    """Note that a rendering served now."""
    Rendering.objects.filter(pk=rendering.pk).update(used_at=clock.now())


@transaction.atomic(durable=True)
def sweep_renderings():
    """Let go of what no document keeps and has not served for long, and of parts made long ago for wholes alone."""
    ProducedDocument.objects.filter(kind__in=passing, requested_at__lt=clock.now() - KEPT).delete()
    forget_renderings(Rendering.objects.unkept().filter(used_at__lt=clock.now() - KEPT))
