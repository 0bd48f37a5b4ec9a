"""The shape of a form: what is taken has one writing, what is refused is told in French with its path."""

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from calls.questionnaire.definition import default_definition, state_of_play_questions
from calls.questionnaire.schema import MAX_QUESTIONS, Definition, plain, told
from tests.calls.questionnaire.strategies import definitions


def section(*questions, **fields):
    return {"key": "s", "title": "S", "kind": "text", "questions": list(questions), **fields}


def question(**fields):
    return {"key": "q", "label": "Question"} | fields


def refusals(**definition):
    with pytest.raises(ValidationError) as refused:
        Definition.model_validate(definition)
    return told(refused.value)


@settings(deadline=None)
@given(definitions())
def test_a_form_has_one_writing(definition):
    assert plain(Definition.model_validate(definition)) == definition


def test_a_text_has_one_writing_whatever_ends_its_lines():
    typed, read = ({"sections": [section(help=f"Un.{end}Deux.")]} for end in ("\r\n", "\n"))

    assert plain(Definition.model_validate(typed)) == plain(Definition.model_validate(read))


def test_an_empty_form_keeps_its_lists():
    assert plain(Definition(sections=[])) == {"sections": [], "checks": []}


def test_the_forms_that_come_with_the_portal_have_a_valid_shape():
    again = section(*state_of_play_questions(), kind="state_of_play")

    assert plain(Definition(sections=[*default_definition()["sections"], again]))["checks"] == []


@pytest.mark.parametrize(
    ("sections", "refused"),
    [
        ([{"key": "s"}], ["sections[0].title : ce champ manque"]),
        ([section(kind="roman")], None),
        ([section(question(key="Majuscule"))], None),
        ([section(question(label=""))], ["sections[0].questions[0].label : ce texte est vide"]),
        (
            [section(question(label="\x00"))],
            ["sections[0].questions[0].label : ce texte contient des caractères refusés"],
        ),
        (
            [section(question(surprise=1))],
            ["sections[0].questions[0].surprise : ce champ n’existe pas dans cette version du format"],
        ),
        (
            [section(question(type="choice"))],
            ["sections[0].questions[0] : les réponses proposées manquent"],
        ),
        (
            [section(question(type="rows"))],
            ["sections[0].questions[0] : les colonnes du groupe manquent"],
        ),
        (
            [section(question(type="boolean", max_words=3))],
            ["sections[0].questions[0] : ce type de question n’a pas ce réglage : max_words"],
        ),
        (
            [section(question(type="amount", minimum="5", maximum="4"))],
            ["sections[0].questions[0] : le maximum est inférieur au minimum"],
        ),
        (
            [section(question(condition={"tests": []}))],
            ["sections[0].questions[0].condition.tests : cette liste est trop courte : 1 au moins"],
        ),
    ],
)
def test_what_has_not_the_shape_is_refused_with_its_path(sections, refused):
    said = refusals(sections=sections)

    assert len(said) == 1
    assert refused in (None, said)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        (
            {},
            "checks[0] : un contrôle compare à une autre grandeur ou à un nombre, et à un seul des deux",
        ),
        (
            {"right": "@grant", "amount": "1"},
            "checks[0] : un contrôle compare à une autre grandeur ou à un nombre, et à un seul des deux",
        ),
        ({"amount": "1", "share": "0"}, "checks[0].share : la valeur doit dépasser 0"),
        ({"amount": "NaN"}, "checks[0].amount : ce nombre n’est pas fini"),
        ({"right": "__import__('os')"}, "checks[0].right : ce texte contient des caractères refusés"),
    ],
)
def test_a_check_that_cannot_be_computed_is_refused(fields, refused):
    check = {"key": "k", "left": "@grant", "operator": "at_most", "message": "Refusé"}

    assert refusals(sections=[], checks=[check | fields]) == [refused]


def test_five_hundred_questions_are_refused_wherever_they_stand():
    together = [question(key=f"q{number}") for number in range(500)]
    apart = [section(*together[start : start + 250], key=f"s{start}") for start in (0, 250)]

    assert refusals(sections=[section(*together)]) == [
        f"sections[0].questions : cette liste est trop longue : {MAX_QUESTIONS} au plus"
    ]
    assert refusals(sections=apart) == [
        f"le fichier : 500 questions : un formulaire en a {MAX_QUESTIONS} au plus"
    ]
