"""The messages about a committee's sessions; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal import dates
from journal.models import OutgoingEmail
from selection import ics


def convocation(session, seats, *, at, moved=False):
    """To each of these seats: when and where the committee meets, for their calendar too, and where to read."""
    context = {
        "title": session.title,
        "committee": session.committee.name,
        "held_on": dates.day(session.held_on),
        "starts_at": session.starts_at and f"{session.starts_at:%H:%M}",
        "place": session.place,
        "moved": moved,
        "address": settings.PORTAL_URL + reverse("selection:session", args=[session.pk]),
    }
    return [
        OutgoingEmail(
            to=seat.user.email,
            template="selection/emails/convocation.txt",
            context=context,
            calendar=ics.of_session(session, to=seat.user.email, at=at),
        )
        for seat in seats
    ]


def no_longer_convened(session, seat, *, at):
    """To who sits no more: the session leaves their calendar."""
    context = {
        "title": session.title,
        "committee": session.committee.name,
        "held_on": dates.day(session.held_on),
    }
    return OutgoingEmail(
        to=seat.user.email,
        template="selection/emails/no_longer_convened.txt",
        context=context,
        calendar=ics.of_session(session, to=seat.user.email, at=at, cancelled=True),
    )
