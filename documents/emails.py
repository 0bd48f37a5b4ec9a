"""The message about documents that could not be made; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail

LISTED = 20


def documents_failed(user, failures):
    """To someone who can do something about it: one message for all that failed since the last."""
    lines = [f"{concern.label} : {document.error}" for document, concern in failures]
    context = {
        "count": len(lines),
        "lines": lines[:LISTED],
        "others": max(0, len(lines) - LISTED),
        "address": settings.PORTAL_URL + reverse("selection:failed_documents"),
    }
    return OutgoingEmail(to=user.email, template="documents/emails/failed.txt", context=context)
