"""The e-mails between colleagues of the secretariat; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

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
