from celery import shared_task

from journal import actions


@shared_task
def seal():
    actions.seal()


@shared_task
def send_waiting():
    """Empty the outbox, one transaction per message."""
    while actions.send_next():
        pass
