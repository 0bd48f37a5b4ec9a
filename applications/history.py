"""What a section said at one time: when a version goes on or a new one begins, how it is read and compared.

Who goes on writing goes on filling the same version, as long as nothing worth finding again is erased: beyond a few
words, even little by little, what was there stays in the history, and the rest goes in a new version.
"""

import json
from datetime import timedelta
from itertools import chain

from accounts.models import Organisation
from applications import tables, wording
from calls.questionnaire.types import fits, is_answered, text_of

ERASABLE = 40  # characters that one version may lose, all in all
LASTING = timedelta(minutes=30)


def of_answers(answers):
    """Answers as a version keeps them."""
    return {"answers": answers}


def of_lines(lines):
    """The frozen lines of a table as a version keeps them."""
    return {"lines": lines}


def same(content, other):
    """Whether two versions say the same."""
    return _parts(content) == _parts(other)


def is_empty(content):
    """Whether a version says nothing."""
    return not content.get("lines") and not any(map(is_answered, content.get("answers", {}).values()))


def gone_on(latest, content, *, by, at):
    """The content with which the latest version goes on, or None where a new one begins.

    It holds how many characters were `erased` since the version began: many small deletions make a large one.
    """
    if latest.saved_by_id != by.pk or at - latest.begun_at > LASTING:
        return None
    erased = latest.content.get("erased", 0) + _erased(_parts(latest.content), _parts(content))
    return content | {"erased": erased} if erased <= ERASABLE else None


def _parts(content):
    """The texts of a version, by question; a table is one."""
    if "lines" in content:
        return {"": _text(content["lines"])}
    return {key: _text(answer) for key, answer in content["answers"].items() if is_answered(answer)}


def _text(answer):
    return answer if isinstance(answer, str) else json.dumps(answer, sort_keys=True, ensure_ascii=False)


def _erased(before, after):
    """At most how many characters of these texts are no more: all that stood between what they begin and end with."""
    return sum(_lost(text, after.get(key, "")) for key, text in before.items())


def _lost(before, after):
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    return len(before) - start - end


def _shared(one, other):
    """How many characters two texts begin with in common."""
    if one == other[: len(one)]:
        return len(one)
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))


# Reading


def said(section, content):
    """(label, text) pairs of a version, as one reads them; `section` is that of the form, as it is now."""
    if "lines" in content:
        return [(section["title"], _lines_text(section["kind"], content["lines"]))]
    questions = {each["key"]: each for each in section.get("questions", []) if each.get("type") != "files"}
    known = [
        (each["label"], _answer_text(each, content["answers"].get(key))) for key, each in questions.items()
    ]
    gone = [
        (key, _text(answer))
        for key, answer in content["answers"].items()
        if key not in questions and is_answered(answer)
    ]
    return known + gone


def table(section, content):
    """A version of a table as `applications/table_read.html` shows it; None for a section of questions."""
    if "lines" not in content or not content["lines"]:
        return None
    return tables.read(section["kind"], content["lines"])


def _answer_text(question, answer):
    """In words; an answer that its question no longer admits, as it was kept."""
    if fits(question, answer) or not is_answered(answer):
        return text_of(question, answer)
    return _text(answer)


def _lines_text(kind, lines):
    return "\n".join(" ; ".join(str(cell) for cell in tables.TABLES[kind].cells(line)) for line in lines)


def differences(section, before, after):
    """(label, pieces) of each answer that is not the same in two versions; see `wording.compared`."""
    then, now = (dict(said(section, content)) for content in (before, after))
    return [
        (label, wording.compared(then.get(label, ""), now.get(label, "")))
        for label in dict.fromkeys(chain(then, now))
        if then.get(label, "") != now.get(label, "")
    ]


# Restoring


def answers_again(section, content, present):
    """The answers of a version that their questions still admit; the others stay as they are now."""
    again = dict(present)
    for question in section.get("questions", []):
        if question["key"] in content["answers"]:
            answer = content["answers"][question["key"]]
            if fits(question, answer) or not is_answered(answer):
                again[question["key"]] = answer
    return again


def lines_again(kind, content):
    """The lines of a version, as a table takes them; what was frozen only to be read is left out."""
    model = tables.TABLES[kind].model
    fields = {field.name: field for field in model._meta.concrete_fields}
    bodies = Organisation.objects.in_bulk(
        [line["organisation"] for line in content["lines"] if line.get("organisation")], field_name="slug"
    )
    return [
        {
            name: bodies.get(value) if name == "organisation" else fields[name].to_python(value)
            for name, value in line.items()
            if name in fields
        }
        for line in content["lines"]
    ]
