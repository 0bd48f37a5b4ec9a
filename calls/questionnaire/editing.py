"""A form's definition, changed: each function gives a new one and leaves the one it was given as it was.

A piece of a form is found by its list (`sections`, `questions` or `checks`) and its key. The key is made from the
first wording of the piece, and never changes after: answers and conditions refer to it.
"""

import re
from copy import deepcopy

from django.utils.text import slugify

from calls.questionnaire.coherence import SINGLE, conditions_of, is_known
from calls.questionnaire.conditions import QUANTITIES, REFERENCE
from calls.questionnaire.definition import is_reserved, questions_of, state_of_play_questions

MAX_KEY = 60


def pieces(definition, piece):
    """All the pieces of one list, wherever they stand."""
    if piece == "questions":
        return [question for _, question in questions_of(definition)]
    return definition.get(piece, [])


def find(definition, piece, key):
    """A piece, or None."""
    return next((each for each in pieces(definition, piece) if each["key"] == key), None)


def section_of(definition, question_key):
    """The section in which a question stands, or None."""
    return next(
        (section for section, question in questions_of(definition) if question["key"] == question_key), None
    )


def fresh_key(words, taken):
    """A key made from words, unlike any of those taken."""
    root = "-".join(filter(None, slugify(re.sub(r"[’'_]", " ", words)).split("-"))) or "sans-titre"
    root = root[:MAX_KEY].strip("-")
    key, number = root, 1
    while key in taken or is_reserved(key):
        number += 1
        key = f"{root[: MAX_KEY - 5].strip('-')}-{number}"
    return key


def keys(definition, piece):
    return {each["key"] for each in pieces(definition, piece)}


# Adding


def section_added(definition, section, *, after=None):
    """The form with a section more, at its end or after another; and the key that it was given.

    The fixed questions of a re-filed project come with its section.
    """
    definition = deepcopy(definition)
    key = fresh_key(section["title"], keys(definition, "sections"))
    section = {**section, "key": key}
    if section["kind"] == "state_of_play":
        section["questions"] = _renamed(state_of_play_questions(), keys(definition, "questions"))
    elif section["kind"] == "text":
        section.setdefault("questions", [])
    _insert(definition["sections"], section, after)
    return definition, key


def question_added(definition, section_key, question, *, after=None):
    """The form with a question more, at the end of a section or after another question; and its key."""
    definition = deepcopy(definition)
    key = fresh_key(question["label"], keys(definition, "questions"))
    questions = find(definition, "sections", section_key).setdefault("questions", [])
    _insert(questions, {**question, "key": key}, after)
    return definition, key


def check_added(definition, check):
    """The form with a computed check more; and its key."""
    definition = deepcopy(definition)
    key = fresh_key(check["message"], keys(definition, "checks"))
    definition.setdefault("checks", []).append({**check, "key": key})
    return definition, key


def copied(definition, piece, key):
    """The form with a copy of a section or of a question after it; and the key of the copy.

    Conditions inside a copied section follow its own questions, not those of the original.
    """
    original = deepcopy(find(definition, piece, key))
    if piece == "questions":
        original["label"] = f"{original['label'][:290]} (copie)"
        return question_added(definition, section_of(definition, key)["key"], original, after=key)
    original["title"] = f"{original['title'][:290]} (copie)"
    original["questions"] = _renamed(original.get("questions", []), keys(definition, "questions"))
    return section_added(definition, original, after=key)


# Changing, removing


def changed(definition, piece, key, **values):
    """The form with another value of some settings of a piece; None takes a setting away."""
    definition = deepcopy(definition)
    found = find(definition, piece, key)
    found |= values
    for name in [name for name, value in found.items() if value is None]:
        del found[name]
    return definition


def replaced(definition, piece, key, replacement):
    """The form with a piece written anew: it keeps its key, its place, its condition and its questions."""
    definition = deepcopy(definition)
    found = find(definition, piece, key)
    kept = {name: found[name] for name in ("key", "condition", "questions", "kind") if name in found}
    found.clear()
    found |= {**replacement, **kept}
    return definition


