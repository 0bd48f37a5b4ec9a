"""A hearing as an invitation for a calendar (RFC 5546): the same event at each sending, its sequence growing."""

from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from calls.ics import PARIS


def of_hearing(hearing, *, to, at, cancelled=False):
    """The text of the calendar for one addressee; `at` is when it is written."""
    calendar = Calendar()
    calendar.add("prodid", "-//Portail des fonds//Auditions//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    slot, application, entry = hearing.slot, hearing.case.application, Event()
    entry.add("uid", f"audition-{hearing.pk}@{urlsplit(settings.PORTAL_URL).hostname}")
    entry.add("dtstamp", at)
    entry.add("sequence", hearing.revision)
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("dtstart", slot.begins_at.astimezone(PARIS))
    entry.add("dtend", slot.ends_at.astimezone(PARIS))
    entry.add("summary", f"Audition – {application.title}")
    entry.add("location", slot.place)
    entry.add("description", f"{application.call.title}\nDossier {application.reference}")
    entry.add("organizer", vCalAddress(f"mailto:{application.call.contact_email}"))
    entry.add("attendee", vCalAddress(f"mailto:{to}"))
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()
