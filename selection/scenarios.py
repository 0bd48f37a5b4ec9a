"""Saved scenarios as pages show them: whose dossiers they hold, whether data changed since, how two of them differ."""

from dataclasses import dataclass, field
from decimal import Decimal

from selection.access import items_readable_by, reads_every_decision
from selection.models import Scenario
from selection.simulator import Data


@dataclass
class Shown:
    """A choice with its items, from the JSON that `simulator.answer` gives."""

    result: dict
    items: dict
    scenario: Scenario | None = None
    is_stale: bool = False
    facts: list = field(default_factory=list)

    @property
    def is_gone(self):
        """Whether it names a dossier that is no longer on the agenda: its choice can no longer be told."""
        return not _keys(self.result) <= self.items.keys()

    @property
    def count(self):
        return len(self.result["grants"])

    @property
    def amount(self):
        return Decimal(self.result["amount"])

    @property
    def credits(self):
        return [
            {
                name: each[name] if name == "label" or each[name] is None else Decimal(each[name])
                for name in each
            }
            for each in self.result["credits"]
        ]

    @property
    def payments(self):
        """The labels of the years that the choice pays in."""
        return [each["label"] for each in self.credits if each["label"].startswith("CP") and each["used"]]

    @property
    def grants(self):
        """(item, amount, the grant, what it draws in each year that is paid in)."""
        return [
            (
                self.items[each["item"]],
                Decimal(each["amount"]),
                each,
                [self._drawn(each, label) for label in self.payments],
            )
            for each in self.result["grants"]
        ]

    def _drawn(self, grant, label):
        """What a grant draws on a credit; None, which is not zero, where its dossier has no schedule."""
        drawn = grant["draws"].get(label)
        return None if drawn is None else Decimal(drawn)

    @property
    def amounts(self):
        return {each["item"]: Decimal(each["amount"]) for each in self.result["grants"]}

    def named(self, name):
        """(item, row) of the rows of the result that are about one."""
        return [(self.items[each["item"]], each) for each in self.result[name]]

    @property
    def costs(self):
        return self.named("costs")

    @property
    def left_out(self):
        return self.named("left_out")

    @property
    def following(self):
        told = self.result["next"]
        return told and (self.items[told["item"]], told)

    @property
    def others(self):
        following, excluded = self.result["next"], set(self.result["excluded"])
        first = following["item"] if following else None
        return [
            (self.items[key], "écarté par le secrétariat" if key in excluded else "non retenu par le calcul")
            for key in self.result["others"]
            if key != first
        ]


def items_of(session):
    return {
        item.pk: item
        for item in session.items.select_related("session", "case__application__call", "case__ministry")
    }


def shown(scenarios, session, known=None):
    """These scenarios with their items, and whether what they were computed from changed since."""
    items, known = items_of(session), known or Data(session)
    return [
        Shown(
            each.result,
            items,
            each,
            is_stale=known.fingerprint(each.settings["objective"], each.settings["basis"])
            != each.result["data"],
            facts=each.settings["facts"],
        )
        for each in scenarios
    ]


def _keys(result):
    """The items that a result names."""
    rows = [*result["grants"], *result["costs"], *result["left_out"]]
    return {row["item"] for row in rows} | set(result["others"])


def presented_to(user, session):
    """The presented scenarios that a person may see: those of whose dossiers none is kept from them.

    Nor is anything that the envelope was drawn on for, whose rest they tell. Of the others not even the number is told.
    """
    presented = list(session.scenarios.filter(presented=True))
    if not presented or not reads_every_decision(user, session.envelope):
        return []
    readable = set(items_readable_by(user, session).values_list("pk", flat=True))
    return [each for each in presented if _keys(each.result) <= readable]


@dataclass
class Compared:
    """A dossier in several scenarios: its amount in each, None where it is not taken."""

    item: object
    amounts: list

    @property
    def differs(self):
        return len(set(self.amounts)) > 1


def compared(several):
    """The dossiers that some of these scenarios take, those on which they differ first. None of them is gone."""
    amounts = [each.amounts for each in several]
    items = several[0].items if several else {}
    rows = [
        Compared(item, [each.get(key) for each in amounts])
        for key, item in sorted(items.items(), key=lambda pair: pair[1].position)
        if any(key in each for each in amounts)
    ]
    return sorted(rows, key=lambda row: not row.differs)
