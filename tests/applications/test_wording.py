"""What became of a text: the words that changed alone, and texts of which no comparison ever ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import wording


def joined(side, *, differs=None):
    return "".join(text for marked, text in side if differs is None or marked is differs)


@given(st.text(max_size=200), st.text(max_size=200))
def test_each_side_is_its_text_whole(before, after):
    left, right = wording.sides(before, after)

    assert (joined(left), joined(right)) == (before, after)
    assert joined(left, differs=False).split() == joined(right, differs=False).split()


def test_the_words_that_changed_alone_are_marked():
    left, right = wording.sides("Un guichet pour tous.\nIdentique.", "Un portail pour tous.\nIdentique.")

    assert left == [(False, "Un "), (True, "guichet "), (False, "pour tous.\nIdentique.")]
    assert right == [(False, "Un "), (True, "portail "), (False, "pour tous.\nIdentique.")]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("un deux trois", "un trois", [("same", "un "), ("gone", "deux "), ("same", "trois")]),
        ("", "neuf", [("new", "neuf")]),
        ("pareil", "pareil", [("same", "pareil")]),
    ],
)
def test_two_texts_are_compared_word_by_word(before, after, pieces):
    assert wording.compared(before, after) == pieces


def test_a_pair_that_would_take_hours_is_told_whole():
    before = "Avant " + "\n\n".join(f"le {n}" for n in range(4_000))
    after = "Après " + "\n\n".join(f"le -{n}" for n in range(1, 4_000))

    assert wording.compared(before, after) == [("gone", before), ("new", after)]


def test_what_two_huge_texts_begin_and_end_with_is_still_the_same():
    many = "le mot\n\n" * 10_000

    assert wording.compared(f"{many}ancien {many}", f"{many}nouveau {many}") == [
        ("same", many),
        ("gone", "ancien "),
        ("new", "nouveau "),
        ("same", many),
    ]
