"""What would flip the list: the smallest change of one weight, or of one score, that selects other projects.

Nothing is estimated here: scores and weights are whole numbers, each step of one is tried, from the smallest, on the
raw means that the committee decides by, with the committee's own rounding and ties. This is the sensitivity analysis
« one at a time » of a weighted sum: Triantaphyllou, E. and Sánchez, A. (1997), « A sensitivity analysis approach for
some deterministic multi-criteria decision-making methods », Decision Sciences 28, 151-194.

`select(order)` is given the projects best first (those without any card last) and returns the selected ones.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from selection.calibration.marks import ranking, thousandths

LEAST, MOST = 1, 100  # what a call lets a weight be


@dataclass(frozen=True)
class WeightFlip:
    """The weight of a criterion (by its position), the others being as they are, and who comes in and goes out."""

    criterion: int
    before: int
    after: int
    enters: tuple
    leaves: tuple

    @property
    def change(self):
        return self.after - self.before


@dataclass(frozen=True)
class ScoreFlip:
    """So many points more or less from any one of these members, on one criterion of one project."""

    project: object
    criterion: int
    change: int
    members: tuple
    enters: tuple
    leaves: tuple


class _List:
    """The selected list as it stands, and what another order would change in it."""

    def __init__(self, marks, select, order):
        self.projects, self.select = marks.projects, select
        self.selected = self._selected(order)

    def _selected(self, order):
        return set(self.select([self.projects[position] for position in order]))

    def changes(self, order):
        """(enters, leaves) in the order given; both empty when the list stays."""
        selected = self._selected(order)
        return (
            tuple(project for project in self.projects if project in selected - self.selected),
            tuple(project for project in self.projects if project in self.selected - selected),
        )


def weight_flips(marks, select):
    """For each criterion whose weight alone can change the list, its smallest change, or both if up and down are alike.

    The smallest comes first. Weights stay between 1 and 100; the mean is over the new sum.
    """
    scores, seen = marks.grid()
    sums, counts = scores.sum(1), seen.sum(1)
    weights = np.array(marks.weights)
    now = _List(marks, select, ranking(thousandths(weights, sums, counts)))
    flips = []
    for criterion, before in enumerate(marks.weights):
        others = [after for after in range(LEAST, MOST + 1) if after != before]
        afters = np.array(sorted(others, key=lambda after: (abs(after - before), after)))
        tried = np.tile(weights, (len(afters), 1))
        tried[:, criterion] = afters
        found = None
        for after, order in zip(
            afters.tolist(), ranking(thousandths(tried, sums, counts)).tolist(), strict=True
        ):
            if found is not None and abs(after - before) > found:
                break
            enters, leaves = now.changes(order)
            if enters or leaves:
                found = abs(after - before)
                flips.append(WeightFlip(criterion, before, after, enters, leaves))
    return tuple(sorted(flips, key=lambda flip: (abs(flip.change), flip.criterion, flip.change)))


def score_flips(marks, select, scale):
    """The smallest changes of one score, between 0 and `scale`, that change the list; none when no score can."""
    scores, seen = marks.grid()
    sums, counts = scores.sum(1), seen.sum(1)
    means = thousandths(marks.weights, sums, counts).tolist()
    keys = sorted((-mean, position) for position, mean in enumerate(means))
    now = _List(marks, select, [position for _, position in keys])
    moves = {}  # what each new place of each project changes: whichever score brings it there, it changes the same

    def moved(position, mean):
        others = [key for key in keys if key[1] != position]
        place = bisect_left(others, (-mean, position))
        if (position, place) not in moves:
            order = [other for _, other in others]
            order.insert(place, position)
            moves[position, place] = now.changes(order)
        return moves[position, place]

    one_more = np.eye(len(marks.weights), dtype=np.int64)[:, None, :]
    for size in range(1, scale + 1):
        flips = []
        for change in (size, -size):
            possible = seen[..., None] & (scores + change >= 0) & (scores + change <= scale)
            tried = thousandths(marks.weights, sums + change * one_more, counts).tolist()
            for position, criterion in np.argwhere(possible.any(1)).tolist():
                enters, leaves = moved(position, tried[criterion][position])
                if enters or leaves:
                    who = np.flatnonzero(possible[position, :, criterion]).tolist()
                    members = tuple(marks.members[member] for member in who)
                    flips.append(
                        ScoreFlip(marks.projects[position], criterion, change, members, enters, leaves)
                    )
        if flips:
            return tuple(flips)
    return ()
