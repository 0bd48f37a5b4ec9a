"""The messages about the minutes of a session; built here, sent by the outbox. None says what they hold."""

from django.conf import settings
from django.urls import reverse

from journal import dates
from journal.models import OutgoingEmail
from selection import rules


def to_sign(minutes, people, signed=None):
    """To those who may sign: the minutes wait for them; `signed` is the signature already put, if there is one."""
    said = {"signed": signed and f"{signed.user.name} ({signed.get_role_display()})"}
    return _to(minutes, people, "minutes_to_sign", said)


def signature_withdrawn(minutes, people, *, by, reason):
    """To the secretariat: who took their signature back, and why, so that the text is corrected."""
    return _to(minutes, people, "minutes_signature_withdrawn", {"who": by.name, "reason": reason})


def signed(minutes):
    """To the members and the secretariat: the minutes are signed, and where they are read."""
    session = minutes.session
    seats = session.committee.seats.sitting().filter(user__is_active=True).select_related("user")
    people = {seat.user for seat in seats} | set(rules.secretariat_of(session.fund))
    return _to(minutes, sorted(people, key=lambda person: person.pk), "minutes_signed", {})


def _to(minutes, people, name, said):
    session = minutes.session
    context = {
        "title": session.title,
        "committee": session.committee.name,
        "held_on": dates.day(session.held_on),
        "address": settings.PORTAL_URL + reverse("selection:minutes", args=[session.pk]),
        **said,
    }
    return [
        OutgoingEmail(to=person.email, template=f"selection/emails/{name}.txt", context=dict(context))
        for person in people
    ]
