"""The best choice that the rules leave: the greatest value, to the unit, and what each forced choice costs.

A knapsack in several dimensions with a choice of amounts: Kellerer, H., Pferschy, U. and Pisinger, D. (2004),
« Knapsack problems », Springer, chapters 9 and 11. At equal value, more projects and those placed first in the list are
preferred, by the sum of their places from the end; the solver runs on one core and the same way each time, so that the
same question has the same answer.
"""

from dataclasses import dataclass

from selection.choice.conflict import NothingFits, choices_of, irreducible, rows_of
from selection.choice.limits import Ceiling, Excluded, Forced
from selection.choice.offers import Offer, Project
from selection.choice.solver import LIMIT, solve


@dataclass(frozen=True)
class Grant:
    project: Project
    offer: Offer


@dataclass(frozen=True)
class Choice:
    """The projects taken, in the order given; `left` tells what each ceiling of the envelope still holds, in cents."""

    grants: tuple[Grant, ...]
    value: int
    amount: int
    left: tuple[tuple[Ceiling, int], ...]

    @property
    def keys(self):
        return frozenset(grant.project.key for grant in self.grants)


@dataclass(frozen=True)
class Next:
    """The project under the line: what it lacks on top of the choice, and the value that taking it would lose.

    `lacking` is (rule, so much) for each rule that it would break, in the rule's own unit: cents, or projects. `price`
    is None when no choice can hold it.
    """

    project: Project
    lacking: tuple[tuple[object, int], ...]
    price: int | None


def best(projects, rules, limit=LIMIT):
    """The best choice. Raises NothingFits, which tells why, and `solver.TooLong` after so many seconds."""
    projects, rules = tuple(projects), tuple(rules)
    if len({project.key for project in projects}) < len(projects):
        raise ValueError("A project is named twice.")
    choices = choices_of(projects)
    places = range(len(choices), 0, -1)
    unit = sum(places) + 1
    gains = [offer.value * unit + place for (_, offer), place in zip(choices, places, strict=True)]
    chosen = solve(rows_of(projects, rules), gains, limit)
    if chosen is None:
        raise NothingFits(irreducible(projects, rules, limit), projects)
    grants = tuple(Grant(*choice) for choice, taken in zip(choices, chosen, strict=True) if taken)
    return Choice(
        grants,
        value=sum(grant.offer.value for grant in grants),
        amount=sum(grant.offer.amount for grant in grants),
        left=tuple(
            (rule, rule.limit - sum(grant.offer.draws.get(rule.credit, 0) for grant in grants))
            for rule in rules
            if isinstance(rule, Ceiling)
        ),
    )


def costs(projects, rules, choice, of=(Forced, Excluded)):
    """What each forced choice costs: (rule, the best value without it − the value with it), zero when it costs nothing.

    `choice` is the best one with all rules. Other kinds of rules are told in the same way if asked by `of`.
    """
    return tuple((rule, cost(projects, rules, choice, rule)) for rule in rules if isinstance(rule, of))


def cost(projects, rules, choice, rule, limit=LIMIT):
    """What one rule costs, as `costs` tells it."""
    return _value(projects, [each for each in rules if each is not rule], limit) - choice.value


def next_under_the_line(projects, rules, choice, limit=LIMIT):
    """The most valued project that was left out without being excluded, or None when there is none."""
    excluded = {rule.project.key for rule in rules if isinstance(rule, Excluded)}
    waiting = [project for project in projects if project.key not in choice.keys | excluded]
    if not waiting:
        return None
    found = max(waiting, key=lambda project: project.offers[0].value)  # the first of equals
    granted = [(grant.project, grant.offer) for grant in choice.grants]
    lacking = []
    for rule in rules:
        row = rule.row([*granted, (found, found.offers[0])])
        if row.high is not None and sum(row.factors) > row.high:
            lacking.append((rule, sum(row.factors) - row.high))
    with_it = _value(projects, [*rules, Forced(found)], limit)
    return Next(found, tuple(lacking), None if with_it is None else choice.value - with_it)


def _value(projects, rules, limit):
    """The greatest value, or None when nothing fits."""
    gains = [offer.value for _, offer in choices_of(projects)]
    chosen = solve(rows_of(projects, rules), gains, limit)
    return None if chosen is None else sum(gain for gain, taken in zip(gains, chosen, strict=True) if taken)
