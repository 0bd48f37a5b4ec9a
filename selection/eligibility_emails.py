"""The messages between those who decide whether a dossier is eligible; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail
from selection import rules


def ineligibility_proposed(proposal, people):
    """To those who may decide it: who proposes, and why."""
    return [_email(proposal, person.email, "ineligibility_proposed") for person in people]


def ineligibility_settled(proposal):
    """To who proposed it, while they deal with the dossier: what became of it."""
    person = proposal.proposed_by
    deals = person.is_active and rules.can_check_eligibility(person, proposal.case.application)
    return [_email(proposal, person.email, "ineligibility_settled")] if deals else []


def _email(proposal, to, template):
    application = proposal.case.application
    address = reverse("selection:ineligibility", args=[application.reference])
    context = {
        "reference": application.reference,
        "title": proposal.case.title,
        "call": application.call.title,
        "proposed_by": proposal.proposed_by.name,
        "settled_by": proposal.settled_by.name if proposal.settled_by else "",
        "accepted": proposal.accepted,
        "reason": proposal.reason,
        "answer": proposal.answer,
        "address": settings.PORTAL_URL + address,
    }
    return OutgoingEmail(to=to, template=f"selection/emails/{template}.txt", context=context)
