"""What subscribers are told of calls, and when: read from the calls themselves, so that nothing told late is lost.

A news is due at a moment of the database's clock: a call's publication, its opening when it was published ahead, and so
many days before each deadline (`REMINDER_DAYS`). Nothing is due of a closed call, nor of one imported from the past.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from calls.models import Call, Fund, Notice, deadline_text
from journal import clock, dates
from journal.models import OutgoingEmail

Kind = Notice.Kind
CONFIRMATION = "calls/emails/subscription_confirmation.txt"
TEMPLATES = {
    Kind.PUBLISHED: "calls/emails/call_published.txt",
    Kind.OPENED: "calls/emails/call_opened.txt",
    Kind.DEADLINE: "calls/emails/deadline_reminder.txt",
}


@dataclass(frozen=True)
class News:
    call: Call
    kind: str
    due_at: datetime
    closes_at: datetime

    @property
    def deadline(self):
        """The deadline that this reminds of; None for any other news, which a postponement does not make new."""
        return self.closes_at if self.kind == Kind.DEADLINE else None


def due(**only):
    """Every news whose moment has come, for as long as its call is not closed."""
    now = clock.now()
    live = Call.objects.public().in_time().filter(**only)
    for call in live.select_related("fund").prefetch_related("rounds"):
        rounds = [each for each in call.rounds.all() if each.closes_at > now]
        yield News(call, Kind.PUBLISHED, call.published_at, min(each.closes_at for each in rounds))
        if call.opens_at > now:
            continue
        if call.opens_at > call.published_at:
            yield News(call, Kind.OPENED, call.opens_at, min(each.closes_at for each in rounds))
        for each in rounds:
            yield from reminder(call, each.closes_at, now)


def reminder(call, closes_at, now):
    """The last reminder whose day has come; none from before one could apply."""
    moments = [closes_at - timedelta(days=days) for days in settings.REMINDER_DAYS]
    come = [moment for moment in moments if max(call.opens_at, call.published_at) < moment <= now]
    if come:
        yield News(call, Kind.DEADLINE, max(come), closes_at)


# The messages


def message(news, subscription):
    """What a subscriber is told, with the way out that RFC 8058 asks for."""
    unsubscribe = settings.PORTAL_URL + reverse("calls:unsubscribe", args=[subscription.key])
    return OutgoingEmail(
        to=subscription.email,
        template=TEMPLATES[news.kind],
        headers={
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        context={
            "title": news.call.title,
            "fund": news.call.fund.name,
            "summary": news.call.summary,
            "opens_on": dates.day(news.call.opens_at),
            "deadline": deadline_text(news.closes_at),
            "address": settings.PORTAL_URL + news.call.get_absolute_url(),
            "manage": settings.PORTAL_URL + subscription.get_absolute_url(),
            "unsubscribe": unsubscribe,
        },
    )


def confirmation(request, *, days):
    """The link that proves that who asked reads this address. It says nothing of what the address already gets."""
    address = reverse("calls:confirm_subscription", args=[request.key])
    context = {"address": settings.PORTAL_URL + address, "topics": in_words(request), "days": days}
    return OutgoingEmail(to=request.email, template=CONFIRMATION, context=context)


def in_words(request):
    """What a request is about, one line each."""
    funds = Fund.objects.public().filter(pk__in=request.funds)
    calls = Call.objects.public().filter(pk__in=request.calls)
    lines = ["les nouveaux appels à projets de tous les fonds"] if request.all_funds else []
    lines += [f"les nouveaux appels à projets du fonds « {fund.name} »" for fund in funds]
    if request.deadlines and lines:
        lines.append("les rappels de la date limite de ces appels")
    return lines + [f"les rappels de la date limite de « {call.title} »" for call in calls]
