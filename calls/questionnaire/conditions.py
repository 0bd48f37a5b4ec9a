"""When a question is asked, and what must hold across answers: plain data, evaluated here and nowhere else.

A condition is `{"match": "all" | "any", "tests": [{"question", "operator", "value"}]}`. A check is
`{"key", "left", "operator", "share", "right" | "amount", "message", "blocking", "condition"}` and holds when
`left <operator> share × right`, or `left <operator> amount`. Its sides are references (`REFERENCE`):

- the key of a numeric question;
- `key.column`, the sum of a numeric column of a repeated group, and `key.#`, the number of its rows;
- `@name`, one of the `QUANTITIES` that the tables of the form, or the call's rules, give.

What is not known decides nothing: a test on an unanswered question fails, a check with an unknown side is not made.
"""

import re
from decimal import Decimal, InvalidOperation
from operator import eq, ge, le

from calls.questionnaire.types import is_answered, type_of

OPERATORS = {
    "is": "est",
    "is_not": "n’est pas",
    "includes": "contient",
    "excludes": "ne contient pas",
    "at_least": "est au moins",
    "at_most": "est au plus",
    "answered": "a une réponse",
    "not_answered": "n’a pas de réponse",
}
COMPARISONS = {"at_most": ("au plus", le), "at_least": ("au moins", ge), "equal": ("égal à", eq)}

# What a check may compute with besides answers: name → (label, the kind of section that it needs, or None).
QUANTITIES = {
    "@grant": ("la subvention demandée", "financing"),
    "@total_cost": ("le coût total", "financing"),
    "@cofinancing": ("les cofinancements", "financing"),
    "@savings": ("les économies attendues", "savings"),
    "@components": ("le nombre de projets composants", "components"),
    "@components_grant": ("la somme des subventions des projets composants", "components"),
    "@components_cost": ("la somme des coûts des projets composants", "components"),
    "@indicators": ("le nombre d’indicateurs", "indicators"),
    "@milestones": ("le nombre de jalons", "milestones"),
    "@partners": ("le nombre de partenaires", "partners"),
    "@threshold": ("le seuil de l’appel pour ce porteur", None),
    "@ceiling": ("le plafond de l’appel pour ce porteur", None),
}
MAX_MAGNITUDE = 20  # powers of ten; the fields take less
REFERENCE = re.compile(r"(?P<name>@?[a-z0-9_-]+)(?:\.(?P<column>#|[a-z0-9_-]+))?")


def operators_for(question):
    """The operators that make sense on the answers to a question."""
    kind = type_of(question)
    always = ["answered", "not_answered"]
    if question.get("type") == "choices":
        return ["includes", "excludes", *always]
    if kind.choosable:
        return ["is", "is_not", *always]
    return ["at_least", "at_most", *always] if kind.numeric else always


def shown(definition, answers):
    """The keys of the sections and of the questions that are asked, given the answers by question key.

    A question that is not asked counts as unanswered, whatever was typed before. One reads the form from its start,
    so a condition on a question that stands later, which is refused at publication, is not met.
    """
    sections, questions, seen = set(), set(), {}
    for section in definition["sections"]:
        if not holds(section.get("condition"), seen):
            continue
        sections.add(section["key"])
        for question in section.get("questions", []):
            if holds(question.get("condition"), seen):
                questions.add(question["key"])
                seen[question["key"]] = answers.get(question["key"])
    return sections, questions


def holds(condition, answers):
    """Whether a condition is met; without a condition, always."""
    if not condition:
        return True
    met = (_test(each, answers.get(each["question"])) for each in condition["tests"])
    return all(met) if condition["match"] == "all" else any(met)


def _test(test, answer):
    operator, value = test["operator"], test.get("value")
    if operator == "answered":
        return is_answered(answer)
    if operator == "not_answered":
        return not is_answered(answer)
    if not is_answered(answer):
        return False
    if operator in ("is", "is_not"):
        return (answer == value) is (operator == "is")
    if operator in ("includes", "excludes"):
        return isinstance(answer, list) and (value in answer) is (operator == "includes")
    number, limit = to_number(answer), to_number(value)
    if number is None or limit is None:
        return False
    return number >= limit if operator == "at_least" else number <= limit


def broken(definition, answers, quantities):
    """The checks of a form that are made and do not hold; the arguments are those of `judged`."""
    return [check for check, held in judged(definition, answers, quantities) if held is False]


def judged(definition, answers, quantities):
    """(check, whether it holds) for those of a form that apply; None where one of its sides is not known.

    Args:
        answers: JSON answers by question key; those of questions that are not asked are not read.
        quantities: Decimals by name (`QUANTITIES`), None or absent where unknown.
    """
    _, asked = shown(definition, answers)
    seen = {key: answer for key, answer in answers.items() if key in asked}
    return [
        (check, _holds(check, seen, quantities))
        for check in definition.get("checks", [])
        if holds(check.get("condition"), seen)
    ]


def _holds(check, answers, quantities):
    """Whether a check holds; None when one of its sides is not known."""
    left = value(check["left"], answers, quantities)
    if "right" in check:
        right = value(check["right"], answers, quantities)
        right = None if right is None else right * Decimal(check.get("share", "1"))
    else:
        right = Decimal(check["amount"])
    if left is None or right is None:
        return None
    return COMPARISONS[check["operator"]][1](left, right)


def value(reference, answers, quantities):
    """What a reference stands for, as a Decimal; None where it is unknown."""
    name, column = REFERENCE.fullmatch(reference).group("name", "column")
    if name.startswith("@"):
        return quantities.get(name)
    answer = answers.get(name)
    if column is None:
        return to_number(answer)
    rows = answer if isinstance(answer, list) else []
    if column == "#":
        return Decimal(len(rows))
    numbers = [to_number(row.get(column)) for row in rows if isinstance(row, dict)]
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def to_number(answer):
    """An answer as a Decimal; None for what is no number that a field takes, such as one kept by a condition
    since made meaningless, or one so large that it could not be computed with."""
    if isinstance(answer, bool) or answer is None:
        return None
    try:
        number = Decimal(str(answer))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_MAGNITUDE else None
