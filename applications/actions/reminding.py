"""Before a deadline: reminding those who write or answer, alerting those who alone may file."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.actions.notices import tell
from accounts.models import NoticePreference, User
from applications import completeness, emails, exchange_emails, reminders, rules
from applications.certifiers import asked_at, filers_of, one_signed_in, who_can_file
from applications.lifecycle import UNFILED
from applications.models import Application, DeadlineReminder
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require

logger = logging.getLogger(__name__)


@transaction.atomic(durable=True)
def remind_next(*, after=0):
    """Remind those of the next draft whose step has come; return its key, or None at the end."""
    return _next(reminders.due(), _remind, after)


@transaction.atomic(durable=True)
def alert_next(*, after=0):
    """Alert the certifiers of the next draft that needs it; return its key, or None at the end."""
    return _next(reminders.to_alert(), _alert_if_silent, after)


@transaction.atomic(durable=True)
def remind_to_answer_next(*, after=0):
    """Remind those of the next dossier whose request for more is soon over; return its key, or None at the end."""
    return _next(reminders.to_answer(), _remind_to_answer, after)


@transaction.atomic(durable=True)
def alert_certifiers(application, *, by):
    """Write to those who may file, none of whom signed in as the deadline nears; to who names them if there is none."""
    application = Application.objects.with_deadline().locked(application)
    require(rules.can_ask_for_visa(by, application))
    facts = who_can_file(application)
    refuse_unless(application.state in UNFILED, "Ce dossier n’est plus à déposer.")
    refuse_unless(
        facts.to_alert,
        "La date limite n’est pas proche, ou quelqu’un qui peut déposer s’est connecté depuis.",
    )
    refuse_unless(
        not completeness.missing(application), "Ce dossier n’est pas complet : complétez-le d’abord."
    )
    _alert(application, facts.filers, by=by)


# Steps


def _next(drafts, act, after):
    """Two workers never take the same draft; a faulty one stops nobody, and is tried again at the next round."""
    drafts = drafts.select_related("call", "organisation", "form").filter(pk__gt=after).order_by("pk")
    application = drafts.select_for_update(of=["self"], skip_locked=True).first()
    if application is None:
        return None
    try:
        with transaction.atomic():
            act(application)
    except Exception:
        logger.exception("the reminder of application %s could not be sent", application.pk)
    return application.pk


def _remind(application):
    if not _first_time(application, settings.DRAFT_REMINDER_HOURS):
        return
    incomplete = [state.title for state in completeness.sections(application) if state.gaps]
    filers = [str(filer.user) for filer in filers_of(application)]
    told = emails.deadline_reminder(application, incomplete, filers)
    tell(NoticePreference.Kind.DEADLINES, told, worth_until=application.due_at)


def _remind_to_answer(application):
    if _first_time(application, [settings.CLARIFICATION_REMINDER_HOURS]):
        asked = application.clarifications.open().get()
        told = exchange_emails.clarification_reminder(asked)
        tell(NoticePreference.Kind.MESSAGES, told, worth_until=asked.due_at)


def _alert_if_silent(application):
    """Alert those who left a dossier without an answer, or who may name a certifier where there is none.

    A draft that was not sent for visa awaits nobody: its reminders tell its certifiers.
    """
    filers = filers_of(application)
    if filers:
        asked, patience = asked_at(application), timedelta(minutes=settings.CERTIFIER_SILENCE_MINUTES)
        if asked is None or clock.now() < asked + patience or one_signed_in(application, filers):
            return
    if _first_time(application, settings.CERTIFIER_ALERT_HOURS, to_certifiers=True):
        _alert(application, filers)


def _alert(application, filers, by=None):
    if filers:
        journal.post(*emails.certifiers_alerted(application, filers, by))
    else:
        administrators = User.objects.filter(is_staff=True, is_active=True)
        journal.post(*emails.nobody_may_file(application, administrators))
    people = [filer.user.pk for filer in filers]
    journal.record("application.certifiers_alerted", application, by=by, people=people)


def _first_time(application, hours, *, to_certifiers=False):
    """Whether nothing was sent yet for the step that is running; another worker may have just done it."""
    _, is_first = DeadlineReminder.objects.get_or_create(
        application=application,
        closes_at=application.due_at,
        hours=reminders.step_of(application.due_at, clock.now(), hours),
        to_certifiers=to_certifiers,
    )
    return is_first
