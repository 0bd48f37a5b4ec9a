"""What a form's shape cannot say: that what it refers to exists, stands earlier, and turns in no circle."""

from collections import Counter
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from calls.questionnaire.conditions import QUANTITIES, REFERENCE, operators_for, to_number
from calls.questionnaire.definition import MAX_ROWS, is_reserved, question_named, questions_of
from calls.questionnaire.types import type_of

SINGLE = (
    "financing",
    "savings",
    "indicators",
    "milestones",
    "partners",
    "components",
    "state_of_play",
    "attachments",
)


MAX_FIELDS = 5000  # of a section, under the server's own limit (DATA_UPLOAD_MAX_NUMBER_FIELDS)


@dataclass(frozen=True)
class Problem:
    """What makes a form unfit to be published, in a French sentence, and where: `sections`, `questions` or `checks`."""

    text: str
    piece: str = ""
    key: str = ""


def problems(definition, criteria=()):
    """French sentences, one per thing that makes a form unfit to be published; empty when it is sound."""
    return [problem.text for problem in located_problems(definition, criteria)]


def located_problems(definition, criteria=()):
    """The problems of a form, each with the piece of the form that it is about, where there is one.

    Args:
        criteria: the keys of the call's criteria, to which questions may be linked.
    """
    return [
        *_twice(definition),
        *_empty(definition),
        *_too_wide(definition),
        *_circles(definition),
        *_conditions(definition),
        *_checks(definition),
        *_lost_criteria(definition, criteria),
    ]


def _twice(definition):
    sections = Counter(section["key"] for section in definition["sections"])
    questions = Counter(question["key"] for _, question in questions_of(definition))
    checks = Counter(check["key"] for check in definition.get("checks", []))
    pieces = {"sections": sections, "questions": questions, "checks": checks}
    for piece, counts in pieces.items():
        for key, count in counts.items():
            if count > 1:
                what = "contrôles" if piece == "checks" else piece
                yield Problem(f"Deux {what} ont la même clé « {key} ».", piece, key)
    for _, question in questions_of(definition):
        if is_reserved(question["key"]):
            told = f"La clé « {question['key']} » est réservée : donnez-en une autre à cette question."
            yield Problem(told, "questions", question["key"])
    kinds = Counter(section["kind"] for section in definition["sections"])
    for section in {each["kind"]: each for each in definition["sections"]}.values():
        if section["kind"] in SINGLE and kinds[section["kind"]] > 1:
            told = f"La section « {section['title']} » existe en double : une seule suffit."
            yield Problem(told, "sections", section["key"])


def _too_wide(definition):
    """A section is posted at once, and a server takes so many fields at most."""
    for section in definition["sections"]:
        count = sum(map(_fields, section.get("questions", [])))
        if count > MAX_FIELDS:
            told = (
                f"La section « {section['title']} » demande jusqu’à {count} réponses d’un coup :"
                f" {MAX_FIELDS} au plus. Réduisez le nombre de lignes de ses groupes, ou faites-en deux sections."
            )
            yield Problem(told, "sections", section["key"])


def _fields(question):
    columns = question.get("columns")
    if not columns:
        return 2
    return (question.get("max_rows") or MAX_ROWS) * (2 * len(columns) + 1)


def _empty(definition):
    if not definition["sections"]:
        yield Problem("Le formulaire n’a aucune section.")
    for section in definition["sections"]:
        if section["kind"] == "text" and not section.get("questions"):
            told = f"La section « {section['title']} » n’a aucune question."
            yield Problem(told, "sections", section["key"])


def conditions_of(definition):
    """(who depends, its title, its condition, the question it belongs to or None) for each condition of a form."""
    for section in definition["sections"]:
        if section.get("condition"):
            yield section, section["title"], section["condition"]
        for question in section.get("questions", []):
            if question.get("condition"):
                yield question, question["label"], question["condition"]


def _circles(definition):
    """Questions that wait for each other, found before their order is looked at: the circle is the better news."""
    graph = {}
    for section in definition["sections"]:
        inherited = {test["question"] for test in (section.get("condition") or {}).get("tests", [])}
        for question in section.get("questions", []):
            own = {test["question"] for test in (question.get("condition") or {}).get("tests", [])}
            graph[question["key"]] = inherited | own
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        labels = [
            f"« {(question_named(definition, key) or {'label': key})['label']} »" for key in error.args[1][1:]
        ]
        told = (
            f"Des questions dépendent l’une de l’autre en rond : {', '.join(labels)}. Retirez une condition."
        )
        yield Problem(told, "questions", error.args[1][1])


