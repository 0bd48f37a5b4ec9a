"""The messages about conflicts of interest; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail


def declaration_to_settle(declaration, people):
    """To those who may settle it: who is tied to which dossier, and how."""
    return _each(declaration, people, "declaration_to_settle", "selection:settle_declaration")


def declaration_settled(declaration):
    """To the person it is about, and to whoever raised it."""
    people = {declaration.user, declaration.raised_by} - {None, declaration.settled_by}
    return _each(declaration, sorted(people, key=lambda person: person.pk), "declaration_settled", None)


def _each(declaration, people, template, page):
    address = reverse(page, args=[declaration.pk]) if page else reverse("selection:interests")
    context = {
        "reference": declaration.application.reference,
        "call": declaration.application.call.title,
        "person": declaration.user.name,
        "grounds": [ground["text"] for ground in declaration.grounds],
        "state": declaration.get_state_display(),
        "reason": declaration.reason,
        "address": settings.PORTAL_URL + address,
    }
    return [
        OutgoingEmail(to=person.email, template=f"selection/emails/{template}.txt", context=context)
        for person in people
    ]
