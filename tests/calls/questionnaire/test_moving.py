"""Answers taken to a corrected form: what fits goes along, what does not is kept word for word, nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.questionnaire.definition import questions_of
from calls.questionnaire.moving import moved
from calls.questionnaire.types import is_answered, text_of
from tests.calls.questionnaire.strategies import definitions
from tests.calls.questionnaire.test_differences import form, question

TEXTS = st.sampled_from(
    ["Un texte", "12", "1 234,5", "Oui", "A", "75", "Deux\r\nlignes", "mot " * 400 + "fin", "15 mars 2018"]
)
WELL_FORMED = {
    "short_text": st.sampled_from(["Un texte", "12", "Oui", "A", "15 mars 2018", "x@exemple.example"]),
    "long_text": TEXTS,
    "markdown": TEXTS,
    "integer": st.integers(-2000, 2000),
    "decimal": st.sampled_from(["0", "12.5", "-3", "1234.0625"]),
    "amount": st.sampled_from(["0", "12.5", "1234567.89"]),
    "percentage": st.sampled_from(["0", "50", "33.33"]),
    "date": st.sampled_from(["2018-03-15", "2099-12-31"]),
    "period": st.sampled_from(
        [{"start": "2018-03-15", "end": None}, {"start": "2018-03-15", "end": "2018-04-01"}]
    ),
    "choice": st.sampled_from(["a", "b", "c"]),
    "choices": st.lists(st.sampled_from(["a", "b", "c"]), unique=True, min_size=1),
    "boolean": st.booleans(),
    "email": st.just("agent@organisme.example"),
    "phone": st.just("+33123456789"),
    "url": st.just("https://exemple.example/page"),
    "siret": st.just("73282932000074"),
    "organisation": st.just("inconnue-de-l-annuaire"),
    "department": st.sampled_from(["75", "2A"]),
    "declaration": st.just(True),
    "files": st.none(),
}


@st.composite
def answered(draw, definition):
    """Answers such as the form itself would keep them, to some of its questions."""
    written = {}
    for section, asked in questions_of(definition):
        if draw(st.booleans()):
            written.setdefault(section["key"], {})[asked["key"]] = draw(answer_to(asked))
    return written


def answer_to(question):
    if question["type"] != "rows":
        return WELL_FORMED[question["type"]]
    cells = {column["key"]: WELL_FORMED[column["type"]] for column in question["columns"]}
    return st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=3)


@st.composite
def corrections(draw):
    """A form, answers to it, and another form whose questions often have the same keys."""
    old = draw(definitions())
    return old, draw(answered(old)), draw(definitions())


@pytest.mark.django_db
@settings(max_examples=80, deadline=None)
@given(corrections())
def test_every_answer_is_in_the_new_form_or_set_aside_word_for_word(correction):
    old, written, new = correction

    result = moved(old, new, written)

    before = {question["key"]: question for _, question in questions_of(old)}
    after = {question["key"]: (section["key"], question) for section, question in questions_of(new)}
    aside = {each["key"]: each["answer"] for each in result.set_aside}
    for answers in written.values():
        for key, answer in answers.items():
            if not is_answered(answer) or aside.get(key) == answer:
                continue
            home, becomes = after[key]
            kept = result.answers[home][key]
            assert kept == answer or text_of(becomes, kept) == text_of(before[key], answer)


@pytest.mark.django_db
@settings(max_examples=80, deadline=None)
@given(corrections())
def test_moving_twice_is_moving_once(correction):
    old, written, new = correction
    once = moved(old, new, written)

    twice = moved(new, new, once.answers)

    assert (twice.answers, twice.set_aside, twice.changed) == (once.answers, [], set())


CHOICES = [{"key": "oui", "label": "Oui"}, {"key": "non", "label": "Non"}]
OTHERS = [{"key": "oui", "label": "Oui"}, {"key": "x", "label": "X"}]


@pytest.mark.parametrize(
    ("was", "becomes", "answer", "kept"),
    [
        ({}, {"max_words": 1}, "Deux mots", "Deux mots"),
        ({"type": "integer"}, {"type": "short_text"}, 1234, "1\u202f234"),
        ({"type": "boolean"}, {"type": "choice", "choices": CHOICES}, True, "oui"),
        ({"type": "choice", "choices": CHOICES}, {"type": "choices", "choices": CHOICES}, "non", ["non"]),
        ({"type": "short_text"}, {"type": "long_text"}, "Un texte", "Un texte"),
        ({"type": "date"}, {"type": "long_text"}, "2018-03-15", "15 mars 2018"),
    ],
)
@pytest.mark.django_db
def test_an_answer_that_reads_the_same_goes_along(was, becomes, answer, kept):
    result = moved(form(("a", [question(**was)])), form(("a", [question(**becomes)])), {"a": {"q": answer}})

    assert (result.answers, result.set_aside) == ({"a": {"q": kept}}, [])


@pytest.mark.parametrize(
    ("was", "becomes", "answer"),
    [
        ({"type": "integer"}, {"type": "integer", "maximum": 10}, 12),
        ({"type": "integer", "unit": "jours"}, {"type": "integer", "unit": "mois"}, 12),
        ({}, {"type": "short_text"}, "Deux\r\nlignes"),
        ({}, {"type": "integer"}, "une douzaine"),
        ({"type": "choice", "choices": CHOICES}, {"type": "choice", "choices": OTHERS}, "non"),
        ({"type": "declaration"}, {"type": "declaration", "label": "D’autres mots"}, True),
        ({}, {"key": "autre"}, "Un texte"),
        ({"confidentiality": "secret"}, {"confidentiality": "public"}, "Un secret"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_an_answer_that_would_change_or_has_no_place_is_set_aside(was, becomes, answer):
    old, new = form(("a", [question(**was)])), form(("a", [question(**becomes)]))

    result = moved(old, new, {"a": {"q": answer}})

    assert [(each["section"], each["label"], each["answer"]) for each in result.set_aside] == [
        ("A", "La question", answer)
    ]
    assert result.answers == {"a": {}}


def test_an_answer_follows_its_question_to_another_section():
    old = form(("a", [question()]), ("b", []))
    new = form(("a", []), ("b", [question()]))

    result = moved(old, new, {"a": {"q": "Un texte"}})

    assert result.answers == {"a": {}, "b": {"q": "Un texte"}}
    assert (result.moved, result.changed) == ([{"label": "La question", "from": "A", "to": "B"}], {"a", "b"})


def test_a_group_keeps_the_columns_it_can_and_the_whole_of_what_it_was():
    columns = [question("nom", "Nom", type="short_text"), question("age", "Âge", type="integer")]
    old = form(("a", [question(type="rows", columns=columns)]))
    new = form(("a", [question(type="rows", columns=columns[:1])]))
    rows = [{"nom": "Un", "age": 3}]

    result = moved(old, new, {"a": {"q": rows}})

    assert result.answers == {"a": {"q": [{"nom": "Un"}]}}
    assert [each["answer"] for each in result.set_aside] == [rows]


def test_a_section_whose_question_is_only_annotated_for_reviewers_does_not_change():
    old, new = form(("a", [question()])), form(("a", [question(annotation="Regarder le chiffrage.")]))

    assert moved(old, new, {"a": {"q": "Un texte"}}).changed == set()


def test_a_section_gets_a_new_version_for_a_reworded_question_even_unanswered():
    old, new = form(("a", [question()])), form(("a", [question(label="Une autre question")]))

    assert moved(old, new, {}).changed == {"a"}
