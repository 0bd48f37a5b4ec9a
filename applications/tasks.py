from celery import shared_task

from applications import form_actions


@shared_task
def follow_forms():
    """Take every draft that a correction left behind to the new form, one transaction each."""
    last = 0
    while last is not None:
        last = form_actions.follow_next(after=last)
