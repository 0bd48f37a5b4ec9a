"""The fields of a message, such as « {reference} », that each dossier fills in."""

import re

from django.db.models import Max

from applications import exchanges
from calls.models.call import deadline_text
from calls.money import euros
from journal import dates
from selection.models import MessageTemplate

# name → what it says of a dossier
FIELDS = {
    "reference": "la référence du dossier",
    "projet": "le nom du projet",
    "porteur": "l’organisme porteur",
    "appel": "l’appel à projets",
    "fonds": "le fonds",
    "date_depot": "le jour du dernier dépôt",
    "subvention": "la subvention demandée",
    "date_limite": "jusqu’à quand les compléments demandés sont attendus",
}
FIELD = re.compile(r"\{([^{}\n]{0,60})\}")


def unknown_fields(text, fields=FIELDS):
    """The words between braces that no dossier can fill in."""
    return [name for name in dict.fromkeys(FIELD.findall(text)) if name not in fields]


def known_fields(text):
    """The fields that a text holds, each once."""
    return [name for name in dict.fromkeys(FIELD.findall(text)) if name in FIELDS]


def values_of(cases):
    """What each dossier says in each field, by its application's key in database; None where it says nothing."""
    applications = [case.application for case in cases]
    due = dict(
        exchanges.open_clarifications(applications)
        .order_by()
        .values_list("application")
        .annotate(due=Max("due_at"))
    )
    return {
        case.application_id: {
            "reference": case.application.reference,
            "projet": case.title,
            "porteur": case.carrier,
            "appel": case.application.call.title,
            "fonds": case.application.call.fund.name,
            "date_depot": dates.day(case.filed_at) or None,
            "subvention": None if case.requested_grant is None else euros(case.requested_grant),
            "date_limite": deadline_text(due[case.application_id]) if case.application_id in due else None,
        }
        for case in cases
    }


def fill(text, values):
    """The text with its fields filled in; one that this dossier has no value for stays as it is."""
    return FIELD.sub(lambda found: values.get(found[1]) or found[0], text)


def namesake(fund, name, *, besides=None):
    """The template of a fund that has this name."""
    found = MessageTemplate.objects.filter(fund=fund, name=name)
    return found.exclude(pk=besides.pk).first() if besides else found.first()


def offered(fund, case, chosen):
    """The templates of a fund, and what the one chosen says of a dossier; nothing when none of it is."""
    templates = list(MessageTemplate.objects.filter(fund=fund))
    template = next((each for each in templates if str(each.pk) == chosen), None)
    return templates, fill(template.text, values_of([case])[case.application_id]) if template else ""


def listed(names):
    return ", ".join(f"« {{{name}}} »" for name in names)
