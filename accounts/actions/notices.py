"""Telling people by e-mail, as soon as each wants: at once, once a day, or never."""

import logging
import re

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from accounts import emails as messages
from accounts.models import HeldNotice, NoticePreference, User
from accounts.summaries import last_due, next_due
from journal import actions as journal
from journal import clock

logger = logging.getLogger(__name__)
Kind, Pace = NoticePreference.Kind, NoticePreference.Pace


@transaction.atomic(durable=True)
def choose_paces(paces, *, by):
    """Keep how soon someone wants each kind of news. What was held for the next summary is still told there."""
    for kind, pace in paces.items():
        NoticePreference.objects.update_or_create(user=by, kind=kind, defaults={"pace": pace})
    journal.record("notices.chosen", by, by=by, paces=dict(paces))


@transaction.atomic(durable=True)
def send_next_summary(*, after=0):
    """Post the summary of the next person to whom one is due; return their key, or None at the end.

    What is due was held before the last hour of summaries: a round that beat missed is made up for, and what came
    since waits for the next. The person's row is the lock: two workers never write to the same. A summary that fails
    stops nobody else's, and is tried again at the next round.
    """
    due = HeldNotice.objects.filter(told_at=None, held_at__lt=last_due(clock.now()))
    awaiting = User.objects.filter(Exists(due.filter(user=OuterRef("pk"))), is_active=True, pk__gt=after)
    user = awaiting.order_by("pk").select_for_update(skip_locked=True, no_key=True).first()
    if user is None:
        return None
    try:
        with transaction.atomic():
            _summarise(user, due.filter(user=user))
    except Exception:
        logger.exception("the summary of account %s could not be sent", user.pk)
    return user.pk


# Steps


def _summarise(user, due):
    notices = list(due)
    if notices:  # another worker may have told them meanwhile
        email = messages.summary(user, notices)
        journal.post(email)
        due.filter(pk__in=[notice.pk for notice in notices]).update(told_at=clock.now(), email=email)


def tell(kind, emails, *, worth_until=None):
    """Post each message, keep it for its addressee's daily summary, or drop it, as they prefer for this kind of news.

    An address without an account has no preference: it is written to at once. An account that is closed is not
    written to. News that is worth nothing after `worth_until` is told at once where the summary would come too late.
    """
    addresses = {email.to.lower() for email in emails}
    people = {
        user.email.lower(): user
        for user in User.objects.annotate(address=Lower("email")).filter(address__in=addresses)
    }
    paces = {
        preference.user_id: preference.pace
        for preference in NoticePreference.objects.filter(kind=kind, user__in=people.values())
    }
    too_late = worth_until is not None and worth_until <= next_due(clock.now())
    at_once, held, preferences = [], [], messages.preferences_address()
    for email in emails:
        user = people.get(email.to.lower())
        pace = paces.get(user.pk, Pace.AT_ONCE) if user else Pace.AT_ONCE
        if user and not user.is_active:
            continue
        email.context = email.context | {"preferences": preferences}
        if pace == Pace.AT_ONCE or (pace == Pace.DAILY and too_late):
            at_once.append(email)
        elif pace == Pace.DAILY:
            held.append(_held(user, email))
    HeldNotice.objects.bulk_create(held)
    journal.post(*at_once)


def forget_held(user, *, mentioning):
    """Keep from someone's next summary what it was to say of something they have nothing to do with any more."""
    word = rf"\m{re.escape(mentioning)}\M"
    theirs = HeldNotice.objects.filter(user=user, told_at=None)
    theirs.filter(Q(subject__regex=word) | Q(body__regex=word)).delete()


def _held(user, email):
    email.context = email.context | {"preferences": ""}  # the summary has its own foot
    subject, body = journal.written(email)
    return HeldNotice(user=user, subject=subject, body=body)
