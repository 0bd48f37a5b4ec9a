"""Between which ranks a project may stand: a bootstrap of the whole committee.

Each draw invents a session as the real one was found to be (projects and members drawn from their variances, the noise
of each card drawn again among the residuals of the real cards, blown up to the variance of the noise), corrects it
the same way, and looks at how wrong the correction was. That error, added to the real corrected scores, gives one
plausible truth; its ranking is one plausible ranking. The residual bootstrap of a model with random effects is that of
Carpenter, J. R., Goldstein, H. and Rasbash, J. (2003), « A novel bootstrap procedure for assessing the relationship
between class size and achievement », Applied Statistics 52, 431-443. Why ranks need intervals of their own: Goldstein,
H. and Spiegelhalter, D. J. (1996), « League tables and their limitations », Journal of the Royal Statistical Society A
159, 385-443.

Scores are first drawn towards their mean, by noise ÷ (noise + spread): the first of a ranking owes its place to
chance too, and intervals around scores left as they are would be too sure of both ends.
"""

from dataclasses import dataclass

import numpy as np

from selection.calibration.marks import ranks
from selection.calibration.severity import Design, TooFewScores, variances, weighted

AT_ONCE = 4_000_000  # cells of invented sessions held in memory


@dataclass(frozen=True)
class Draws:
    """Plausible rankings: `ranks` is (draws, projects), 1 for the best, of the projects that somebody scored."""

    projects: tuple
    ranks: np.ndarray


@dataclass(frozen=True)
class Interval:
    """The ranks between which a project stands, at the level that was asked."""

    project: object
    low: int
    high: int


def draw(marks, count=2_000, seed=0):
    """That many plausible rankings of a session; the same seed gives the same. Raises TooFewScores.

    Every card's four scores are drawn together, as their member gave them: only their weighted sum is ranked.
    """
    totals, seen, scored = weighted(marks)
    if not scored.any():
        raise TooFewScores("Personne n’a encore noté.")
    design = Design(seen)
    found = variances(design, totals)
    trust = found.projects / (found.projects + found.noise / design.cards)

    def settled(scores):
        projects, _ = design.fit(scores, found.ridge)
        return trust * (projects - projects.mean(-1, keepdims=True))

    chance = np.random.default_rng(seed)
    noise = (found.residuals - found.residuals.mean()) * np.sqrt(len(found.residuals) / found.freedom)
    drawn, step = [], max(AT_ONCE // seen.size, 1)
    for start in range(0, count, step):
        size = min(step, count - start)
        projects = np.sqrt(found.projects) * chance.standard_normal((size, seen.shape[0]))
        members = np.sqrt(found.members) * chance.standard_normal((size, seen.shape[1]))
        invented = chance.choice(noise, size=(size, *seen.shape))
        invented += projects[:, :, None] + members[:, None, :]
        invented *= design.seen
        drawn.append(ranks(settled(totals) + projects - settled(invented)))
    known = tuple(project for project, kept in zip(marks.projects, scored, strict=True) if kept)
    return Draws(known, np.concatenate(drawn))


def intervals(draws, level=0.9):
    """The interval of ranks of each project, at a level above one half.

    Ranks are whole: each end is where what stays outside is the nearest to half of what the level leaves, so that
    intervals hold the truth as often as said, and not more often.
    """
    count, size = draws.ranks.shape
    cells = draws.ranks - 1 + size * np.arange(size)
    times = np.bincount(cells.ravel(), minlength=size * size).reshape(size, size)
    above = np.cumsum(times, axis=1) - times
    below = count - above - times
    tail = count * (1 - level) / 2
    # Of ends that are as near, the one that makes the interval narrower.
    lows = size - np.abs(above - tail)[:, ::-1].argmin(1)
    highs = np.abs(below - tail).argmin(1) + 1
    return tuple(
        Interval(project, int(low), int(high))
        for project, low, high in zip(draws.projects, lows, highs, strict=True)
    )
