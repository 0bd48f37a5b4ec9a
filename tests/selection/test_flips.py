"""What would flip the list, against a search of everything, by the committee's own arithmetic."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from selection.calibration.band import down_to_the_line
from selection.calibration.flips import score_flips, weight_flips
from selection.calibration.marks import Marks
from selection.tally import weighted_average

SCALE = 4


@st.composite
def sessions(draw):
    """A small session with recusals, and what its envelope funds."""
    projects, members = range(draw(st.integers(1, 5))), range(draw(st.integers(1, 3)))
    weights = tuple(draw(st.lists(st.integers(1, 100), min_size=1, max_size=3)))
    card = st.none() | st.tuples(*[st.integers(0, SCALE)] * len(weights))
    cards = {(project, member): draw(card) for project in projects for member in members}
    cards = {key: scores for key, scores in cards.items() if scores is not None}
    amounts = {project: draw(st.none() | st.integers(1, 9)) for project in projects}
    marks = Marks(tuple(projects), tuple(members), weights, cards)
    return marks, down_to_the_line(amounts, draw(st.integers(0, 20)))


def selected(marks, select):
    """The list that these cards and weights select, from the averages of the committee's table."""

    def average(project):
        cards = [card for key, card in marks.cards.items() if key[0] == project]
        if not cards:
            return Decimal(-1)
        means = [Fraction(sum(scores), len(scores)) for scores in zip(*cards, strict=True)]
        return weighted_average(zip(marks.weights, means, strict=True))

    return set(
        select(sorted(marks.projects, key=average, reverse=True))
    )  # a sort keeps what is equal in order


def smallest(changes):
    """{what: (enters, leaves)} of the changes that have the smallest size."""
    least = min((size for size, _, _ in changes), default=None)
    return {what: told for size, what, told in changes if size == least}


def told(before, after):
    return tuple(sorted(after - before)), tuple(sorted(before - after))


@given(sessions())
@settings(max_examples=80, deadline=None)
def test_the_smallest_change_of_each_weight_is_that_of_an_exhaustive_search(session):
    marks, select = session
    before = selected(marks, select)
    expected = {}
    for criterion, weight in enumerate(marks.weights):
        changes = []
        for after in range(1, 101):
            weights = (*marks.weights[:criterion], after, *marks.weights[criterion + 1 :])
            list_ = selected(Marks(marks.projects, marks.members, weights, marks.cards), select)
            if list_ != before:
                changes.append((abs(after - weight), (criterion, after), told(before, list_)))
        expected |= smallest(changes)

    flips = weight_flips(marks, select)

    assert {(flip.criterion, flip.after): (flip.enters, flip.leaves) for flip in flips} == expected
    assert [abs(flip.change) for flip in flips] == sorted(abs(flip.change) for flip in flips)


@given(sessions())
@settings(max_examples=120, deadline=None)
def test_the_smallest_change_of_one_score_is_that_of_an_exhaustive_search(session):
    marks, select = session
    before, changes = selected(marks, select), []
    for (project, member), card in marks.cards.items():
        for criterion, score in enumerate(card):
            for after in range(SCALE + 1):
                cards = marks.cards | {(project, member): (*card[:criterion], after, *card[criterion + 1 :])}
                list_ = selected(Marks(marks.projects, marks.members, marks.weights, cards), select)
                if list_ != before:
                    what = project, criterion, after - score, member
                    changes.append((abs(after - score), what, told(before, list_)))

    flips = score_flips(marks, select, SCALE)

    found = {
        (flip.project, flip.criterion, flip.change, member): (flip.enters, flip.leaves)
        for flip in flips
        for member in flip.members
    }
    assert found == smallest(changes)
