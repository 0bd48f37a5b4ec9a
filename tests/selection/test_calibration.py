"""The annex to a session: planted severities are found and taken off, intervals hold the truth as often as they say."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from selection import simulation
from selection.calibration.band import band, down_to_the_line
from selection.calibration.intervals import Draws, draw, intervals
from selection.calibration.marks import Marks, ranking, ranks, thousandths
from selection.calibration.severity import Design, TooFewScores, correct
from selection.tally import weighted_average

WEIGHTS = (40, 30, 20, 10)


def session(chance, projects=40, members=9, absent=0.4, severity=0.6, noise=0.6, scale=20, juries=1):
    """The true weighted merits of an invented session, and its scorecards: whole scores, kept within the scale.

    A member's card errs on all criteria together, as people do, and on each by itself. Members of several juries share
    no project.
    """
    truth = 0.5 * chance.standard_normal((projects, 1)) + 0.15 * chance.standard_normal((projects, 4))
    planted = severity * chance.standard_normal((members, 1))
    errors = 0.7 * chance.standard_normal((projects, members, 1))
    errors = noise * (errors + chance.standard_normal((projects, members, 4)))
    scores = (truth[:, None] + planted + errors + 2.5) * scale / 5
    scores = scores.round().clip(0, scale).astype(int)
    seen = chance.random((projects, members)) >= absent
    seen[:, 0] |= ~seen.any(1)
    seen &= np.arange(projects)[:, None] % juries == np.arange(members) % juries
    cards = {(p, m): tuple(scores[p, m].tolist()) for p, m in np.argwhere(seen).tolist()}
    return truth @ WEIGHTS / 100, Marks(tuple(range(projects)), tuple(range(members)), WEIGHTS, cards)


def kendall(one, other):
    """Kendall's τ of two lists without ties."""
    pairs = np.triu_indices(len(one), 1)
    signs = [np.sign(np.subtract.outer(values, values))[pairs] for values in (one, other)]
    return float(np.mean(signs[0] * signs[1]))


def shifted(marks, member, points):
    cards = {
        (project, who): tuple(score + points * (who == member) for score in card)
        for (project, who), card in marks.cards.items()
    }
    return Marks(marks.projects, marks.members, marks.weights, cards)


def test_on_planted_severities_the_corrected_ranking_beats_the_raw_mean():
    chance = np.random.default_rng(2018)
    gains = []

    for _ in range(40):
        truth, marks = session(chance)
        found = correct(marks).projects
        raw, corrected = ([getattr(project, name) for project in found] for name in ("raw", "corrected"))
        gains.append(kendall(corrected, truth) - kendall(raw, truth))

    assert np.mean(gains) > 0.05
    assert np.mean(np.array(gains) > 0) > 0.9


def test_planted_severities_are_found():
    marks = session(np.random.default_rng(1), absent=0.3, severity=0)[1]
    severe = shifted(shifted(marks, 3, -3), 5, 2)

    effects = [each.effect for each in correct(severe).severities]

    assert sum(effects) == pytest.approx(0)
    assert np.allclose(np.diff([effects[0], effects[3], effects[5]]), [-3, 5], atol=0.8)
    assert [effects.index(min(effects)), effects.index(max(effects))] == [3, 5]


def test_a_member_who_scored_little_is_corrected_little():
    scores, seen = session(np.random.default_rng(1), absent=0)[1].grid()
    seen[2:, 3] = False
    design, totals = Design(seen), scores[..., 0] * seen

    kept = design.fit(totals, ridge=3)[1] / design.fit(totals, ridge=0)[1]

    assert kept.argmin() == 3


def test_correcting_each_criterion_is_correcting_the_weighted_score():
    marks = session(np.random.default_rng(4))[1]

    severities = correct(marks).severities

    weighted = [np.dot(each.by_criterion, WEIGHTS) / 100 for each in severities]
    assert np.allclose(weighted, [each.effect for each in severities])


@pytest.mark.parametrize(
    ("shape", "sessions"),
    [
        ({"projects": 122, "absent": 0.1}, 12),
        ({"projects": 122, "absent": 0.1, "scale": 5}, 12),
        ({"projects": 30, "members": 7, "absent": 0.5, "scale": 5}, 50),
        ({"members": 12, "absent": 0.8, "severity": 1.5, "noise": 0.3}, 40),
        ({"members": 16, "absent": 0, "juries": 2}, 60),
    ],
)
def test_intervals_of_nine_in_ten_hold_the_truth_as_often(shape, sessions):
    chance = np.random.default_rng(20180622)
    held = []

    for seed in range(sessions):
        truth, marks = session(chance, **shape)
        found = intervals(draw(marks, count=400, seed=seed))
        held += [
            each.low <= rank <= each.high for each, rank in zip(found, ranks(truth).tolist(), strict=True)
        ]

    assert 0.86 <= np.mean(held) <= 0.94


def test_moving_the_whole_scale_of_a_member_who_scored_everything_with_all_changes_nothing():
    marks = session(np.random.default_rng(7), absent=0, severity=0.2)[1]
    moved = shifted(marks, 2, 5)

    def told(marks):
        draws = draw(marks, count=500, seed=1)
        standings = band(draws, down_to_the_line(dict.fromkeys(marks.projects, 1), 12))
        return [project.rank for project in correct(marks).projects], intervals(draws), standings

    assert told(moved) == told(marks)


