"""What a form's shape cannot say: that what it refers to exists, stands earlier, and turns in no circle."""

from collections import Counter
from graphlib import CycleError, TopologicalSorter

from calls.questionnaire.conditions import QUANTITIES, REFERENCE, operators_for, to_number
from calls.questionnaire.definition import question_named, questions_of
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


def problems(definition, criteria=()):
    """French sentences, one per thing that makes a form unfit to be published; empty when it is sound.

    Args:
        criteria: the keys of the call's criteria, to which questions may be linked.
    """
    return [
        *_twice(definition),
        *_empty(definition),
        *_circles(definition),
        *_conditions(definition),
        *_checks(definition),
        *_lost_criteria(definition, criteria),
    ]


def _twice(definition):
    sections = Counter(section["key"] for section in definition["sections"])
    questions = Counter(question["key"] for _, question in questions_of(definition))
    checks = Counter(check["key"] for check in definition.get("checks", []))
    for what, counts in (("sections", sections), ("questions", questions), ("contrôles", checks)):
        for key, count in counts.items():
            if count > 1:
                yield f"Deux {what} ont la même clé « {key} »."
    kinds = Counter(section["kind"] for section in definition["sections"])
    for section in {each["kind"]: each for each in definition["sections"]}.values():
        if section["kind"] in SINGLE and kinds[section["kind"]] > 1:
            yield f"La section « {section['title']} » existe en double : une seule suffit."


def _empty(definition):
    if not definition["sections"]:
        yield "Le formulaire n’a aucune section."
    for section in definition["sections"]:
        if section["kind"] == "text" and not section.get("questions"):
            yield f"La section « {section['title']} » n’a aucune question."


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
        yield f"Des questions dépendent l’une de l’autre en rond : {', '.join(labels)}. Retirez une condition."


def _conditions(definition):
    for dependent, title, condition in conditions_of(definition):
        earlier = {question["key"] for question in earlier_questions(definition, dependent)}
        for test in condition["tests"]:
            asked = question_named(definition, test["question"])
            if asked is None:
                yield f"« {title} » dépend d’une question qui n’existe pas ou plus (« {test['question']} »)."
            elif test["question"] not in earlier:
                yield (
                    f"« {title} » dépend de « {asked['label']} », qui vient après :"
                    " une condition porte sur une question posée avant."
                )
            else:
                yield from _unfit(test, asked, f"de « {title} »")


def _unfit(test, asked, whose):
    """What makes a test never met: it compares with what the question it is about does not answer."""
    if test["operator"] not in operators_for(asked):
        yield f"La condition {whose} ne convient pas aux réponses à « {asked['label']} »."
    elif not _possible(test, asked):
        yield f"La condition {whose} attend une réponse que « {asked['label']} » ne propose pas."


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
    for check in definition.get("checks", []):
        for side in ("left", "right"):
            if check.get(side) and not is_known(check[side], definition, kinds):
                yield (
                    f"Le contrôle « {check['message']} » compte avec « {check[side]} »,"
                    " que ce formulaire ne demande pas."
                )
        for test in (check.get("condition") or {}).get("tests", []):
            asked = question_named(definition, test["question"])
            if asked is None:
                yield f"Le contrôle « {check['message']} » dépend d’une question qui n’existe pas ou plus."
            else:
                yield from _unfit(test, asked, f"du contrôle « {check['message']} »")


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
            yield f"« {question['label']} » est rattachée à un critère qui n’existe pas ou plus."
