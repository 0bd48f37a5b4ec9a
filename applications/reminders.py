"""Which dossiers are to be reminded of a deadline, and at which step. The steps are hours, in the settings.

A step lasts until the next one: a reminder that a stopped beat missed is sent late, as long as the next step has not
come. It says how long is really left, so that late it is still true.
"""

from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from applications.lifecycle import State
from applications.models import Application, Clarification, DeadlineReminder


def windows(hours):
    """(hours, hours of the next step, 0 after the last) for each step, the longest first."""
    return list(pairwise([*sorted(set(hours), reverse=True), 0]))


def due():
    """The drafts to remind, each with `due_at`. What was begun once a step had come is not reminded of that step."""
    drafts = Application.objects.unfiled().with_deadline().filter(due_at__gt=Now())
    return drafts.filter(_in_a_window(settings.DRAFT_REMINDER_HOURS, to_certifiers=False))


def to_alert():
    """The drafts so near their deadline that certifiers who did not come are to be alerted, each with `due_at`."""
    drafts = Application.objects.unfiled().filter(call__visa_required=True)
    drafts = drafts.with_deadline().filter(due_at__gt=Now())
    return drafts.filter(_in_a_window(settings.CERTIFIER_ALERT_HOURS, to_certifiers=True))


def to_answer():
    """The dossiers whose request for more is soon over, each with `due_at`. One asked later than that is not told."""
    hours = settings.CLARIFICATION_REMINDER_HOURS
    asked = Clarification.objects.open().filter(application=OuterRef("pk"))
    clarifying = Application.objects.filter(state=State.CLARIFYING).annotate(
        due_at=Subquery(asked.values("due_at")), asked_at=Subquery(asked.values("asked_at"))
    )
    clarifying = clarifying.filter(due_at__gt=Now(), asked_at__lte=F("due_at") - timedelta(hours=hours))
    return clarifying.filter(_in_a_window([hours], to_certifiers=False))


def step_of(due_at, now, hours):
    """The step that is running at a time: the shortest one that has come."""
    left = due_at - now
    return min(step for step in hours if left <= timedelta(hours=step))


def _in_a_window(hours, *, to_certifiers):
    """Where a step has come, the next has not, and nothing was sent for it."""
    asked = Q(pk=None)
    for step, following in windows(hours):
        sent = DeadlineReminder.objects.filter(
            application=OuterRef("pk"),
            closes_at=OuterRef("due_at"),
            hours=step,
            to_certifiers=to_certifiers,
        )
        running = Q(
            ~Exists(sent),
            due_at__lte=Now() + timedelta(hours=step),
            due_at__gt=Now() + timedelta(hours=following),
        )
        asked |= (
            running if to_certifiers else running & Q(created_at__lte=F("due_at") - timedelta(hours=step))
        )
    return asked
