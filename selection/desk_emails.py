"""The e-mails between colleagues of the secretariat; built here, sent by the outbox."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from calls.models.call import deadline_text
from journal.models import OutgoingEmail


def dossier_entrusted(case, officer, by):
    """To who is now in charge of a dossier."""
    application = case.application
    context = {
        "reference": application.reference,
        "title": case.title,
        "call": application.call.title,
        "by": by.name,
        "address": settings.PORTAL_URL + reverse("selection:case", args=[application.reference]),
    }
    return OutgoingEmail(to=officer.email, template="selection/emails/dossier_entrusted.txt", context=context)


def dossiers_entrusted(batch, count, officer):
    """To who is now in charge of several dossiers, once for all of them."""
    context = {
        "count": count,
        "fund": batch.fund.name,
        "by": batch.asked_by.name,
        "address": settings.PORTAL_URL + reverse("selection:batch", args=[batch.pk]),
    }
    return OutgoingEmail(
        to=officer.email, template="selection/emails/dossiers_entrusted.txt", context=context
    )


def opinions_asked(batch, count):
    """To the expert of whom opinions are asked on several dossiers, once for all of them."""
    given = batch.given
    context = {
        "count": count,
        "fund": batch.fund.name,
        "body": given["body"],
        "purpose": given["purpose"],
        "due": deadline_text(datetime.fromisoformat(given["due_at"])),
        "address": settings.PORTAL_URL + reverse("selection:my_opinions"),
    }
    return OutgoingEmail(to=given["email"], template="selection/emails/opinions_asked.txt", context=context)
