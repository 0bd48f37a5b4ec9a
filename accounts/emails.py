"""The messages about people and their places; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal import dates
from journal.models import OutgoingEmail

CODE = "accounts/emails/confirmation_code.txt"


def confirmation_code(user, code, *, act):
    """To who is about to do something grave: the code that confirms it, what it confirms, for how long."""
    context = {"code": code, "act": act, "minutes": settings.CONFIRMATION_MINUTES}
    return OutgoingEmail(to=user.email, template=CODE, context=context)


def visa_lent(delegation):
    """To the stand-in: from when to when they may give the visa."""
    return _about("visa_lent", delegation)


def visa_taken_back(delegation):
    """To the stand-in: they may no longer give it."""
    return _about("visa_taken_back", delegation)


def preferences_address():
    """Where one chooses which e-mails one gets: the foot of each message that one may refuse says it."""
    return settings.PORTAL_URL + reverse("accounts:notices")


def summary(user, notices):
    """To who wants their news once a day: all that was held since the last time."""
    context = {
        "count": len(notices),
        "notices": [{"subject": notice.subject, "body": notice.body} for notice in notices],
        "preferences": preferences_address(),
    }
    return OutgoingEmail(to=user.email, template="accounts/emails/summary.txt", context=context)


def _about(name, delegation):
    context = {
        "certifier": delegation.certifier.name,
        "organisation": delegation.organisation.name,
        "begins": dates.day(delegation.begins_at),
        "ends": dates.day(delegation.last_day),
        "address": settings.PORTAL_URL + reverse("accounts:delegations"),
    }
    return OutgoingEmail(
        to=delegation.delegate.email, template=f"accounts/emails/{name}.txt", context=context
    )
