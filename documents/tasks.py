from celery import shared_task

from documents import actions
from documents.models import ProducedDocument


@shared_task
def produce(pk):
    actions.produce(pk)


@shared_task
def produce_waiting():
    """Make what no bell rang for."""
    for pk in ProducedDocument.objects.missed().order_by("id").values_list("pk", flat=True):
        produce.delay(pk)
