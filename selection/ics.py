"""Hearings and sessions as invitations for a calendar (RFC 5546): one event, its sequence growing at each sending."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from calls.ics import PARIS


def of_hearing(hearing, *, to, at, cancelled=False):
    """The text of the calendar for one addressee; `at` is when it is written."""
    slot, application, entry = hearing.slot, hearing.case.application, Event()
    entry.add("uid", f"audition-{hearing.pk}@{_host()}")
    entry.add("sequence", hearing.revision)
    entry.add("dtstart", slot.begins_at.astimezone(PARIS))
    entry.add("dtend", slot.ends_at.astimezone(PARIS))
    entry.add("summary", f"Audition – {application.title}")
    entry.add("location", slot.place)
    entry.add("description", f"{application.call.title}\nDossier {application.reference}")
    entry.add("organizer", vCalAddress(f"mailto:{application.call.contact_email}"))
    return _invitation(entry, "Auditions", to=to, at=at, cancelled=cancelled)


def of_session(session, *, to, at, cancelled=False):
    """A committee's session: the whole day where its hour is not known, and no end, which nobody knows."""
    entry = Event()
    entry.add("uid", f"seance-{session.pk}@{_host()}")
    entry.add("sequence", max(0, session.notices - 1))
    if session.starts_at:
        entry.add("dtstart", datetime.combine(session.held_on, session.starts_at, PARIS))
    else:
        entry.add("dtstart", session.held_on)
    entry.add("summary", f"{session.committee.name} – {session.title}")
    if session.place:
        entry.add("location", session.place)
    entry.add("description", settings.PORTAL_URL + session.get_absolute_url())
    entry.add("organizer", vCalAddress(f"mailto:{session.prepared_by.email}"))
    return _invitation(entry, "Comites", to=to, at=at, cancelled=cancelled)


def _host():
    return urlsplit(settings.PORTAL_URL).hostname


def _invitation(entry, product, *, to, at, cancelled=False):
    calendar = Calendar()
    calendar.add("prodid", f"-//Portail des fonds//{product}//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    entry.add("dtstamp", at)
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("attendee", vCalAddress(f"mailto:{to}"))
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()
