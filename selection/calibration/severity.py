"""Each member's severity, taken off: what a project would have got, had everyone scored everything.

    score(project, member) = project + member + noise, for each criterion

A two-way additive model, fitted by least squares with a ridge on the members' effects: what is penalised is
λ × Σ member², so the effects add up to zero and a member who scored little is corrected little. This is the best linear
prediction of random effects (Henderson, C. R., 1975, « Best linear unbiased estimation and prediction under a
selection model », Biometrics 31, 423-447) with λ = noise variance ÷ variance of the severities. The variances come from
the same scores by Henderson's method 3 (1953, « Estimation of variance and covariance components », Biometrics 9,
226-252). Such a correction of assessors is that of Heyard, R., Ott, M., Salanti, G. and Egger, M. (2022), « Rethinking
the funding line at the Swiss National Science Foundation », Statistics and Public Policy 9, 110-121.

One λ serves all criteria: correcting each and weighting them is then the same as correcting the weighted score.
Where everyone scored everything the corrected mean is the raw mean less a constant: the ranking stays. The model knows
no member who spreads their scores more than another, nor one who is severe with some projects only. A corrected score
may leave the call's scale: it compares, it is not a score that somebody gave.
"""

from dataclasses import dataclass

import numpy as np

from selection.calibration.marks import ranks, thousandths

NOTHING = 1e-12  # the variance, in points², that scores without any noise are given, to be divided by
FAINT = 1e-6  # severities are not supposed to vary less than this share of the noise
LEVEL = 1e-3  # nor projects than this one


class TooFewScores(ValueError):
    """Noise cannot be told from projects and members: too few projects were scored by several members."""


@dataclass(frozen=True)
class Severity:
    """How far a member scores above the others (+) or below them (−), in points of the call's scale."""

    member: object
    cards: int
    effect: float  # on the weighted score
    by_criterion: tuple[float, ...]


@dataclass(frozen=True)
class Corrected:
    """A project's raw mean, and what is left of it once severities are taken off; None when nobody scored it."""

    project: object
    cards: int
    raw: float | None
    corrected: float | None
    raw_rank: int | None
    rank: int | None


@dataclass(frozen=True)
class Correction:
    """What comes of a session. `linked` is False when some members share no project, even through others: their levels
    are then only supposed alike.

    `noise`, `spread` and `severity` are standard deviations in points: what one member's score of one project is worth,
    what tells projects apart, and what tells members apart.
    """

    severities: tuple[Severity, ...]
    projects: tuple[Corrected, ...]
    noise: float
    spread: float
    severity: float
    linked: bool


class Design:
    """Who scored what, and the additive model on it. `seen` is (projects, members); every project has a card."""

    def __init__(self, seen):
        self.seen = seen.astype(float)
        self.cards = self.seen.sum(1)
        self.shares = self.seen / self.cards[:, None]
        # What is left to tell members apart, once each project has its own mean.
        self.left = np.diag(self.seen.sum(0)) - self.seen.T @ self.shares
        self.rank = int(np.linalg.matrix_rank(self.left, hermitian=True))

    def fit(self, scores, ridge):
        """(…, projects) and (…, members) effects of (…, projects, members) scores that are zero where unseen."""
        means = scores.sum(-1) / self.cards
        gaps = ((scores - means[..., None]) * self.seen).sum(-2)
        members = gaps @ np.linalg.pinv(self.left + ridge * np.eye(len(self.left)), hermitian=True)
        return means - members @ self.shares.T, members


@dataclass(frozen=True)
class Variances:
    """Of the noise of a card, of members, of projects, in points²; `residuals` are each card's, without ridge."""

    noise: float
    members: float
    projects: float
    residuals: np.ndarray
    freedom: int

    @property
    def ridge(self):
        return self.noise / self.members


def variances(design, scores):
    """The variances of a (projects, members) grid of weighted scores, by Henderson's method 3.

    What members explain once projects have explained theirs is (their share of the cards that compare) × (their
    variance) + (their degrees of freedom) × (the noise); the same the other way round. Raises TooFewScores without a
    degree of freedom left for the noise.
    """
    projects, members = design.fit(scores, 0)
    seen = design.seen > 0
    cards, rows, columns = int(seen.sum()), len(seen), int(seen.any(0).sum())
    freedom = cards - rows - design.rank
    if freedom < 1:
        raise TooFewScores("Trop peu de dossiers ont été notés par plusieurs membres.")
    residuals = (scores - projects[:, None] - members)[seen]
    unexplained = float(residuals @ residuals)
    noise = max(unexplained / freedom, NOTHING)

    def between(around, degrees, comparing):
        return (float(around[seen] @ around[seen]) - unexplained - degrees * noise) / max(comparing, 1)

    by_project = scores - scores.sum(1, keepdims=True) / design.cards[:, None]
    by_member = scores - scores.sum(0) / np.maximum(seen.sum(0), 1)
    return Variances(
        noise=noise,
        members=max(between(by_project, design.rank, cards - rows), FAINT * noise),
        projects=max(between(by_member, rows - columns + design.rank, cards - columns), LEVEL * noise),
        residuals=residuals,
        freedom=freedom,
    )


def weighted(marks):
    """The weighted score of each card of the projects that have one, in points, and which projects those are."""
    scores, seen = marks.grid()
    scored = seen.any(1)
    weights = np.array(marks.weights, dtype=float)
    return (scores @ (weights / weights.sum()))[scored], seen[scored], scored


def correct(marks):
    """The correction of a session's scores; raises TooFewScores when there is nothing to compare."""
    scores, seen = marks.grid()
    totals, _, scored = weighted(marks)
    if not scored.any():
        raise TooFewScores("Personne n’a encore noté.")
    design = Design(seen[scored])
    found = variances(design, totals)
    corrected, effects = design.fit(totals, found.ridge)
    _, by_criterion = design.fit(np.moveaxis(scores[scored], -1, 0).astype(float), found.ridge)
    members = [
        Severity(member, int(cards), float(effect), tuple(float(each) for each in criteria))
        for member, cards, effect, criteria in zip(
            marks.members, seen.sum(0), effects, by_criterion.T, strict=True
        )
    ]
    return Correction(
        tuple(members),
        tuple(_projects(marks, scores, seen, scored, corrected)),
        noise=float(np.sqrt(found.noise)),
        spread=float(np.sqrt(found.projects)),
        severity=float(np.sqrt(found.members)),
        linked=design.rank == int(seen.any(0).sum()) - 1,
    )


def _projects(marks, scores, seen, scored, corrected):
    raw = thousandths(marks.weights, scores.sum(1), seen.sum(1))
    values = iter(zip(raw[scored], ranks(raw[scored]), corrected, ranks(corrected.round(9)), strict=True))
    for project, cards in zip(marks.projects, seen.sum(1), strict=True):
        if not cards:
            yield Corrected(project, 0, None, None, None, None)
            continue
        mean, raw_rank, value, rank = next(values)
        yield Corrected(project, int(cards), int(mean) / 1000, float(value), int(raw_rank), int(rank))
