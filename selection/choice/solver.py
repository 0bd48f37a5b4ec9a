"""Whole numbers, yes or no: a small program in binaries solved by HiGHS, every answer checked in integers.

HiGHS works in floating point: an answer may pass a limit by a hair. Each one is checked with whole numbers; what passes
a limit is cut off by the sum that broke it, and the solver asked again, so that what comes out holds to the cent.
Its tolerances are left as they come: tighter ones made it drop the best answer of one instance in a thousand.
Huangfu, Q. and Hall, J. A. J. (2018), « Parallelizing the dual revised simplex method », Mathematical Programming
Computation 10, 119-142.
"""

from dataclasses import dataclass
from math import gcd
from time import monotonic

import highspy
import numpy as np

LIMIT = 30  # seconds


class TooLong(RuntimeError):
    """The solver was stopped by its clock: nothing can be said."""


@dataclass(frozen=True)
class Row:
    """low ≤ Σ factor × choice ≤ high, in whole numbers; `factors` has one per choice, an end may be None."""

    factors: tuple[int, ...]
    low: int | None = None
    high: int | None = None

    def holds(self, chosen):
        total = sum(factor for factor, taken in zip(self.factors, chosen, strict=True) if taken)
        return (self.low is None or total >= self.low) and (self.high is None or total <= self.high)

    def reduced(self):
        """The same row in the smallest whole numbers, which floating point holds best."""
        common = gcd(*self.factors) or 1
        return Row(
            tuple(factor // common for factor in self.factors),
            None if self.low is None else -(-self.low // common),
            None if self.high is None else self.high // common,
        )

    def cut(self, chosen):
        """A row that refuses this choice, and no choice that holds.

        What pushed the total past an end cannot all be there again, unless something else pulls it back. When nothing
        can, what weighs as much as the heaviest of it counts with it (an extended cover: Balas, E., 1975, « Facets of
        the knapsack polytope », Mathematical Programming 8, 146-164).
        """
        above = self.high is not None and not Row(self.factors, high=self.high).holds(chosen)
        factors = self.factors if above else tuple(-factor for factor in self.factors)
        cover = [factor for factor, taken in zip(factors, chosen, strict=True) if taken and factor > 0]
        heavy = max(cover) if cover and min(factors) >= 0 else None
        push = []
        for factor, taken in zip(factors, chosen, strict=True):
            if taken:
                push.append(int(factor > 0))
            elif factor < 0:
                push.append(-1)
            else:
                push.append(int(heavy is not None and factor >= heavy))
        return Row(tuple(push), high=len(cover) - 1)


def solve(rows, gains, limit=LIMIT):
    """The choices, as a tuple of 0 and 1, whose gains add up to the most; None when the rows leave none.

    Gains are whole numbers, their sum well under 10¹²: beyond, HiGHS compares them less finely than to the unit. Raises
    TooLong after `limit` seconds.
    """
    if not gains:
        return () if all(row.holds(()) for row in rows) else None
    rows, common = [row.reduced() for row in rows], gcd(*gains) or 1
    gains = [gain // common for gain in gains]
    end = monotonic() + limit
    while True:
        chosen = _ask(rows, gains, max(end - monotonic(), 0))
        if chosen is None:
            return None
        broken = [row for row in rows if not row.holds(chosen)]
        if not broken:
            return chosen
        rows += [row.cut(chosen) for row in broken]


def _ask(rows, gains, limit):
    solver = highspy.Highs()
    for name, value in {
        "output_flag": False,
        "threads": 1,
        "time_limit": float(limit),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.5,  # gains are whole numbers
        "mip_allow_restart": False,  # programs this small are solved sooner without
    }.items():
        solver.setOptionValue(name, value)
    solver.passModel(_program(rows, gains))
    solver.run()
    status = solver.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise TooLong("Le calcul n’a pas abouti dans le temps imparti.")
    return tuple(round(value) for value in solver.getSolution().col_value)


def _program(rows, gains):
    program, factors = highspy.HighsLp(), np.array([row.factors for row in rows], dtype=float)
    factors = factors.reshape(len(rows), len(gains))
    program.num_col_, program.num_row_ = len(gains), len(rows)
    program.col_cost_ = np.array(gains, dtype=float)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_lower_, program.col_upper_ = np.zeros(len(gains)), np.ones(len(gains))
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(gains)
    program.row_lower_ = np.array(
        [-highspy.kHighsInf if row.low is None else row.low for row in rows], dtype=float
    )
    program.row_upper_ = np.array(
        [highspy.kHighsInf if row.high is None else row.high for row in rows], dtype=float
    )
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    row_of, column_of = np.nonzero(factors)
    program.a_matrix_.start_ = np.searchsorted(row_of, np.arange(len(rows) + 1)).astype(np.int32)
    program.a_matrix_.index_ = column_of.astype(np.int32)
    program.a_matrix_.value_ = factors[row_of, column_of]
    return program
