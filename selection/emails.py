"""The messages of selection; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal import dates
from journal.models import OutgoingEmail


def ineligibility_notice(case, reason):
    """To those who wrote the dossier: it cannot be reviewed, and why."""
    application = case.application
    context = {
        "reference": application.reference,
        "title": application.title,
        "call": application.call.title,
        "reason": reason,
        "contact": application.call.contact_email,
    }
    return [
        OutgoingEmail(
            to=collaborator.user.email, template="selection/emails/ineligibility_notice.txt", context=context
        )
        for collaborator in application.collaborators.select_related("user")
    ]


def convocation(session):
    """To each seat of the committee: when it meets, and where to read."""
    context = {
        "title": session.title,
        "committee": session.committee.name,
        "held_on": dates.day(session.held_on),
        "address": settings.PORTAL_URL + reverse("selection:session", args=[session.pk]),
    }
    return [
        OutgoingEmail(to=seat.user.email, template="selection/emails/convocation.txt", context=context)
        for seat in session.committee.seats.select_related("user")
    ]
