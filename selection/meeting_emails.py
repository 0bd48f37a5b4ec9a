"""The e-mails of a suggested meeting. None says who the other is: what is said stays in the portal."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail
from selection.meetings import people_of


def to_both(suggestion, *, what):
    """To those who may answer for each carrier: it is `suggested`, `made` or `called_off`, for their own dossier.

    A dossier that was given up is not written to.
    """
    cases = [case for case in (suggestion.first, suggestion.second) if not case.withdrawn]
    return [email for case in cases for email in _to(case.application, what)]


def _to(application, what):
    context = {
        "title": application.title,
        "call": application.call.title,
        "what": what,
        "address": settings.PORTAL_URL + reverse("selection:meetings", args=[application.key]),
    }
    addresses = sorted(set(people_of(application).values_list("email", flat=True)))
    return [
        OutgoingEmail(to=to, template="selection/emails/meeting.txt", context=dict(context))
        for to in addresses
    ]
