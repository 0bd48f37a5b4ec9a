"""What may be funded: each project at its proposed amount, or at one of a few smaller ones, or not at all.

Money is in whole cents. Values are whole numbers of whatever is to be made the greatest: thousandths of a weighted
score, or thousands of euros of promised savings. What is unknown has no place here: a project without an amount or a
value is left out by the caller, who says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    AE = "AE"  # autorisations d'engagement
    CP = "CP"  # crédits de paiement


class Credit(NamedTuple):
    """What a year of an envelope holds, in commitments (AE) or in payments (CP)."""

    kind: Kind
    year: int


@dataclass(frozen=True)
class Offer:
    """An amount that a project may get, what it is worth, and what it draws on each credit."""

    amount: int
    value: int
    draws: Mapping[Credit, int]


@dataclass(frozen=True)
class Project:
    """A project and its offers, the proposed one first; one of them at most is granted."""

    key: object
    label: str
    offers: tuple[Offer, ...]


def project(key, label, *, amount, value, draws, minimum=None, steps=1):
    """A project at its proposed amount; with a `minimum`, also at that many equal steps down to it.

    A smaller grant is worth its share of the value, rounded down, and draws its share of each credit, rounded up: half
    the money is never said to bring the whole of what was promised, and no ceiling is passed by a rounding.
    """
    if amount <= 0 or not 0 < (amount if minimum is None else minimum) <= amount or steps < 1:
        raise ValueError(
            "An amount is positive, a minimum is between zero and it, and there is a step at least."
        )
    amounts = [amount]
    if minimum is not None and minimum < amount:
        amounts += [amount - (amount - minimum) * step // steps for step in range(1, steps + 1)]
    offers = tuple(
        Offer(
            part,
            value * part // amount,
            {credit: -(-drawn * part // amount) for credit, drawn in draws.items()},
        )
        for part in dict.fromkeys(amounts)
    )
    return Project(key, label, offers)
