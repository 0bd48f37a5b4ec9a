"""Why nothing fits: rules that cannot hold together, none of which can be spared.

The deletion filter of Chinneck, J. W. and Dravnieks, E. W. (1991), « Locating minimal infeasible constraint sets in
linear programs », ORSA Journal on Computing 3, 157-168: each rule is left out in turn, and for good when the others
still cannot hold. What remains is irreducible (take any one away, and something fits), though not always the shortest
there is.
"""

from time import monotonic

from selection.choice.solver import LIMIT, Row, TooLong, solve


class NothingFits(ValueError):
    """No choice keeps to the rules; `rules` are those that cannot hold together, `sentences` say them."""

    def __init__(self, rules, projects):
        self.rules = tuple(rules)
        self.sentences = tuple(rule.words(projects) for rule in self.rules)
        super().__init__(f"Ces règles ne peuvent pas tenir ensemble : {' ; '.join(self.sentences)}.")


def choices_of(projects):
    """Every (project, offer), in the order given."""
    return [(project, offer) for project in projects for offer in project.offers]


def rows_of(projects, rules):
    """The rules as rows over `choices_of`, after those that let a project have one offer at most."""
    choices = choices_of(projects)
    once = [
        Row(tuple(int(one.key == project.key) for one, _ in choices), high=1)
        for project in projects
        if len(project.offers) > 1
    ]
    return once + [rule.row(choices) for rule in rules]


def hold_together(projects, rules, limit=LIMIT):
    return solve(rows_of(projects, rules), [0] * len(choices_of(projects)), limit) is not None


def irreducible(projects, rules, limit=LIMIT):
    """The rules that remain of those that cannot hold together, in their order.

    After `limit` seconds the rest is kept as it is: what comes out cannot hold, and may be longer than it has to be.
    """
    end, kept = monotonic() + limit, list(rules)
    for rule in rules:
        others = [each for each in kept if each is not rule]
        try:
            if not hold_together(projects, others, max(end - monotonic(), 0)):
                kept = others
        except TooLong:
            break
    return tuple(kept)
