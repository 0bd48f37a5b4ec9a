"""The steps in which the secretariat sets up a call, and what each of them holds."""

import hashlib
import json
from itertools import zip_longest
from typing import NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse

from accounts.models import User
from calls.models import Call, CarrierRule, Criterion, Outcome, Round, deadline_text
from calls.money import euros
from calls.templatetags.money import percent
from journal import dates
from journal.models import Entry

EMPTY = "(vide)"


class Step(NamedTuple):
    """A page of the editor: some fields of the call, and the rows of one of its tables."""

    key: str
    title: str
    help: str = ""
    fields: tuple = ()
    rows: type[models.Model] | None = None
    columns: tuple = ()
    rows_title: str = ""
    rows_help: str = ""
    page: str = ""  # the name of its address, where it is not a form of the editor

    def address(self, call):
        if self.page:
            return reverse(self.page, args=[call.slug])
        return reverse("calls:step", args=[call.slug, self.key])


STEPS = (
    Step(
        "identite",
        "Identité et thèmes",
        "Ce qui distingue cet appel des autres, et les sujets sur lesquels il porte.",
        fields=("programme", "code", "title", "themes"),
    ),
    Step(
        "calendrier",
        "Calendrier",
        "Les dates sont en heure de Paris ; « minuit » est la fin du jour choisi.",
        fields=("opens_at", "questions_until", "committee_on", "announced_on"),
        rows=Round,
        columns=("closes_at",),
        rows_title="Dates limites de dépôt",
        rows_help="Une seule ligne pour un appel à date unique. Un guichet a une ligne par relève, de la première à"
        " la dernière.",
    ),
    Step(
        "argent",
        "Règles financières",
        "Ces règles valent pour tous les porteurs. L’étape suivante permet d’autres montants à certains. Un champ"
        " vide s’affiche « non communiqué ».",
        fields=(
            "threshold",
            "ceiling",
            "threshold_base",
            "flat_grant",
            "max_rate",
            "cofinancing_required",
            "grouped_accepted",
            "savings_horizon",
            "savings_measure",
        ),
    ),
    Step(
        "porteurs",
        "Qui peut répondre",
        "Une ligne par nature d’organisme admise ; les autres ne peuvent pas déposer. Sans aucune ligne, tous le"
        " peuvent, et la page publique dit que ce n’est pas communiqué.",
        rows=CarrierRule,
        columns=("kind", "base", "threshold", "ceiling"),
        rows_title="Natures d’organisme admises",
    ),
    Step(
        "circuit",
        "Circuit de décision",
        "Le chemin d’un dossier, de son dépôt à la décision.",
        fields=(
            "visa_required",
            "anonymous",
            "has_shortlist",
            "has_hearings",
            "proposed_by",
            "decided_by",
            "paid_by",
            "expected_laureates",
        ),
        rows=Outcome,
        columns=("label", "state"),
        rows_title="Décisions que le comité peut prendre",
    ),
    Step(
        "criteres",
        "Critères",
        "Sur quoi les dossiers sont jugés. Le rang des lignes est l’ordre d’affichage.",
        fields=("scale_max",),
        rows=Criterion,
        columns=("key", "label", "guidance", "levels", "weight", "minimum"),
        rows_title="Critères de sélection",
        rows_help="Les poids de tous les critères font 100 %.",
    ),
    Step("formulaire", "Formulaire", page="calls:form_builder"),
    Step("documents", "Documents", page="calls:add_document"),
    Step(
        "textes",
        "Textes",
        "Ce que lit le public : allez à l’essentiel, avec des phrases courtes.",
        fields=("summary", "description", "next_steps", "contact_email"),
    ),
    Step("relecture", "Relecture", page="calls:preparation"),
)
REVIEW = STEPS[-1]


def named(key):
    """The step with this key, or None."""
    return next((step for step in STEPS if step.key == key), None)


def following(step):
    """The step that comes after one of the editor."""
    return STEPS[STEPS.index(step) + 1]


