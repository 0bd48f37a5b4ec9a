"""Measure the annex of a session: `python benchmarks/calibration.py`, which needs no database.

Nine members, 122 dossiers, four criteria, one card in ten missing, 2,000 drawings: the correction, the intervals, what
to discuss and what would flip the list. Goal: all of it in under 2 s of CPU, on one core. The same drawings are also
made one by one, a least-squares fit for each criterion, which is what one would write first: the ratio holds from one
machine to another.
"""

import os
import sys
from pathlib import Path
from time import process_time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # before numpy, which reads them as it loads
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402

from selection.calibration.band import band, down_to_the_line  # noqa: E402
from selection.calibration.flips import score_flips, weight_flips  # noqa: E402
from selection.calibration.intervals import draw, intervals  # noqa: E402
from selection.calibration.marks import Marks  # noqa: E402
from selection.calibration.severity import correct  # noqa: E402

MEMBERS, DOSSIERS, WEIGHTS, DRAWS, SCALE = 9, 122, (40, 30, 20, 10), 2_000, 5
NAIVE = 5  # drawings made one by one
GOAL = 2.0


def main():
    marks = invented()
    select = down_to_the_line({dossier: 1 + dossier % 7 for dossier in marks.projects}, 200)
    steps = {}
    steps["correction"], _ = measured(correct, marks)
    steps["tirages"], draws = measured(draw, marks, DRAWS)
    steps["intervalles"], _ = measured(intervals, draws)
    steps["à discuter"], _ = measured(band, draws, select)
    steps["bascules d’un poids"], _ = measured(weight_flips, marks, select)
    steps["bascules d’une note"], _ = measured(score_flips, marks, select, SCALE)
    for name, seconds in steps.items():
        print(f"{name:20} {seconds * 1000:8.0f} ms")
    total = sum(steps.values())
    print(f"{'en tout':20} {total * 1000:8.0f} ms{'' if total < GOAL else '  au-delà de 2 s'}")
    alone = measured(one_by_one, marks, NAIVE)[0] * DRAWS / NAIVE
    print(f"{'un par un':20} {alone:8.0f} s   × {alone / steps['tirages']:.0f}")


def invented():
    chance = np.random.default_rng(2018)
    scores = (
        2.5
        + 0.6 * chance.standard_normal((DOSSIERS, 1, 1))
        + 0.4 * chance.standard_normal((1, MEMBERS, 1))
        + 0.8 * chance.standard_normal((DOSSIERS, MEMBERS, len(WEIGHTS)))
    )
    scores = scores.round().clip(0, SCALE).astype(int)
    seen = chance.random((DOSSIERS, MEMBERS)) > 0.1
    cards = {(d, m): tuple(scores[d, m].tolist()) for d, m in np.argwhere(seen).tolist()}
    return Marks(tuple(range(DOSSIERS)), tuple(range(MEMBERS)), WEIGHTS, cards)


def one_by_one(marks, count):
    """The drawings without any of the shortcuts: dummies of projects and members, a fit for each criterion of each."""
    scores, seen = marks.grid()
    rows, columns = np.nonzero(seen)
    dummies = np.hstack([np.eye(DOSSIERS)[rows], np.eye(MEMBERS)[columns]])
    ridge = np.hstack([np.zeros((MEMBERS, DOSSIERS)), np.eye(MEMBERS)])
    chance, rankings = np.random.default_rng(0), []
    for _ in range(count):
        value = np.zeros(DOSSIERS)
        for criterion, weight in enumerate(WEIGHTS):
            given = scores[rows, columns, criterion] + chance.standard_normal(len(rows))
            fitted = np.linalg.lstsq(
                np.vstack([dummies, ridge]), np.append(given, np.zeros(MEMBERS)), rcond=None
            )[0]
            value += weight * fitted[:DOSSIERS]
        rankings.append(np.argsort(-value))
    return rankings


def measured(function, *arguments):
    start = process_time()
    answer = function(*arguments)
    return process_time() - start, answer


if __name__ == "__main__":
    main()