def test_two_members_who_agree_leave_no_doubt():
    cards = {(project, member): (project, member) for project in range(5) for member in range(3)}
    marks = Marks(tuple(range(5)), tuple(range(3)), (1, 1), cards)

    found = intervals(draw(marks, count=200))

    assert [(each.low, each.high) for each in found] == [(5, 5), (4, 4), (3, 3), (2, 2), (1, 1)]


def test_where_all_scores_are_the_same_any_rank_is_plausible():
    cards = {(project, member): (3,) for project in range(6) for member in range(3)}

    found = intervals(draw(Marks(tuple(range(6)), tuple(range(3)), (1,), cards), count=1000))

    assert [(each.low, each.high) for each in found] == [(1, 6)] * 6


def test_the_same_seed_draws_the_same():
    marks = session(np.random.default_rng(3))[1]

    assert (draw(marks, 50, seed=4).ranks == draw(marks, 50, seed=4).ranks).all()


def test_a_project_that_nobody_scored_has_neither_score_nor_rank():
    marks = session(np.random.default_rng(3), projects=6, absent=0)[1]
    cards = {key: card for key, card in marks.cards.items() if key[0] != 2}
    marks = Marks(marks.projects, marks.members, WEIGHTS, cards)

    project = correct(marks).projects[2]

    assert (project.raw, project.corrected, project.raw_rank, project.rank) == (None, None, None, None)
    assert [each.project for each in intervals(draw(marks, 10))] == [0, 1, 3, 4, 5]


@pytest.mark.parametrize("cards", [{}, {(0, 0): (3,), (1, 0): (4,)}, {(0, 0): (3,), (1, 1): (4,)}])
@pytest.mark.parametrize("judge", [correct, draw])
def test_scores_that_compare_nothing_are_refused(cards, judge):
    with pytest.raises(TooFewScores):
        judge(Marks((0, 1), (0, 1), (1,), cards))


def test_members_without_a_project_in_common_are_said_to_be():
    apart = {(project, member): (project,) for project in range(4) for member in range(4)}
    apart = {key: card for key, card in apart.items() if (key[0] < 2) == (key[1] < 2)}
    joined = apart | {(0, 3): (1,)}

    linked = [
        correct(Marks(tuple(range(4)), tuple(range(4)), (1,), cards)).linked for cards in (apart, joined)
    ]

    assert linked == [False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"projects": (0, 0)},
        {"weights": (0,)},
        {"weights": (1, 1)},
        {"cards": {(7, 0): (1,)}},
        {"cards": {(0, 7): (1,)}},
    ],
)
def test_cards_that_do_not_fit_are_refused(wrong):
    right = {"projects": (0, 1), "members": (0,), "weights": (1,), "cards": {(0, 0): (1,)}}

    with pytest.raises(ValueError):  # noqa: PT011 (each says its own)
        Marks(**right | wrong)


def test_the_raw_mean_is_that_of_the_committee_table():
    chance = np.random.default_rng(9)
    counts = chance.integers(1, 10, 3000)
    sums = chance.integers(0, 6, (3000, 3)) * counts[:, None] + chance.integers(0, 3, (3000, 3))
    weights = (37, 29, 30)  # their sum makes ends in half a thousandth

    found = thousandths(weights, sums, counts)

    means = [
        [Fraction(int(total), int(count)) for total in row] for row, count in zip(sums, counts, strict=True)
    ]
    expected = [int(weighted_average(zip(weights, row, strict=True)) * 1000) for row in means]
    assert found.tolist() == expected


def test_equal_means_keep_the_order_of_the_agenda():
    assert ranking([2, 3, 2, 3, -1, 2]).tolist() == [1, 3, 0, 2, 5, 4]


def test_what_rankings_disagree_on_is_to_be_discussed():
    orders = [[0, 1, 2, 3]] * 6 + [[0, 2, 1, 3]] * 4
    draws = Draws(("a", "b", "c", "d"), np.array([ranks(-np.argsort(order)) for order in orders]))

    found = band(draws, down_to_the_line({"a": 5, "b": 5, "c": 5, "d": 5}, 10))

    assert [(each.project, each.chance, each.to_discuss) for each in found] == [
        ("a", 1, False),
        ("b", 0.6, True),
        ("c", 0.4, True),
        ("d", 0, False),
    ]


def test_the_walk_down_the_ranking_is_that_of_the_simulation():
    chance = np.random.default_rng(5)

    for _ in range(200):
        amounts = {
            n: None if chance.random() < 0.1 else Decimal(int(chance.integers(0, 9))) for n in range(8)
        }
        left, order = Decimal(int(chance.integers(0, 30))), chance.permutation(8).tolist()
        lines, _ = simulation.simulate([(n, amounts[n]) for n in order], left)

        expected = [line.case for line in lines if line.place == simulation.Place.WITHIN]
        assert down_to_the_line(amounts, left)(order) == expected
