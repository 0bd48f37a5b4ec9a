"""What to discuss around the funding line: the projects that some plausible rankings would fund, and others not.

The Swiss National Science Foundation does so: what its rank intervals leave on both sides of the line is neither funded
nor refused by the ranking alone (Heyard et al., 2022, see `severity`).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Standing:
    """The share of plausible rankings that select a project, from 0 to 1, and whether it is worth discussing."""

    project: object
    chance: float
    to_discuss: bool


def down_to_the_line(amounts, left):
    """The selection by a plain walk down the ranking: `select(order) -> list of the selected`, above the funding line.

    `amounts` gives each project's amount, or None while it is unknown, which funds nothing and stops nothing. The line
    passes above the first project that no longer fits in `left`, as in `selection.simulation`.
    """

    def select(order):
        selected, rest = [], left
        for project in order:
            amount = amounts[project]
            if amount is None:
                continue
            if amount > rest:
                break
            rest -= amount
            selected.append(project)
        return selected

    return select


def band(draws, select, level=0.9):
    """How each project stands in the plausible rankings of `intervals.draw`, in the order given.

    `select(order)` is given the projects best first, and returns those that the envelope funds. To discuss is what less
    than `level` of the rankings agree on, leaving as much on either side: from 5 % to 95 % at the level 0.9.
    """
    times = dict.fromkeys(draws.projects, 0)
    for order in np.argsort(draws.ranks, axis=1).tolist():
        for project in select([draws.projects[position] for position in order]):
            times[project] += 1
    count, tail = len(draws.ranks), (1 - level) / 2
    chances = {project: number / count for project, number in times.items()}
    return tuple(Standing(project, share, tail < share < 1 - tail) for project, share in chances.items())
