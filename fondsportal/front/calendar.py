"""The deadlines of open and upcoming calls, for anyone's calendar (iCalendar, RFC 5545)."""

from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch
from django.db.models.functions import Now
from icalendar import Calendar, Event

from calls.models import Call, Round
from fondsportal.front.addresses import absolute
from fondsportal.front.changes import with_last_change
from fondsportal.front.feeds import titled

PARIS = ZoneInfo("Europe/Paris")


def rounds():
    """The closing dates to come of public calls."""
    coming = Round.objects.filter(closes_at__gt=Now()).order_by("number")
    calls = with_last_change(Call.objects.public().filter(imported=False)).select_related("fund")
    for call in (
        calls.filter(Exists(coming.filter(call=OuterRef("pk"))))
        .order_by("slug")
        .prefetch_related(Prefetch("rounds", coming))
    ):
        for round_ in call.rounds.all():
            round_.call = call
            yield round_


def deadlines():
    """The calendar as bytes; the same deadlines always give the same ones."""
    calendar = Calendar()
    calendar.add("prodid", "-//Portail des fonds//Dates limites//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Dates limites des appels à projets")
    calendar.add("x-wr-timezone", "Europe/Paris")
    for round_ in rounds():
        calendar.add_component(event(round_))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def event(round_):
    """A deadline: « à minuit » is the whole day that ends then, any other hour is an instant of Paris."""
    call, closes_at = round_.call, round_.closes_at.astimezone(PARIS)
    made = Event()
    made.add("uid", f"date-limite-{call.slug}-{round_.number}@{urlsplit(settings.PORTAL_URL).hostname}")
    made.add("dtstamp", call.changed_at)
    made.add("last-modified", call.changed_at)
    made.add("summary", f"Date limite : {titled(call)}")
    made.add("description", f"{call.fund.name}\nDépôt des dossiers jusqu’au {round_.deadline_text}.")
    made.add("url", absolute(call.get_absolute_url()))
    if (closes_at.hour, closes_at.minute, closes_at.second) == (0, 0, 0):
        day = (closes_at - timedelta(seconds=1)).date()
        made.add("dtstart", day)
        made.add("dtend", day + timedelta(days=1))
    else:
        made.add("dtstart", closes_at)
    made.add("transp", "TRANSPARENT")
    return made
