"""The message that asks a carrier to check its public page; under embargo, it says no more than the dossier's title."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from calls.models.call import deadline_text
from journal.models import OutgoingEmail


def people_asked(application):
    """The agents of the carrier who may answer for it; never a partner's, whom the embargo does not concern yet."""
    present = application.collaborators.present().writers().filter(guest_of="").values("user")
    certifying = application.organisation.memberships.certifying().values("user")
    people = User.objects.filter(Q(pk__in=present) | Q(pk__in=certifying), is_active=True).distinct()
    return [
        each for each in people if Application.objects.copyable_by(each).filter(pk=application.pk).exists()
    ]


def asked(check, *, again):
    application = check.laureate.case.application
    context = {
        "again": again,
        "title": application.title,
        "reference": application.reference,
        "due": deadline_text(check.due_at),
        "address": settings.PORTAL_URL + reverse("selection:page_check", args=[application.key]),
        "contact": application.call.contact_email,
    }
    template = "selection/emails/page_check.txt"
    return [
        OutgoingEmail(to=each.email, template=template, context=context) for each in people_asked(application)
    ]