def menu(call, step):
    """(label, address, is current) of each step, numbered as one goes through them."""
    return [
        (f"{number}. {each.title}", each.address(call), each is step)
        for number, each in enumerate(STEPS, start=1)
    ]


# What a step holds


def content(call, step):
    """The values that a step shows of a call, by name, and its rows, in their order."""
    held = {name: value_of(call, name) for name in step.fields}
    if step.rows:
        held["rows"] = list(step.rows.objects.filter(call=call).values(*step.columns))
    return held


def value_of(call, name):
    field = Call._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(call, name).values_list("pk", flat=True))
    return getattr(call, field.attname)


def fingerprint(held):
    """A hash, in hexadecimal, of the content of a step: a page carries that of what it shows."""
    text = json.dumps(held, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def is_blank(held):
    """Whether nobody said anything in a step yet."""
    untouched = [
        value in (None, "", []) or value == Call._meta.get_field(name).get_default()
        for name, value in held.items()
        if name != "rows"
    ]
    return all(untouched) and not held.get("rows")


# Two versions of a step


def as_content(fields, rows):
    """What someone typed, in the shape of `content`: things that are chosen by their keys."""
    typed = {}
    for name, value in fields.items():
        if isinstance(value, models.QuerySet):
            value = sorted(each.pk for each in value)
        typed[name] = value.pk if isinstance(value, models.Model) else value
    return typed if rows is None else typed | {"rows": rows}


def differences(step, theirs, mine):
    """(label, their text, my text) of each value of a step that two contents do not share."""
    found = []
    for name in step.fields:
        field = Call._meta.get_field(name)
        found.append((label_of(field), said(field, theirs[name]), said(field, mine[name])))
    pairs = zip_longest(theirs.get("rows", []), mine.get("rows", []))
    for number, (their_row, my_row) in enumerate(pairs, start=1):
        found += _row_differences(step, number, their_row, my_row)
    return [each for each in found if each[1] != each[2]]


def _row_differences(step, number, their_row, my_row):
    """Value by value; a row that only one of the two has is told whole."""
    fields = [step.rows._meta.get_field(name) for name in step.columns if name != "key"]
    told = [
        None if row is None else [said(field, row.get(field.name)) for field in fields]
        for row in (their_row, my_row)
    ]
    if None in told:
        texts = [
            "(ligne absente)"
            if values is None
            else " ; ".join(
                f"{label_of(field)} : {text}"
                for field, text in zip(fields, values, strict=True)
                if text != EMPTY
            )
            for values in told
        ]
        return [(f"Ligne {number}", *texts)]
    return [
        (f"Ligne {number}, {field.verbose_name}", *texts) for field, *texts in zip(fields, *told, strict=True)
    ]


def label_of(field):
    return field.verbose_name[:1].upper() + field.verbose_name[1:]


def said(field, value):
    """The value of a field as a reader sees it."""
    if value in (None, "", []):
        return EMPTY
    if field.is_relation:
        return ", ".join(str(each) for each in field.related_model.objects.filter(pk__in=_list(value)))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "oui" if value else "non"
    if isinstance(field, models.DecimalField):
        return percent(value) if field.decimal_places == 4 else euros(value)
    if isinstance(field, models.DateTimeField):
        return dates.moment(value) if field.name == "opens_at" else deadline_text(value)
    if isinstance(field, models.DateField):
        return dates.day(value)
    return levels_text(value) if isinstance(field, models.JSONField) else str(value)


def _list(value):
    return value if isinstance(value, list) else [value]


def levels_text(levels):
    """What each score means, as one types it: a line each, « 2 : partiellement convaincant »."""
    return "\n".join(f"{level['score']} : {level['text']}" for level in levels)


def last_change(call, step=None):
    """Who last changed a step, or anything of the call, and when, as the journal knows it; None where it does not."""
    entries = Entry.objects.filter(subject_type=Call._meta.label_lower, subject_id=str(call.pk))
    if step:
        entries = entries.filter(details__content__step=step.key)
    entry = entries.order_by("-id").first()
    return entry and (User.objects.filter(pk=entry.actor_id).first(), entry.at)
