from celery import shared_task

from applications import form_actions
from applications.actions import reminding


@shared_task
def follow_forms():
    """Take every draft that a correction left behind to the new form, one transaction each."""
    last = 0
    while last is not None:
        last = form_actions.follow_next(after=last)


@shared_task
def remind():
    """Send the reminders and the alerts whose step before a deadline has come, one transaction each."""
    for act in (reminding.remind_next, reminding.remind_to_answer_next, reminding.alert_next):
        last = 0
        while last is not None:
            last = act(after=last)
