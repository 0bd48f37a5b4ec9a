"""Answers taken from one version of a form to another: what still fits goes along, the rest is set aside as it is."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from calls.questionnaire.definition import MAX_ROWS, questions_of
from calls.questionnaire.types import is_answered, text_of, type_of

# A reworded option is the same answer under its key; anything else must read as it did.
KEPT_BY_KEY = ("choice", "choices")
ATTACHED = ("files",)  # nobody types a file
# What is only for the secretariat: a change of it changes nothing for who answers.
PRIVATE = ("annotation", "criterion")


@dataclass
class Moved:
    """The answers by section as the other form holds them, and what there is to tell of it.

    `changed` are the keys of the sections whose questions or answers are no longer the same.
    """

    answers: dict
    moved: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    set_aside: list = field(default_factory=list)
    changed: set = field(default_factory=set)


def moved(old, new, written):
    """Take answers to another definition of their form.

    Args:
        written: JSON answers by question key, by section key, as they were given to `old`.
    """
    before = {question["key"]: (section, question) for section, question in questions_of(old)}
    after = {question["key"]: (section, question) for section, question in questions_of(new)}
    result = Moved({key: {} for key in written})
    for section_key, key, answer in _in_order(written, before):
        section, question = before.get(key, (None, None))
        home, becomes = after.get(key, (None, None))
        if not is_answered(answer):
            if home and home["key"] == section_key:
                result.answers[section_key].setdefault(key, answer)
            continue
        value, whole = carried(question, becomes, answer) if question and becomes else (None, False)
        if is_answered(value):
            place = result.answers.setdefault(home["key"], {})
            if is_answered(place.get(key)):
                whole = False  # the same key twice, by two ways: the first one has the place
            else:
                place[key] = value
                if home["key"] != section_key:
                    result.moved.append(_told(becomes["label"], section, home))
        if not whole:
            result.set_aside.append(_aside(key, section_key, section, question, answer))
    result.asked = [question["label"] for key, (_, question) in after.items() if key not in before]
    sections = {*result.answers, *(_keys(old) | _keys(new))}
    result.changed = {
        key
        for key in sections
        if result.answers.get(key, {}) != written.get(key, {}) or _asking(old, key) != _asking(new, key)
    }
    return result


def carried(was, becomes, answer):
    """An answer as another question keeps it, or None; and whether the whole of it is kept.

    It is converted only where it reads the same as before: nothing is rounded, cut or reworded.
    """
    kind, new_kind = _type(was), _type(becomes)
    if kind == new_kind == "rows":
        return _rows(was, becomes, answer)
    if kind == new_kind == "declaration" and _words(was) != _words(becomes):
        return None, False  # nobody declared the new words
    if becomes.get("confidentiality") == "public" and was.get("confidentiality") != "public":
        return None, False  # nobody wrote it to be published
    for typed in _typings(was, becomes, answer):
        value = _given(becomes, typed)
        if not is_answered(value) or (new_kind == "short_text" and len(value.splitlines()) > 1):
            continue
        if kind == new_kind in KEPT_BY_KEY:
            if value == answer:
                return value, True
        elif (value == answer or kind != new_kind) and text_of(becomes, value) == text_of(was, answer):
            return value, True
    return None, False


def _typings(was, becomes, answer):
    """What one could type to give an answer again: as it was typed, or as it is read."""
    typed = type_of(was).typed(answer)
    if _type(was) == _type(becomes):
        yield typed
        return
    if all(isinstance(value, str) for value in typed.values()):
        yield typed
    yield {"": text_of(was, answer)}
    if _type(becomes) == "choices" and isinstance(answer, str):
        yield {"": [answer]}


def _given(question, typed):
    """The answer that a question keeps of what is typed, or None where it takes no such thing.

    A limit of words does not turn a text away: it stays in its place, to be shortened before filing.
    """
    fields = type_of(question).fields(question)
    if set(fields) != set(typed) or _type(question) in ATTACHED:
        return None
    try:
        values = {}
        for suffix, each in fields.items():
            each.required = False
            values[suffix] = each.clean(typed[suffix])
        return type_of(question).answer(values)
    except ValidationError:
        return None


def _rows(was, becomes, rows):
    """Each row with the columns that still take its cells."""
    columns, targets = (
        {column["key"]: column for column in question["columns"]} for question in (was, becomes)
    )
    most = becomes.get("max_rows") or MAX_ROWS
    kept, whole = [], len(rows) <= most
    for row in rows[:most]:
        cells = {}
        for key, cell in row.items():
            if not is_answered(cell):
                if key in targets:
                    cells[key] = cell
                continue
            known = key in columns and key in targets
            value, fits = carried(columns[key], targets[key], cell) if known else (None, False)
            if fits:
                cells[key] = value
            whole = whole and fits
        if any(map(is_answered, cells.values())):
            kept.append(cells)
    return kept, whole


def _in_order(written, before):
    """Every answer, those that stand in their own section first."""
    everything = [(section, key, answer) for section, each in written.items() for key, answer in each.items()]
    return sorted(
        everything, key=lambda entry: entry[1] not in before or before[entry[1]][0]["key"] != entry[0]
    )


def _aside(key, section_key, section, question, answer):
    title, label = section["title"] if section else section_key, question["label"] if question else key
    return aside(key, title, label, answer, question)


def aside(key, section, label, answer, question=None):
    """An answer that has no place, as the report keeps it: its section, its question, itself and its words."""
    text = (text_of(question, answer) if question else "") or str(answer)
    return {"key": key, "section": section, "label": label, "answer": answer, "text": text}


def _told(label, section, home):
    return {"label": label, "from": section["title"], "to": home["title"]}


def _asking(definition, key):
    """What a section asks of who answers."""
    section = next((each for each in definition["sections"] if each["key"] == key), {})
    return [
        {name: value for name, value in question.items() if name not in PRIVATE}
        for question in section.get("questions", [])
    ]


def _keys(definition):
    return {section["key"] for section in definition["sections"]}


def _type(question):
    return question.get("type", "long_text")


def _words(question):
    return question["label"], question.get("help", "")
