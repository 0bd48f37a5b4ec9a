"""A call of this portal as the document that says it whole."""

import json
from datetime import datetime

from django.utils.timezone import localtime
from pydantic import ValidationError

from calls.exchange.schema import DATES, FORMAT, PLAIN, VERSION, CallContent
from calls.models import FormDraft
from calls.questionnaire.definition import empty_definition
from calls.questionnaire.schema import plain, told
from journal.refusals import Refused


def content_of(call):
    """What one may take of a call, past calls included.

    Raises:
        Refused: something that was written before this format, or beside it, does not fit in it.
    """
    try:
        return CallContent.model_validate(_written(call))
    except ValidationError as error:
        raise Refused(
            "Cet appel ne peut être ni copié ni exporté : " + " ; ".join(told(error, "call")) + "."
        ) from error


def as_json(content, *, about=None):
    """The document, as bytes: the same call gives the same bytes."""
    document = {"format": FORMAT, "version": VERSION, "about": about, "call": plain(content)}
    if about is None:
        del document["about"]
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def without_its_facts(content):
    """What a copy takes of a call: its rules, without its code, its dates and the sources that vouch for both."""
    return content.model_copy(update={"code": None, "rounds": [], "sources": [], **dict.fromkeys(DATES)})


def counted(content):
    """What a document holds, in a line: « 4 critères, 23 questions, 2 documents »."""
    counts = [
        (len(content.criteria), "critère"),
        (len(content.form.sections), "section"),
        (sum(len(section.questions) for section in content.form.sections), "question"),
        (len(content.form.checks), "contrôle"),
        (len(content.outcomes), "décision possible"),
        (len(content.documents), "document"),
    ]
    told = [f"{count} {_plural(word) if count > 1 else word}" for count, word in counts if count]
    return ", ".join(told) or "ses seules règles, sans critères ni formulaire"


def _plural(words):
    return " ".join(f"{word}s" for word in words.split())


def _written(call):
    written = {name: _known(getattr(call, name)) for name in PLAIN}
    return written | {
        "fund": call.fund.slug,
        "code": call.code,
        "programme": call.programme and call.programme.slug,
        "themes": sorted(call.themes.values_list("slug", flat=True)),
        "rounds": [localtime(round_.closes_at) for round_ in call.rounds.order_by("number")],
        "carriers": _rows(call.carrier_rules.order_by("id"), "kind", "base", "threshold", "ceiling"),
        "outcomes": _rows(call.outcomes.order_by("position"), "label", "state"),
        "criteria": _rows(
            call.criteria.order_by("position"), "key", "label", "guidance", "levels", "weight", "minimum"
        ),
        "form": _form(call),
        "documents": _rows(
            call.documents.order_by("id"),
            "kind", "title", "name", "file__sha256", "file__size", "file__content_type",
        ),
    }  # fmt: skip


def _rows(rows, *names):
    return [
        {name.removeprefix("file__"): _known(value) for name, value in row.items()}
        for row in rows.values(*names)
    ]


def _known(value):
    """Unknown is absent, in the format: an empty text of the database says no more than that."""
    if isinstance(value, datetime):
        return localtime(value)
    return None if value == "" else value


def _form(call):
    """The form as published, else as it is being written; a past call has none."""
    version = call.form_versions.order_by("-number").first()
    written = version or FormDraft.objects.filter(call=call).first()
    definition = written.definition if written else empty_definition()
    return {name: definition.get(name, []) for name in ("sections", "checks")}
