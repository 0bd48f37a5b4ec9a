"""When a question is asked, and which checks do not hold, on forms and answers at random."""

from decimal import Decimal
from fractions import Fraction
from operator import eq, ge, le

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calls.questionnaire.coherence import problems
from calls.questionnaire.conditions import broken, holds, shown, value
from calls.questionnaire.definition import questions_of
from calls.questionnaire.wording import asked_only_if, check_words
from tests.calls.questionnaire.strategies import answers, definitions

GROUPED = {"key": "groupe", "type": "boolean", "label": "Groupé ?"}
PROJECTS = {"key": "projets", "type": "integer", "label": "Combien de projets ?"}
LEADER = {"key": "meneur", "type": "short_text", "label": "Qui les mène ?"}


def when(question, operator, value=None):
    return {"match": "all", "tests": [{"question": question, "operator": operator, "value": value}]}


def form(*questions, checks=()):
    section = {"key": "s", "title": "S", "kind": "text", "questions": list(questions)}
    return {"sections": [section], "checks": list(checks)}


def chain():
    """Grouped, then how many, then who leads them: each asked because of the one before."""
    return form(
        GROUPED,
        PROJECTS | {"condition": when("groupe", "is", True)},
        LEADER | {"condition": when("projets", "at_least", "2")},
    )


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, {"groupe"}),
        ({"groupe": False}, {"groupe"}),
        ({"groupe": True}, {"groupe", "projets"}),
        ({"groupe": True, "projets": 1}, {"groupe", "projets"}),
        ({"groupe": True, "projets": 3}, {"groupe", "projets", "meneur"}),
        ({"groupe": False, "projets": 3}, {"groupe"}),  # what was typed before does not count any more
    ],
)
def test_a_question_follows_the_one_it_depends_on(given, asked):
    assert shown(chain(), given)[1] == asked


def test_the_questions_of_a_hidden_section_are_not_asked():
    definition = form(GROUPED)
    later = {"key": "t", "title": "T", "kind": "text", "condition": when("groupe", "is", True)}
    definition["sections"].append(later | {"questions": [PROJECTS]})

    assert shown(definition, {"groupe": False}) == ({"s"}, {"groupe"})
    assert shown(definition, {"groupe": True}) == ({"s", "t"}, {"groupe", "projets"})


def test_a_condition_on_a_later_question_is_not_met():
    definition = form(LEADER | {"condition": when("groupe", "is", True)}, GROUPED)

    assert shown(definition, {"groupe": True})[1] == {"groupe"}


@settings(deadline=None)
@given(definitions(), answers)
def test_what_is_asked_is_what_its_conditions_allow(definition, given):
    sections, asked = shown(definition, given)

    read = {}
    for section in definition["sections"]:
        assert (section["key"] in sections) == holds(section.get("condition"), read)
        for question in section.get("questions", []):
            allowed = section["key"] in sections and holds(question.get("condition"), read)
            assert (question["key"] in asked) == allowed
            if allowed and question["key"] in given:
                read[question["key"]] = given[question["key"]]


@settings(deadline=None)
@given(definitions(), answers, answers)
def test_the_answers_to_hidden_questions_change_nothing(definition, given, others):
    sections, asked = shown(definition, given)

    hidden = {key: answer for key, answer in others.items() if key not in asked}
    kept = {key: answer for key, answer in given.items() if key in asked}

    assert shown(definition, kept | hidden) == (sections, asked)
    assert broken(definition, kept | hidden, {}) == broken(definition, given, {})


@settings(deadline=None)
@given(definitions(), answers)
@example(
    form(
        GROUPED,
        checks=[{"key": "k", "message": "Non", "left": "groupe.x", "operator": "equal", "amount": "1"}],
    ),
    {"groupe": ["a"]},
)
def test_no_answer_and_no_form_of_a_valid_shape_stop_the_evaluation(definition, given):
    quantities = {"@grant": Decimal("10"), "@total_cost": None}

    failed = broken(definition, given, quantities)

    said = [check_words(check, definition) for check in definition["checks"]]
    said += [asked_only_if(question.get("condition"), definition) for _, question in questions_of(definition)]
    assert [check for check in failed if check not in definition["checks"]] == []
    assert all(isinstance(each, str) for each in [*said, *problems(definition)])


# Computed checks

amounts = st.none() | st.decimals(-10_000, 10_000, places=2)
SUMS = ["montant", "nombre", "achats.prix", "achats.#", "@grant"]
COMPARE = {"at_most": le, "at_least": ge, "equal": eq}


def accounts():
    """A form with an amount, a whole number and a group of priced lines."""
    return form(
        {"key": "montant", "type": "amount", "label": "Montant"},
        {"key": "nombre", "type": "integer", "label": "Nombre"},
        {
            "key": "achats",
            "type": "rows",
            "label": "Achats",
            "columns": [{"key": "prix", "type": "amount", "label": "Prix"}],
        },
    )


def exactly(number):
    return None if number is None else Fraction(number)


@settings(deadline=None)
@given(
    montant=amounts,
    nombre=st.none() | st.integers(-50, 50),
    prices=st.lists(amounts, max_size=4),
    grant=amounts,
    left=st.sampled_from(SUMS),
    operator=st.sampled_from(list(COMPARE)),
    right=st.sampled_from(SUMS) | st.decimals(-100, 100, places=4),
    share=st.none() | st.decimals("0.0001", 1000, places=4),
)
def test_a_check_fails_exactly_when_its_arithmetic_does(
    montant, nombre, prices, grant, left, operator, right, share
):
    given = {
        "montant": None if montant is None else str(montant),
        "nombre": nombre,
        "achats": [{"prix": None if price is None else str(price)} for price in prices],
    }
    known = [Fraction(price) for price in prices if price is not None]
    worth = {
        "montant": exactly(montant),
        "nombre": exactly(nombre),
        "achats.prix": sum(known) if known else None,
        "achats.#": Fraction(len(prices)),
        "@grant": exactly(grant),
    }
    check = {"key": "k", "left": left, "operator": operator, "message": "Refusé"}
    if isinstance(right, str):
        check |= {"right": right} | ({"share": str(share)} if share else {})
        other = None if worth[right] is None else worth[right] * Fraction(share or 1)
    else:
        check |= {"amount": str(right)}
        other = Fraction(right)
    definition = accounts() | {"checks": [check]}

    failed = broken(definition, given, {"@grant": grant})

    unknown = worth[left] is None or other is None
    assert failed == ([] if unknown or COMPARE[operator](worth[left], other) else [check])


def test_a_check_waits_for_its_condition():
    check = {"key": "k", "left": "nombre", "operator": "at_least", "amount": "2", "message": "Trop peu"}
    definition = accounts() | {"checks": [check | {"condition": when("montant", "answered")}]}

    assert broken(definition, {"nombre": 1}, {}) == []
    assert broken(definition, {"nombre": 1, "montant": "5"}, {}) == definition["checks"]


@pytest.mark.parametrize("answer", ["1e999999", "-1e999999", "1e-999999", "9" * 400])
def test_a_number_that_no_field_takes_is_unknown(answer):
    assert value("montant", {"montant": answer}, {}) is None
