"""An event as a file for a calendar (RFC 5545). Every date is the row’s own: the same event gives the same file."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vUri

from calls.models import Event as Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
PARIS = ZoneInfo("Europe/Paris")


def of_event(event):
    """The bytes of the calendar. The link given to registered people is not in it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Portail des fonds//Evenements//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = Event()
    entry.add("uid", f"evenement-{event.pk}@{urlsplit(settings.PORTAL_URL).hostname}")
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    entry.add("sequence", event.sequence)
    cancelled = event.state == Meeting.State.CANCELLED
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    start = event.starts_at.astimezone(PARIS)
    entry.add("dtstart", start if event.hours_known else start.date())
    if event.ends_at:
        entry.add("dtend", event.ends_at.astimezone(PARIS))
    entry.add("summary", event.title)
    entry.add("location", event.where_text)
    if event.summary:
        entry.add("description", event.summary)
    entry["url"] = vUri(settings.PORTAL_URL + event.get_absolute_url())
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical()
