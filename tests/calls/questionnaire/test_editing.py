"""A form changed by any series of moves: nothing is lost, nothing is doubled, its shape still holds."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.questionnaire import coherence, editing, schema
from calls.questionnaire.definition import default_definition, empty_definition, questions_of

WORDS = st.text(min_size=1, max_size=80).filter(lambda text: "\x00" not in text)
# Each act is (name, piece, number, number): the numbers choose among whatever the form then holds.
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["section", "question", "copy", "shift", "place", "remove"]),
        st.sampled_from(["sections", "questions"]),
        st.integers(0, 30),
        st.integers(0, 30),
        WORDS,
    ),
    max_size=12,
)


def keys(definition, piece):
    return [each["key"] for each in editing.pieces(definition, piece)]


def in_order(definition):
    """All the questions, in the order of their keys."""
    return sorted(editing.pieces(definition, "questions"), key=lambda question: question["key"])


def chosen(definition, piece, number):
    """One of the pieces that may be moved, or None."""
    if piece == "sections":
        found = definition["sections"]
    else:
        found = [each for section, each in questions_of(definition) if editing.takes_questions(section)]
    return found[number % len(found)]["key"] if found else None


def act(definition, name, piece, first, second, words):
    key, writable = (
        chosen(definition, piece, first),
        [s for s in definition["sections"] if s["kind"] == "text"],
    )
    target = writable[second % len(writable)]["key"] if writable else None
    if name == "section":
        kinds = sorted(set(schema.KINDS) - editing.kinds_taken(definition))
        return editing.section_added(definition, {"title": words, "kind": kinds[second % len(kinds)]})[0]
    if name == "question" and target:
        return editing.question_added(definition, target, {"label": words, "type": "short_text"})[0]
    if key is None:
        return definition
    if name == "copy":
        single = piece == "sections" and editing.find(definition, piece, key)["kind"] != "text"
        return definition if single else editing.copied(definition, piece, key)[0]
    if name == "shift":
        return editing.shifted(definition, piece, key, 1 if second % 2 else -1)
    if name == "place" and (target or piece == "sections"):
        before = chosen(definition, piece, second) or ""
        return editing.placed(definition, piece, key, section_key=target or "", before=before)
    if name == "remove" and not editing.dependents(definition, piece, key):
        return editing.removed(definition, piece, key)
    return definition


@settings(max_examples=80, deadline=None)
@given(ACTS, st.booleans())
def test_keys_stay_unique_and_the_shape_holds_whatever_is_done(acts, empty):
    definition = empty_definition() if empty else default_definition()

    for each in acts:
        given_one = deepcopy(definition)
        new = act(definition, *each)
        assert definition == given_one
        definition = new

    for piece in ("sections", "questions"):
        assert len(set(keys(definition, piece))) == len(keys(definition, piece))
    schema.Definition.model_validate(definition)


MOVES = st.tuples(
    st.sampled_from(["shift", "place"]),
    st.sampled_from(["sections", "questions"]),
    st.integers(0, 30),
    st.integers(0, 30),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(MOVES, max_size=15))
def test_moving_neither_loses_nor_doubles_a_question(moves):
    before = default_definition()

    after = before
    for name, piece, first, second in moves:
        after = act(after, name, piece, first, second, "")

    assert in_order(after) == in_order(before)
    assert sorted(keys(after, "sections")) == sorted(keys(before, "sections"))


@given(WORDS, st.lists(WORDS, max_size=5))
def test_a_key_is_new_and_fits_whatever_the_words(words, others):
    taken = set()
    for each in [*others, words, words]:
        key = editing.fresh_key(each, taken)
        assert key not in taken
        schema.Option.model_validate({"key": key, "label": "x"})
        taken.add(key)


@pytest.mark.parametrize(
    ("key", "step", "section", "index"),
    [
        ("calendrier", 1, "qualite", 0),
        ("usagers", -1, "projet", 3),
        ("risques", 1, "gouvernance", 2),
        ("description", -1, "projet", 0),
    ],
)
def test_a_question_leaves_its_section_by_either_end(key, step, section, index):
    moved = editing.shifted(default_definition(), "questions", key, step)

    found = editing.section_of(moved, key)
    assert (found["key"], [each["key"] for each in found["questions"]].index(key)) == (section, index)


def conditional(definition, key, on):
    condition = {"match": "all", "tests": [{"question": on, "operator": "answered"}]}
    return editing.changed(definition, "questions", key, condition=condition)


def test_a_copied_section_depends_on_its_own_questions():
    definition = conditional(default_definition(), "description", on="resume")

    copy, key = editing.copied(definition, "sections", "projet")

    questions = editing.find(copy, "sections", key)["questions"]
    assert [each["key"] for each in questions] == [
        "resume-du-projet",
        "description-detaillee",
        "calendrier-de-realisation",
    ]
    assert questions[1]["condition"]["tests"][0]["question"] == "resume-du-projet"
    assert coherence.problems(copy) == []


def test_what_depends_on_a_question_or_on_a_table_is_named():
    definition = conditional(default_definition(), "usagers", on="resume")
    check = {"left": "@grant", "operator": "at_most", "right": "@total_cost", "message": "Trop."}
    definition, _ = editing.check_added(definition, check)

    found = {
        key: editing.dependents(definition, piece, key)
        for piece, key in [("questions", "resume"), ("sections", "projet"), ("sections", "financement")]
    }

    usagers = ("questions", "usagers", "Amélioration du service rendu aux usagers")
    assert found == {"resume": [usagers], "projet": [usagers], "financement": [("checks", "trop", "Trop.")]}


def test_a_question_written_anew_keeps_its_key_its_condition_and_its_place():
    definition = conditional(default_definition(), "description", on="resume")

    new = editing.replaced(definition, "questions", "description", {"label": "Autre", "type": "email"})

    assert editing.find(new, "questions", "description") == {
        "key": "description",
        "label": "Autre",
        "type": "email",
        "condition": editing.find(definition, "questions", "description")["condition"],
    }
    assert keys(new, "questions") == keys(definition, "questions")


def test_the_fixed_questions_of_a_project_presented_again_come_with_their_section():
    section = {"title": "État d’avancement", "kind": "state_of_play"}
    taken = {"sections": [{"key": "a", "title": "A", "kind": "text", "questions": []}]}
    taken, _ = editing.question_added(taken, "a", {"label": "Avancement", "type": "date"})

    definition, _ = editing.section_added(taken, section)

    assert keys(definition, "questions") == [
        "avancement",
        "deja-presente",
        "reference-precedente",
        "ou-en-est-le-projet-aujourd-hui",
        "changements",
    ]
    assert coherence.problems(definition) == []
