"""What the public page of a laureate says, group by group; what is unknown is said so."""

from datetime import date

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode

from calls.money import QUALIFIERS, euros
from journal import dates
from selection.models import Laureate

UNKNOWN = "non communiqué"
NEAR = 4
# What a qualifier says of where the amount comes from; the others are said by the amount itself.
ORIGINS = {"official", "senate", "press", "repository", "per_project_rule"}


def groups(laureate, *, announced):
    """The facts of a laureate: (title, [(label, value)]); `announced` tells whether its announcement may be linked."""
    return [
        ("Qui porte le projet", _who(laureate)),
        ("Montants", _amounts(laureate)),
        ("Calendrier et lieu", _when_and_where(laureate)),
        ("Cadre", _frame(laureate, announced)),
    ]


def near(laureate, public):
    """A few public projects of the same carrier, then of the same call."""
    others = public.exclude(pk=laureate.pk).with_changes().select_related("fund")
    found = list(others.filter(carrier=laureate.carrier)[:NEAR]) if laureate.carrier else []
    if len(found) < NEAR and laureate.call_id:
        of_call = others.filter(call=laureate.call_id).exclude(pk__in=[each.pk for each in found])
        found += of_call[: NEAR - len(found)]
    return found


def _who(laureate):
    facts = [("Porteur", _listed(laureate.carrier, porteur=laureate.carrier))]
    body = laureate.organisation
    if body and body.name != laureate.carrier:
        facts.append(("Organisme", f"{body.name} ({body.acronym})" if body.acronym else body.name))
    facts.append(("Ministère", _listed(laureate.ministry, ministere=laureate.ministry)))
    facts.append(("Partenaires", laureate.partners or "non communiqués"))
    if laureate.contact:
        facts.append(("Contact", laureate.contact))
    return facts


def _amounts(laureate):
    revised = laureate.facts.get("revised_savings")
    facts = [
        ("Subvention", grant(laureate)),
        ("Coût total du projet", euros(laureate.total_cost)),
        ("Économies attendues", euros_or(laureate.expected_savings, "non communiquées")),
    ]
    if revised:
        facts.append(("Économies attendues, révisées", euros(revised)))
    for each in laureate.facts.get("other_funding", []):
        facts.append((f"Autre financement : {each['label']}", euros(each["amount_eur"])))
    return facts


def grant(laureate):
    """The published grant in full, with what its source says of it: « 20 000 000 € (presse) »."""
    if laureate.amount is None:
        return "non communiquée"
    text = QUALIFIERS.get(laureate.amount_qualifier, "") + euros(laureate.amount)
    if laureate.amount_qualifier in ORIGINS:
        text += f" ({Laureate.Qualifier(laureate.amount_qualifier).label})"
    return text


def euros_or(value, unknown):
    return unknown if value is None else euros(value)


def _when_and_where(laureate):
    period = laureate.facts.get("period")
    sites = laureate.facts.get("pilot_sites")
    facts = [
        ("Année", _listed(laureate.year, "non communiquée", annee=laureate.year)),
        ("Durée", f"{laureate.duration_months} mois" if laureate.duration_months else "non communiquée"),
        ("Période", f"{period[0]} à {period[-1]}" if period else ""),
        ("Convention signée le", _day(laureate.agreement_signed_on)),
        ("Premier versement", _day(laureate.payments_from)),
        ("Dernier versement", _day(laureate.payments_until)),
        ("Lieu", laureate.location or UNKNOWN),
        ("Sites pilotes", ", ".join(sites) if sites else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _frame(laureate, announced):
    call, themes = laureate.call, laureate.themes.all()
    facts = [
        ("Fonds", _listed(laureate.fund.name, fonds=laureate.fund.slug)),
        ("Programme", laureate.facts.get("programme", "")),
        ("Appel à projets", _linked(call.title, call.get_absolute_url()) if call else UNKNOWN),
        ("Volet", laureate.facts.get("track", "")),
        (
            "Thèmes",
            format_html_join(", ", "{}", [(_listed(theme.label, theme=theme.slug),) for theme in themes])
            or "non communiqués",
        ),
    ]
    if announced:
        facts.append(
            ("Annonce", _linked(laureate.announcement.title, laureate.announcement.get_absolute_url()))
        )
    return [(label, value) for label, value in facts if value]


def _day(value):
    return dates.day(date.fromisoformat(value) if isinstance(value, str) and value else value)


def _listed(text, unknown=UNKNOWN, **query):
    """A text that leads to the laureates who share it."""
    if not text:
        return unknown
    return _linked(text, f"{reverse('selection:laureates')}?{urlencode(query)}")


def _linked(text, url):
    return format_html('<a href="{}">{}</a>', url, text)