def _conditions(definition):
    for dependent, title, condition in conditions_of(definition):
        earlier = {question["key"] for question in earlier_questions(definition, dependent)}
        piece = "sections" if "title" in dependent else "questions"
        for test in condition["tests"]:
            told = _wrong_test(test, definition, earlier, f"« {title} »", f"de « {title} »")
            if told:
                yield Problem(told, piece, dependent["key"])


def _wrong_test(test, definition, earlier, what, whose):
    """What makes a test never met, or impossible to make; empty when it is sound."""
    asked = question_named(definition, test["question"])
    if asked is None:
        return f"{what} dépend d’une question qui n’existe pas ou plus (« {test['question']} »)."
    if test["question"] not in earlier:
        return (
            f"{what} dépend de « {asked['label']} », qui vient après :"
            " une condition porte sur une question posée avant."
        )
    if test["operator"] not in operators_for(asked):
        return f"La condition {whose} ne convient pas aux réponses à « {asked['label']} »."
    if not _possible(test, asked):
        return f"La condition {whose} attend une réponse que « {asked['label']} » ne propose pas."
    return ""


def _possible(test, asked):
    if test["operator"] in ("answered", "not_answered"):
        return True
    if type_of(asked).choosable:
        return test.get("value") in [value for value, _ in type_of(asked).options(asked)]
    return to_number(test.get("value")) is not None


def earlier_questions(definition, dependent):
    """The questions asked before a section or a question, in their order; all of them for a check."""
    found = []
    for section in definition["sections"]:
        if section is dependent:
            return found
        for question in section.get("questions", []):
            if question is dependent:
                return found
            found.append(question)
    return found


def _checks(definition):
    kinds = {section["kind"] for section in definition["sections"]}
    everything = {question["key"] for _, question in questions_of(definition)}
    for check in definition.get("checks", []):
        for side in ("left", "right"):
            if check.get(side) and not is_known(check[side], definition, kinds):
                told = (
                    f"Le contrôle « {check['message']} » compte avec « {check[side]} »,"
                    " que ce formulaire ne demande pas."
                )
                yield Problem(told, "checks", check["key"])
        for test in (check.get("condition") or {}).get("tests", []):
            name = f"contrôle « {check['message']} »"
            told = _wrong_test(test, definition, everything, f"Le {name}", f"du {name}")
            if told:
                yield Problem(told, "checks", check["key"])


def is_known(reference, definition, kinds):
    """Whether a form gives what a check refers to."""
    name, column = REFERENCE.fullmatch(reference).group("name", "column")
    if name.startswith("@"):
        return name in QUANTITIES and column is None and QUANTITIES[name][1] in {None, *kinds}
    question = question_named(definition, name)
    if question is None:
        return False
    if column is None:
        return type_of(question).numeric
    columns = {each["key"]: each for each in question.get("columns") or []}
    return (column == "#" and bool(columns)) or (column in columns and type_of(columns[column]).numeric)


def quantities(definition):
    """(reference, label) pairs of all that a check of this form may compute with."""
    kinds = {None, *(section["kind"] for section in definition["sections"])}
    for name, (label, needed) in QUANTITIES.items():
        if needed in kinds:
            yield name, label
    for _, question in questions_of(definition):
        if type_of(question).numeric:
            yield question["key"], f"« {question['label']} »"
        for column in question.get("columns") or []:
            if type_of(column).numeric:
                yield (
                    f"{question['key']}.{column['key']}",
                    f"« {question['label']} », somme de « {column['label']} »",
                )
        if question.get("columns"):
            yield f"{question['key']}.#", f"« {question['label']} », nombre de lignes"


def _lost_criteria(definition, criteria):
    for _, question in questions_of(definition):
        if question.get("criterion") and question["criterion"] not in criteria:
            told = f"« {question['label']} » est rattachée à un critère qui n’existe pas ou plus."
            yield Problem(told, "questions", question["key"])
