"""Telling people by e-mail, as soon as each wants: at once, once a day, or never."""

from accounts.models import HeldNotice, NoticePreference, User
from journal import actions as journal

Pace = NoticePreference.Pace

# Steps


def tell(kind, emails):
    """Post each message, keep it for its addressee's daily summary, or drop it, as they prefer for this kind of news.

    An address without an account has no preference: it is written to at once.
    """
    people = {
        user.email.lower(): user for user in User.objects.filter(email__in=[email.to for email in emails])
    }
    paces = {
        preference.user_id: preference.pace
        for preference in NoticePreference.objects.filter(kind=kind, user__in=people.values())
    }
    at_once = []
    for email in emails:
        user = people.get(email.to.lower())
        pace = paces.get(user.pk, Pace.AT_ONCE) if user else Pace.AT_ONCE
        if pace == Pace.AT_ONCE:
            at_once.append(email)
        elif pace == Pace.DAILY:
            subject, body = journal.written(email)
            HeldNotice.objects.create(user=user, subject=subject, body=body)
    journal.post(*at_once)
