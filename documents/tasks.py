import time

from celery import shared_task
from django.conf import settings

from documents import actions, antivirus, preview
from documents.models import ProducedDocument, StoredFile

MADE_AT_ONCE = 300  # asked for again in a minute: more than a worker makes in one, fewer than fill its queue
SCANS_AT_ONCE = 50  # the same: more would only lengthen the queue of a slow antivirus


@shared_task
def produce(pk):
    actions.produce(pk)


@shared_task
def produce_waiting():
    """Make what no bell rang for."""
    for pk in ProducedDocument.objects.missed().order_by("id").values_list("pk", flat=True)[:MADE_AT_ONCE]:
        produce.delay(pk)


@shared_task
def tell_failures():
    actions.tell_failures()


@shared_task
def scan(pk):
    actions.scan(pk)


@shared_task
def scan_waiting():
    """Scan what no bell rang for, or what came in while the antivirus was away."""
    if not settings.CLAMAV_ADDRESS:
        actions.stop_waiting_for_scans()
    elif antivirus.is_there():
        for pk in StoredFile.objects.to_scan().order_by("id").values_list("pk", flat=True)[:SCANS_AT_ONCE]:
            scan.delay(pk)


@shared_task
def sweep_incoming():
    actions.sweep_incoming()
    actions.sweep_renderings()
    preview.sweep(now=time.time())
