"""The message that a letter is there; what it says stays in the portal, as it may be under embargo."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail


def decision_notified(letter, application, people):
    """To those on the carrier's side: a letter of decision waits for them."""
    address = reverse("selection:carrier_decision", args=[application.key, letter.pk])
    context = {
        "reference": application.reference,
        "title": application.title,
        "call": application.call.title,
        "address": settings.PORTAL_URL + address,
        "contact": application.call.contact_email,
        "replaces": bool(letter.content["replaces"]) and not letter.content.get("follows"),
    }
    template = "selection/emails/decision_notified.txt"
    return [OutgoingEmail(to=person.email, template=template, context=context) for person in people]
