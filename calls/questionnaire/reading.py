"""A form told to who reads it without filling it in, on a page or on paper: what each question expects, and when."""

from decimal import Decimal

from calls.questionnaire.definition import ASKING, COLUMNS
from calls.questionnaire.types import CONFIDENTIALITY, type_of
from calls.questionnaire.wording import asked_only_if, check_words
from documents import uploads

MANY_CHOICES = 30  # beyond, one writes one's choice rather than tick it
ROOMS = {  # what one is given to answer on paper; a line for the types that are not named
    "long_text": "box",
    "markdown": "box",
    "choice": "ticks",
    "choices": "ticks",
    "boolean": "ticks",
    "declaration": "ticks",
    "period": "period",
    "rows": "table",
    "files": "nothing",
}


def readable(definition):
    """The sections of a form, with the words that say what each question and each table expects.

    The annotations, which are for reviewers alone, are left out.
    """
    criteria = {each.get("key"): each["label"] for each in definition.get("criteria", [])}
    return [
        {
            "key": section["key"],
            "title": section["title"],
            "kind": section["kind"],
            "help": section.get("help", ""),
            "required": section.get("required", True),
            "when": asked_only_if(section.get("condition"), definition),
            "asks": section["kind"] in ASKING,
            "columns": COLUMNS.get(section["kind"], []),
            "ruled": section["kind"] != "attachments",
            "questions": [
                _readable_question(each, definition, criteria) for each in section.get("questions", [])
            ],
        }
        for section in definition["sections"]
    ]


def checked(definition):
    """What is verified across the answers: in words, what is told when it does not hold, and whether it blocks."""
    return [
        {
            "words": check_words(check, definition),
            "message": check["message"],
            "blocking": check.get("blocking", True),
        }
        for check in definition.get("checks", [])
    ]


def _readable_question(question, definition, criteria):
    kind = question.get("type", "long_text")
    choices = [each["label"] for each in question.get("choices") or []]
    ticks = {"boolean": ["Oui", "Non"], "declaration": [question["label"]]}.get(kind, choices)
    room = ROOMS.get(kind, "line")
    return {
        "key": question["key"],
        "label": question["label"],
        "help": question.get("help", ""),
        "required": question.get("required", False),
        "when": asked_only_if(question.get("condition"), definition),
        "expected": expected(question),
        "readers": CONFIDENTIALITY[question.get("confidentiality", "administration")],
        "criterion": criteria.get(question.get("criterion"), ""),
        "choices": choices,
        "ticks": ticks,
        "columns": [(each["label"], _column_words(each)) for each in question.get("columns") or []],
        "room": "line" if room == "ticks" and len(choices) > MANY_CHOICES else room,
        "max_words": question.get("max_words") or 0,
    }


def expected(question):
    """What an answer is, in a few words each: its type, then its limits."""
    kind = type_of(question)
    said = [kind.label, *_limits(question)]
    if question.get("max_words"):
        said.append(f"{question['max_words']} mots au plus")
    if question.get("unit"):
        said.append(f"en {question['unit']}")
    if question.get("type") == "files":
        said += _files(question)
    if question.get("max_rows"):
        said.append(f"{question['max_rows']} lignes au plus")
    return said


def _limits(question):
    for setting, words in (("minimum", "au moins"), ("maximum", "au plus")):
        if question.get(setting) is not None:
            limit = Decimal(str(question[setting])).normalize()
            yield f"{words} {type_of(question).text(f'{limit:f}', question)}"


def _files(question):
    formats = question.get("formats")
    names = dict.fromkeys(each.removeprefix(".").upper() for each in formats or [])
    yield f"formats : {', '.join(names) or uploads.ACCEPTED}"
    if question.get("max_files"):
        yield f"{question['max_files']} fichier{'s' if question['max_files'] > 1 else ''} au plus"
    if question.get("max_megabytes"):
        yield f"{question['max_megabytes']}\u00a0Mo au plus{'' if question.get('max_files') == 1 else ' chacun'}"


def _column_words(column):
    """What to write in a column: its type and its limits, its choices, its help, whether it may be left empty."""
    said = ", ".join(expected(column))
    if column.get("choices"):
        said += f" : {' ; '.join(each['label'] for each in column['choices'])}"
    optional = "" if column.get("required") else "Facultatif."
    return " ".join(filter(None, [f"{said}.", column.get("help"), optional]))
