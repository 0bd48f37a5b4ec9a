from celery import shared_task

from accounts.actions import notices


@shared_task
def send_summaries():
    """Send every daily summary that is due, one transaction each."""
    last = 0
    while last is not None:
        last = notices.send_next_summary(after=last)
