"""What changes between two versions of a form, in French."""

import pytest
from hypothesis import given, settings

from calls.questionnaire.differences import differences
from tests.calls.questionnaire.strategies import definitions


def form(*sections):
    """A form of text sections: (key, questions) each."""
    return {
        "sections": [
            {"key": key, "title": key.capitalize(), "kind": "text", "questions": list(questions)}
            for key, questions in sections
        ]
    }


def question(key="q", label="La question", **fields):
    return {"key": key, "label": label, **fields}


def told(was, becomes):
    return differences(form(("a", was)), form(("a", becomes)))


@settings(max_examples=60, deadline=None)
@given(definitions(), definitions())
def test_two_forms_differ_in_something_said_exactly_when_they_differ(one, other):
    assert (differences(one, one), bool(differences(one, other))) == ([], one != other)


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ([], [question()], "Nouvelle question dans « A » : « La question »."),
        ([question()], [], "Question retirée de « A » : « La question »."),
        ([question()], [question(label="Autre")], "La question « La question » est reformulée : « Autre »."),
        ([question()], [question(required=True)], "La question « La question » devient obligatoire."),
        (
            [question(max_words=250)],
            [question(max_words=300)],
            "« La question » : la limite de mots passe de « 250 » à « 300 ».",
        ),
        (
            [question()],
            [question(type="integer")],
            "« La question » : le type de réponse était « Texte long, en paragraphes », il devient « Nombre entier ».",
        ),
        (
            [question("un", "Un"), question("deux", "Deux"), question("trois", "Trois")],
            [question("trois", "Trois"), question("un", "Un"), question("deux", "Deux")],
            "La question « Trois » change de place dans « A ».",
        ),
        (
            [question(type="choice", choices=[{"key": "a", "label": "A"}])],
            [question(type="choice", choices=[{"key": "a", "label": "A"}, {"key": "b", "label": "B"}])],
            "« La question » : réponse proposée ajoutée, « B ».",
        ),
    ],
)
def test_a_change_is_one_sentence(was, becomes, sentence):
    assert told(was, becomes) == [sentence]


def test_a_question_that_changes_section_is_neither_new_nor_removed():
    old = form(("a", [question()]), ("b", []))
    new = form(("a", []), ("b", [question()]))

    assert differences(old, new) == ["La question « La question » passe de « A » à « B »."]


def test_what_only_reviewers_read_is_left_out_of_what_is_public():
    old, new = form(("a", [question()])), form(("a", [question(annotation="Attention.")]))

    assert (len(differences(old, new)), differences(old, new, public=True)) == (1, [])
