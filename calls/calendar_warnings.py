"""What is unwise in the dates of a call: nothing here prevents a publication.

The public holidays are those of metropolitan France, as the library `holidays` knows them: they bind administrations.
Days are those of Paris, and « minuit » ends the day before.
"""

from itertools import combinations

import holidays
from django.utils.timezone import localtime

from calls.models import Call, Event
from calls.models.call import closing_day
from journal import dates

HOLIDAYS = holidays.country_holidays("FR", language="fr")
WEEK_END = {5: "un samedi", 6: "un dimanche"}


def warnings_of(call):
    """French sentences on the dates of one call, beside the other calls and the meetings of its fund."""
    siblings = Call.objects.filter(fund=call.fund).prefetch_related("rounds")
    return warnings(call, siblings, meetings_of([call.fund_id]))


def meetings_of(funds):
    """The meetings of these funds that are held, or to be."""
    held = Event.objects.filter(fund__in=funds).exclude(state=Event.State.CANCELLED)
    return held.select_related("call", "fund").order_by("starts_at", "id")


def warnings(call, siblings, meetings):
    """The same, among calls and meetings already read; a past call, taken from its sources, is not judged."""
    if call.imported:
        return []
    days = sorted(closing_day(each.closes_at) for each in call.rounds.all())
    own = [meeting for meeting in meetings if meeting.call_id == call.pk]
    return [
        *_days_off(call, days),
        *_order(call, days),
        *_same_day(call, days, siblings),
        *_meetings(call, own, days),
        *overlaps([each for each in meetings if each.fund_id == call.fund_id], about=own),
    ]


def day_off(day):
    """« un dimanche », « un jour férié (Fête nationale) »; empty for a working day, or for no date."""
    if day is None:
        return ""
    holiday = HOLIDAYS.get(day)
    return f"un jour férié ({holiday})" if holiday else WEEK_END.get(day.weekday(), "")


def overlaps(meetings, *, about=None):
    """One sentence per pair of meetings held at the same time; `about` keeps those that one of these is in."""
    for first, second in combinations(meetings, 2):
        concerned = about is None or first in about or second in about
        if concerned and first.starts_at < second.over_at and second.starts_at < first.over_at:
            yield (
                f"Les réunions « {first.title} » ({first.when_text}) et « {second.title} »"
                f" ({second.when_text}) se chevauchent."
            )


def _days_off(call, days):
    # Once the call is public, its opening is no longer chosen.
    opening = call.opens_at and call.in_preparation and localtime(call.opens_at).date()
    named = [
        ("L’ouverture", opening),
        *(("La date limite de dépôt", day) for day in days),
        ("La fin des questions", closing_day(call.questions_until)),
        ("Le comité", call.committee_on),
        ("L’annonce", call.announced_on),
    ]
    for what, day in named:
        if day and (off := day_off(day)):
            yield f"{what} ({dates.day(day)}) tombe {off}."


def _order(call, days):
    committee, announcement = call.committee_on, call.announced_on
    if committee and days and committee <= days[0]:
        yield (
            f"Le comité ({dates.day(committee)}) ne vient pas après la date limite de dépôt ({dates.day(days[0])})."
        )
    elif committee and days and committee <= days[-1]:
        yield (
            f"Le comité ({dates.day(committee)}) vient avant la dernière date limite ({dates.day(days[-1])}) :"
            " les relèves suivantes demanderont un autre comité."
        )
    if announcement and committee and announcement < committee:
        yield f"L’annonce ({dates.day(announcement)}) vient avant le comité ({dates.day(committee)})."
    elif announcement and days and announcement <= days[0]:
        yield (
            f"L’annonce ({dates.day(announcement)}) ne vient pas après la date limite de dépôt"
            f" ({dates.day(days[0])})."
        )


def _same_day(call, days, siblings):
    for other in siblings:
        if other.pk == call.pk or other.imported or other.fund_id != call.fund_id:
            continue
        for day in sorted({closing_day(each.closes_at) for each in other.rounds.all()} & set(days)):
            yield f"Un autre appel du fonds, « {other.title} », se clôt le même jour ({dates.day(day)})."


def _meetings(call, meetings, days):
    for meeting in meetings:
        if meeting.kind == Event.Kind.INFORMATION and days and localtime(meeting.starts_at).date() > days[-1]:
            yield (
                f"La réunion « {meeting.title} » ({meeting.when_text}) vient après la dernière date limite"
                f" de dépôt ({dates.day(days[-1])})."
            )
