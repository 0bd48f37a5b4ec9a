"""The messages about hearings; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from applications.exchanges import people_of
from journal.models import OutgoingEmail
from selection import ics, rules


def hearing_news(hearing, name, *, at):
    """To the dossier's people and to the panel: where and when, with the calendar; `name` says what happened.

    `name` is invited, moved or cancelled. None of the panel who left the fund, nor who is barred from the dossier.
    """
    slot, application = hearing.slot, hearing.case.application
    carriers = set(people_of(application).values_list("email", flat=True))
    sitting = rules.may_sit(slot.call).filter(pk__in=slot.panel.all())
    panel = {each.email for each in sitting if not rules.is_recused(each, application)} - carriers
    follow = settings.PORTAL_URL + reverse("selection:follow", args=[application.key])
    desk = settings.PORTAL_URL + reverse("selection:hearing", args=[application.reference])
    context = {
        "what": name,
        "withdrawn": hearing.case.withdrawn,
        "title": application.title,
        "reference": application.reference,
        "call": application.call.title,
        "when": slot.when,
        "place": slot.place,
        "contact": application.call.contact_email,
    }
    return [
        OutgoingEmail(
            to=to,
            template="selection/emails/hearing.txt",
            context=context | {"carrier": to in carriers, "address": follow if to in carriers else desk},
            calendar=ics.of_hearing(hearing, to=to, at=at, cancelled=name == "cancelled"),
        )
        for to in sorted(carriers | panel)
    ]
