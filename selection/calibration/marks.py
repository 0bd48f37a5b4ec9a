"""What the members of a committee gave, as the calibration reads it, and the raw mean that the committee decides by."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Marks:
    """The revealed scorecards of a session.

    `projects` and `members` are keys of any kind, the projects in the order that settles ties: the agenda's. `weights`
    has a whole number per criterion, and `cards[project, member]` a whole score per criterion. Who is recused has no
    card.
    """

    projects: tuple
    members: tuple
    weights: tuple[int, ...]
    cards: Mapping[tuple, tuple[int, ...]]

    def __post_init__(self):
        if len(set(self.projects)) < len(self.projects) or len(set(self.members)) < len(self.members):
            raise ValueError("A project or a member is named twice.")
        if sum(self.weights) <= 0 or min(self.weights) < 0:
            raise ValueError("Weights are positive, one at least.")
        projects, members = set(self.projects), set(self.members)
        for (project, member), scores in self.cards.items():
            if project not in projects or member not in members:
                raise ValueError(f"A card of {member} on {project}, who is not of this session.")
            if len(scores) != len(self.weights):
                raise ValueError(f"A card has {len(scores)} scores for {len(self.weights)} criteria.")

    def grid(self):
        """(projects, members, criteria) whole scores, zero where there is none, and (projects, members) who scored."""
        rows = {project: row for row, project in enumerate(self.projects)}
        columns = {member: column for column, member in enumerate(self.members)}
        scores = np.zeros((len(rows), len(columns), len(self.weights)), dtype=np.int64)
        seen = np.zeros((len(rows), len(columns)), dtype=bool)
        for (project, member), card in self.cards.items():
            scores[rows[project], columns[member]] = card
            seen[rows[project], columns[member]] = True
        return scores, seen


def thousandths(weights, sums, counts):
    """The raw weighted means, in whole thousandths of a point, rounded half to even; −1 without any card.

    `weights` is (…, criteria); `sums` (…, projects, criteria) adds up the cards, `counts` (projects) tells how many.
    The committee's table rounds so (`selection.tally.weighted_average`), and whole numbers make ties what they are
    there.
    """
    weights = np.asarray(weights, dtype=np.int64)
    parts = 1000 * (sums * weights[..., None, :]).sum(-1)
    whole = counts * weights.sum(-1)[..., None]
    quotient, rest = np.divmod(parts, np.maximum(whole, 1))
    up = (2 * rest > whole) | ((2 * rest == whole) & (quotient % 2 == 1))
    return np.where(whole > 0, quotient + up, -1)


def ranking(values):
    """The positions of the projects, greatest value first; equal ones in the order given, as on the agenda."""
    return np.argsort(-np.asarray(values), axis=-1, kind="stable")


def ranks(values):
    """The rank of each project, 1 for the greatest value; equal ones in the order given."""
    order = ranking(values)
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.broadcast_to(np.arange(1, order.shape[-1] + 1), order.shape), -1)
    return places
