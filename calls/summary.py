"""The rules and the dates of a call as a reader sees them; what is unknown is said to be."""

from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from operator import itemgetter

from django.db.models import prefetch_related_objects
from django.utils.timezone import localtime, make_aware

from calls.eligibility import rule_for
from calls.models import Call, deadline_text
from calls.money import euros, grouped, published_amount
from calls.templatetags.money import percent
from journal import dates

UNKNOWN, UNKNOWN_F = "non communiqué", "non communiquée"
EARLIEST = datetime.min.replace(tzinfo=UTC)


def facts(call):
    """(label, value) pairs of the call's identity and rules, for who prepares it."""
    threshold = euros(call.threshold)
    if call.threshold is not None:
        threshold += f", sur {call.get_threshold_base_display()}"
    return [
        ("Fonds", call.fund.name),
        *([("Programme", call.programme.name)] if call.programme else []),
        ("Référence", call.code),
        ("Seuil", threshold),
        ("Plafond", euros(call.ceiling)),
        *rules(call),
    ]


def rules(call):
    """(label, value) pairs of the rules that hold whoever applies."""
    told = [
        ("Cofinancement", _cofinancing(call)),
        ("Taux maximal de la subvention", percent(call.max_rate)),
        ("Dossiers groupés", _grouped(call)),
        ("Thèmes", ", ".join(theme.label for theme in call.themes.all()) or "non communiqués"),
    ]
    if call.flat_grant is not None:
        told.insert(2, ("Subvention forfaitaire", euros(call.flat_grant)))
    if call.savings_horizon is not None or call.savings_measure:
        told.append(("Économies attendues", _savings(call)))
    if call.expected_laureates is not None:
        told.append(("Lauréats prévus", grouped(call.expected_laureates)))
    return told if call.imported else told + _circuit(call)


def _savings(call):
    """When they are measured and over how long, as far as the call says it."""
    horizon, years = call.savings_horizon, "ans" if (call.savings_horizon or 0) > 1 else "an"
    when = f"mesurées {horizon} {years} après la fin du projet" if horizon else "mesurées à la fin du projet"
    when = "date de mesure non communiquée" if horizon is None else when
    return ", ".join(filter(None, [when, call.get_savings_measure_display()]))


def _circuit(call):
    """The path of an application; of a past call, no source tells it whole."""
    shortlist = "oui, suivie d’auditions" if call.has_hearings else "oui" if call.has_shortlist else "non"
    outcomes = ", ".join(outcome.label for outcome in call.outcomes.all())
    told = [
        ("Visa d’un valideur", "exigé" if call.visa_required else "non exigé"),
        ("Présélection avant le comité", shortlist),
        ("Qui propose", call.get_proposed_by_display() or UNKNOWN),
        ("Qui décide", call.get_decided_by_display() or UNKNOWN),
        ("Qui signe et paie", call.get_paid_by_display() or UNKNOWN),
        ("Décisions possibles", outcomes or "non communiquées"),
    ]
    if call.anonymous:
        told.insert(1, ("Candidature anonyme", "oui : le nom de l’administration est caché au comité"))
    return told


def _cofinancing(call):
    """Of a past call only what its sources require is known."""
    if call.cofinancing_required:
        return "exigé"
    return UNKNOWN if call.imported else "non exigé"


def _grouped(call):
    if call.grouped_accepted is None:
        return "non communiqué"
    if not call.grouped_accepted:
        return "refusés"
    return "acceptés : un dossier peut porter plusieurs petits projets, dont les montants s’ajoutent"


def carriers(call):
    """(kind of body, threshold, ceiling), as text; one row for all when the call does not tell kinds apart.

    The base of the call's amounts is told once, beside the table; that of a kind, with its own amounts.
    """
    prefetch_related_objects([call], "carrier_rules")
    told = []
    for row in call.carrier_rules.all():
        rule = rule_for(call, row.kind)
        other = "" if rule.base == call.threshold_base else f", sur {rule.base_label}"
        amounts = [
            euros(amount) + (other if amount is not None else "") for amount in (rule.threshold, rule.ceiling)
        ]
        told.append((row.get_kind_display().capitalize(), *amounts))
    return told or [("Nature des porteurs non communiquée", euros(call.threshold), euros(call.ceiling))]


def published_figures(call):
    """(label, value) pairs of what the sources say came of a past call; what they leave out is unknown."""
    counts = [
        ("Candidatures", "candidates", "non communiquées"),
        ("Présélectionnés", "preselected", None),  # few calls had a preselection
        ("Lauréats", "laureates", "non communiqués"),
    ]
    amounts = [
        ("Coût total des projets", "total_cost", UNKNOWN),
        ("Subventions demandées", "requested", "non communiquées"),
        ("Enveloppe", "envelope", UNKNOWN_F),
        ("Subventions accordées", "granted", "non communiquées"),
    ]
    told = [(label, _count(call.facts.get(name), unknown)) for label, name, unknown in counts]
    told += [(label, _amount(call.facts, name, unknown)) for label, name, unknown in amounts]
    return [(label, value) for label, value in told if value]


def _count(value, unknown):
    return unknown if value is None else grouped(value)


def _amount(facts, name, unknown):
    value, qualifier = facts.get(f"{name}_eur"), facts.get(f"{name}_qualifier")
    if value is None:
        return unknown
    shown = published_amount(value, qualifier)
    return f"{shown} (chiffre donné par la presse)" if qualifier == "press" else shown


def key_dates(call, *, now):
    """(label, date, past|current|future) in the order of their dates; the first one still to come is current.

    One whose date is unknown stays after the one that it follows in the life of a call.
    """
    today = localtime(now).date()
    known = [
        ("Ouverture", _day(call.opens_at), *_moment(call.opens_at, now)),
        *_questions(call, now),
        *_deadlines(call, now),
        (
            "Jury" if call.decided_by == Call.Decider.JURY else "Comité de pilotage",
            _day(call.committee_on),
            _end(call.committee_on),
            call.committee_on and call.committee_on < today,
        ),
        (
            "Annonce des lauréats",
            _day(call.announced_on),
            _end(call.announced_on),
            call.announced_on and call.announced_on <= today,
        ),
    ]
    places = list(accumulate((at for _, _, at, _ in known), lambda place, at: at or place, initial=EARLIEST))
    ordered = [row for _, row in sorted(zip(places[1:], known, strict=True), key=itemgetter(0))]
    steps, current = [], call.imported or call.in_preparation
    for label, date, _, past in ordered:
        state = "past" if past or call.imported else "future" if current else "current"
        current = current or state == "current"
        steps.append((label, date or UNKNOWN_F, state))
    return steps


def _deadlines(call, now):
    """The deadline, or that of each round of a call that has several."""
    rounds = list(call.rounds.order_by("closes_at"))
    if len(rounds) > 1:
        return [
            (f"Relève {number}", round_.deadline_text, *_moment(round_.closes_at, now))
            for number, round_ in enumerate(rounds, start=1)
        ]
    [last] = rounds or [None]
    return [("Date limite de dépôt", last and call.deadline_text, *_moment(last and last.closes_at, now))]


def _questions(call, now):
    """The end of the public's questions is told of the calls that have one."""
    until = call.questions_until
    return [("Fin des questions", deadline_text(until), *_moment(until, now))] if until else []


def _moment(at, now):
    """An instant, and whether it is past."""
    return at, at and at <= now


def _end(day):
    """The midnight that ends a day in Paris."""
    return day and make_aware(datetime.combine(day + timedelta(days=1), time(0)))


def _day(day):
    return dates.day(day) or None
