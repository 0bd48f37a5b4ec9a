"""The rules and the dates of a call as a reader sees them; what is unknown is said to be."""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from calls.models import Call
from calls.money import euros
from calls.templatetags.money import percent


def facts(call):
    """(label, value) pairs of the call's rules."""
    threshold = euros(call.threshold)
    if call.threshold is not None:
        threshold += f", sur {call.get_threshold_base_display()}"
    rules = [
        ("Fonds", call.fund.name),
        ("Référence", call.code),
        ("Seuil", threshold),
        ("Plafond", euros(call.ceiling)),
        ("Cofinancement", "exigé" if call.cofinancing_required else "non exigé"),
        ("Taux maximal de la subvention", percent(call.max_rate)),
        ("Thèmes", ", ".join(theme.label for theme in call.themes.all()) or "non communiqués"),
    ]
    if not call.imported:
        rules.append(("Visa d’un valideur", "exigé" if call.visa_required else "non exigé"))
    return rules


def key_dates(call, *, now):
    """(label, date, past|current|future) from opening to announcement; the first one still to come is current."""
    last, today = call.rounds.order_by("-closes_at").first(), localtime(now).date()
    known = [
        (
            "Ouverture",
            _day(call.opens_at and localtime(call.opens_at)),
            call.opens_at and call.opens_at <= now,
        ),
        ("Date limite de dépôt", last.deadline_text if last else None, last and last.closes_at <= now),
        ("Comité de pilotage", _day(call.committee_on), call.committee_on and call.committee_on < today),
        (
            "Annonce des lauréats",
            _day(call.announced_on),
            call.announced_on and call.announced_on <= today,
        ),
    ]
    steps, current = [], call.imported or call.state != Call.State.PUBLISHED
    for label, date, past in known:
        state = "past" if past or call.imported else "future" if current else "current"
        current = current or state == "current"
        steps.append((label, date or "non communiquée", state))
    return steps


def _day(day):
    return date_format(day, "j F Y") if day else None
