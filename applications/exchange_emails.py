"""The e-mails of the exchanges with the secretariat. What is said stays in the portal: a link leads there."""

from django.conf import settings
from django.urls import reverse

from applications import exchanges
from journal.models import OutgoingEmail


def message_sent(message):
    """To the other side of a message: there is one, and where to read it; never to who wrote it."""
    application = message.application
    if message.from_secretariat:
        people = exchanges.people_of(application)
        address = reverse("applications:messages", args=[application.key])
    else:
        people = exchanges.secretariat_of(application)
        address = reverse("selection:messages", args=[application.reference])
    facts = {"from_secretariat": message.from_secretariat, "files": message.files.count()}
    people = people.exclude(pk=message.sent_by_id)
    return [_email("message_sent", to, application, address, **facts) for to in _addresses(people)]


def _addresses(people):
    return sorted(set(people.values_list("email", flat=True)))


def _email(name, to, application, address, **facts):
    context = {
        "title": application.title,
        "reference": application.reference,
        "call": application.call.title,
        "address": settings.PORTAL_URL + address,
        **facts,
    }
    return OutgoingEmail(to=to, template=f"applications/emails/{name}.txt", context=context)
