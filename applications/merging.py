"""Two people on one section: what each changed since the page was read, and what both did.

A page carries a mark of each answer that it was given. Who saves late overwrites nothing: where only one of the two
changed an answer, that change stands; where both did, whoever comes second chooses.
"""

import hashlib
import json
from typing import NamedTuple

from calls.questionnaire.types import is_answered


class Base(NamedTuple):
    """What a page was given: the version of the form, and a mark of each answer by question key."""

    form: int | None = None
    marks: dict = {}

    @classmethod
    def of(cls, form, questions, answers):
        return cls(form.pk, {each["key"]: mark(answers.get(each["key"])) for each in questions})

    @classmethod
    def read(cls, text):
        """The base that a page posts back; none where it cannot be read, and every difference is then a conflict."""
        try:
            form, marks = json.loads(text or "")
            return cls(int(form), {str(key): str(each) for key, each in marks.items()})
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls()

    def __str__(self):
        return json.dumps([self.form, self.marks], separators=(",", ":"))


def mark(answer):
    """A short mark of an answer, the same for all the empty ones."""
    text = json.dumps(answer if is_answered(answer) else None, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def merged(mine, theirs, base):
    """The answers of both by question key, mine where both changed one, and the keys of those.

    Args:
        mine: the answers of a page, complete but for those that could not be read: theirs stand.
        theirs: what the section says now.
    """
    together, clashes = dict(mine), []
    for key in mine:
        ours, now, given = mark(mine[key]), mark(theirs.get(key)), base.marks.get(key)
        if ours == now or given == ours:
            together[key] = theirs.get(key)
        elif given != now:
            clashes.append(key)
    return together, clashes
