"""Conditions and computed checks said in French, for who fills a form in and for who writes it.

A form that refers to what it does not ask is still read: the reference stands for what is missing, and
`calls.questionnaire.coherence` tells what is wrong.
"""

from decimal import Decimal

from calls.money import euros, grouped
from calls.questionnaire.conditions import QUANTITIES, REFERENCE, to_number
from calls.questionnaire.definition import question_named
from calls.questionnaire.types import type_of

AMOUNTS = ("@grant", "@total_cost", "@cofinancing", "@savings", "@components_grant", "@components_cost")
LINKS = {"all": " et si ", "any": " ou si "}
COMPARED = {"at_most": "au plus", "at_least": "au moins", "equal": "exactement"}


def asked_only_if(condition, definition):
    """« À remplir seulement si la réponse à « … » est « Oui ». »; empty for what is always asked."""
    return f"À remplir seulement si {condition_words(condition, definition)}." if condition else ""


def condition_words(condition, definition):
    """A condition as the end of a sentence that begins with « si »."""
    tests = [_test_words(each, definition) for each in condition["tests"]]
    return LINKS[condition["match"]].join(tests)


def check_words(check, definition):
    """A computed check as a sentence: « La subvention demandée vaut au plus 50 % du coût total. »"""
    left = quantity(check["left"], definition)
    verb = "valent" if left.startswith("les ") else "vaut"
    said = f"{left} {verb} {COMPARED[check['operator']]} {_right_words(check, definition)}."
    if check.get("condition"):
        said = f"si {condition_words(check['condition'], definition)}, {said}"
    return said[0].upper() + said[1:]


def quantity(reference, definition):
    """What a check computes with: « le coût total », « la somme de « Montant » dans « Achats » »."""
    name, column = REFERENCE.fullmatch(reference).group("name", "column")
    if name.startswith("@"):
        return QUANTITIES[name][0] if name in QUANTITIES else name
    question = question_named(definition, name)
    group = f"« {question['label'] if question else name} »"
    if column is None:
        return f"la réponse à {group}"
    if column == "#":
        return f"le nombre de lignes de {group}"
    found = _column(question, column)
    return f"la somme de « {found['label'] if found else column} » dans {group}"


def _test_words(test, definition):
    operator = test["operator"]
    question = question_named(definition, test["question"]) or {
        "label": test["question"],
        "type": "short_text",
    }
    label = f"« {question['label']} »"
    if operator == "answered":
        return f"{label} a une réponse"
    if operator == "not_answered":
        return f"{label} n’a pas de réponse"
    if question.get("type") == "declaration":
        return f"{label} {'est cochée' if operator == 'is' else 'n’est pas cochée'}"
    value = _value_words(question, test.get("value"))
    if operator in ("includes", "excludes"):
        return (
            f"la réponse à {label} {'contient' if operator == 'includes' else 'ne contient pas'} « {value} »"
        )
    if operator in ("at_least", "at_most"):
        return f"la réponse à {label} vaut {COMPARED[operator]} {value}"
    return f"la réponse à {label} {'est' if operator == 'is' else 'est autre que'} « {value} »"


def _value_words(question, value):
    """The value of a condition in the words of its question; as it was written where it no longer fits them."""
    kind = type_of(question)
    if kind.choosable:
        return dict(kind.options(question)).get(value, "" if value is None else str(value))
    number = to_number(value)
    if not kind.numeric or number is None:
        return "" if value is None else str(value)
    return kind.text(f"{number.normalize():f}", question)


def _right_words(check, definition):
    if "right" not in check:
        return _amount_words(check["left"], Decimal(str(check["amount"])), definition)
    right, share = quantity(check["right"], definition), Decimal(str(check.get("share", "1")))
    if share == 1:
        return right
    times = f"{_number(share)} fois" if share > 1 else f"{_number(share * 100)}\u00a0%"
    return f"{times} {right}" if share > 1 else f"{times} {_of(right)}"


def _amount_words(reference, amount, definition):
    """A number in the unit of what it is compared with."""
    name, column = REFERENCE.fullmatch(reference).group("name", "column")
    if name in AMOUNTS:
        return euros(amount)
    question = question_named(definition, name)
    found = question if column is None else _column(question, column)
    if found and type_of(found).numeric:
        return type_of(found).text(f"{amount.normalize():f}", found)
    return _number(amount)


def _column(question, key):
    return next((each for each in (question or {}).get("columns") or [] if each["key"] == key), None)


def _number(value):
    """Up to four decimals, without the zeros that say nothing."""
    whole, _, decimals = f"{value.normalize():f}".partition(".")
    return grouped(whole) + (f",{decimals}" if decimals else "")


def _of(words):
    """« de » before an article: « du coût total », « des économies attendues »."""
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if words.startswith(article):
            return contracted + words.removeprefix(article)
    return f"de {words}"