def removed(definition, piece, key):
    """The form without a piece; what depends on it (`dependents`) is for the caller to refuse."""
    definition = deepcopy(definition)
    siblings, index = _place(definition, piece, key)
    del siblings[index]
    return definition


def dependents(definition, piece, key):
    """(piece, key, title) of what would refer to nothing without a section or a question."""
    if piece == "checks":
        return []
    lost = {key}
    if piece == "sections":
        lost = {question["key"] for question in find(definition, piece, key).get("questions", [])}
    rest = removed(definition, piece, key)
    kinds = {section["kind"] for section in rest["sections"]}
    found = []
    for dependent, title, condition in conditions_of(rest):
        if lost & {test["question"] for test in condition["tests"]}:
            found.append(("sections" if "title" in dependent else "questions", dependent["key"], title))
    for check in rest.get("checks", []):
        tested = {test["question"] for test in (check.get("condition") or {}).get("tests", [])}
        sides = [check[side] for side in ("left", "right") if check.get(side)]
        if lost & tested or any(_was_lost(side, lost, definition, rest, kinds) for side in sides):
            found.append(("checks", check["key"], check["message"]))
    return found


def _was_lost(reference, lost, before, after, kinds):
    """Whether a check loses one of its sides; what was already missing is not lost again."""
    name = REFERENCE.fullmatch(reference)["name"]
    if name.startswith("@"):
        everything = {section["kind"] for section in before["sections"]}
        return is_known(reference, before, everything) and QUANTITIES[name][1] not in {None, *kinds}
    return name in lost


# Moving


def shifted(definition, piece, key, step):
    """The form with a piece one place earlier (-1) or later (+1); unchanged where it cannot go further.

    A question leaves its section by either end, for the nearest one that asks questions of its own.
    """
    siblings, index = _place(definition, piece, key)
    if 0 <= index + step < len(siblings):
        definition = deepcopy(definition)
        siblings, index = _place(definition, piece, key)
        siblings.insert(index + step, siblings.pop(index))
        return definition
    if piece != "questions":
        return definition
    order = definition["sections"]
    start = order.index(section_of(definition, key))
    way = order[start + 1 :] if step > 0 else order[:start][::-1]
    section = next((each for each in way if takes_questions(each)), None)
    if section is None:
        return definition
    questions = section.get("questions", [])
    before = questions[0]["key"] if step > 0 and questions else ""
    return placed(definition, piece, key, section_key=section["key"], before=before)


def placed(definition, piece, key, *, section_key="", before=""):
    """The form with a section, or a question in a section, just before another of its kind; at the end without."""
    definition = deepcopy(definition)
    if key == before:
        return definition
    siblings, index = _place(definition, piece, key)
    moved = siblings.pop(index)
    target = definition["sections"]
    if piece == "questions":
        target = find(definition, "sections", section_key).setdefault("questions", [])
    at = next((n for n, each in enumerate(target) if each["key"] == before), len(target))
    target.insert(at, moved)
    return definition


def kinds_taken(definition):
    """The kinds of section that a form holds once, and already has."""
    return {section["kind"] for section in definition["sections"]} & set(SINGLE)


def takes_questions(section):
    """Whether questions may be put in a section: those of the other kinds are given, or none."""
    return section["kind"] == "text"


def _place(definition, piece, key):
    """The list in which a piece stands, and its place there."""
    lists = [definition.get(piece, [])]
    if piece == "questions":
        lists = [section.get("questions", []) for section in definition["sections"]]
    return next(
        (siblings, index) for siblings in lists for index, each in enumerate(siblings) if each["key"] == key
    )


def _insert(siblings, new, after):
    at = next((n + 1 for n, each in enumerate(siblings) if each["key"] == after), len(siblings))
    siblings.insert(at, new)


def _renamed(questions, taken):
    """Copies of questions under keys of their own, their conditions on each other included."""
    names, taken = {}, set(taken)
    for question in questions:
        names[question["key"]] = (
            question["key"] if question["key"] not in taken else fresh_key(question["label"], taken)
        )
        taken.add(names[question["key"]])
    copies = deepcopy(questions)
    for question in copies:
        question["key"] = names[question["key"]]
        for test in (question.get("condition") or {}).get("tests", []):
            test["question"] = names.get(test["question"], test["question"])
    return copies
