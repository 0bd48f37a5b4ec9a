"""The rules that a choice keeps to: each as a sum with its ends, and in the words of a secretary."""

from dataclasses import dataclass
from decimal import Decimal

from calls.money import euros
from selection.choice.offers import Credit, Project
from selection.choice.solver import Row


@dataclass(frozen=True)
class Ceiling:
    """What a year holds, in AE or in CP."""

    credit: Credit
    limit: int

    def row(self, choices):
        return Row(tuple(offer.draws.get(self.credit, 0) for _, offer in choices), high=self.limit)

    def words(self, projects):
        return f"au plus {_euros(self.limit)} en {self.credit.kind} {self.credit.year}"


@dataclass(frozen=True)
class Group:
    """Projects of one ministry or one theme; `projects` holds their keys, `label` reads after « pour »."""

    label: str
    projects: frozenset

    def row(self, choices, **ends):
        return Row(tuple(offer.amount if one.key in self.projects else 0 for one, offer in choices), **ends)

    def count(self, choices, **ends):
        return Row(tuple(int(one.key in self.projects) for one, _ in choices), **ends)


@dataclass(frozen=True)
class AtLeast:
    """A floor: so many cents for a group, or so many of its projects."""

    group: Group
    amount: int | None = None
    number: int | None = None

    def row(self, choices):
        if self.number is None:
            return self.group.row(choices, low=self.amount)
        return self.group.count(choices, low=self.number)

    def words(self, projects):
        asked = [
            max(offer.amount for offer in one.offers) for one in projects if one.key in self.group.projects
        ]
        if self.number is None:
            return (
                f"au moins {_euros(self.amount)} pour {self.group.label}"
                f" (dont les dossiers ne vont pas au-delà de {_euros(sum(asked))})"
            )
        return f"au moins {_dossiers(self.number)} pour {self.group.label} (qui en a {len(asked)})"


@dataclass(frozen=True)
class AtMost:
    """A ceiling of a group: so many cents, or so many of its projects."""

    group: Group
    amount: int | None = None
    number: int | None = None

    def row(self, choices):
        if self.number is None:
            return self.group.row(choices, high=self.amount)
        return self.group.count(choices, high=self.number)

    def words(self, projects):
        most = _euros(self.amount) if self.number is None else _dossiers(self.number)
        return f"au plus {most} pour {self.group.label}"


@dataclass(frozen=True)
class Forced:
    """A project that is taken whatever it is worth."""

    project: Project

    def row(self, choices):
        return Row(tuple(int(one.key == self.project.key) for one, _ in choices), low=1)

    def words(self, projects):
        least = min(offer.amount for offer in self.project.offers)
        return f"le projet « {self.project.label} » est imposé ({_euros(least)} au moins)"


@dataclass(frozen=True)
class Excluded:
    """A project that is not taken whatever it is worth."""

    project: Project

    def row(self, choices):
        return Row(tuple(int(one.key == self.project.key) for one, _ in choices), high=0)

    def words(self, projects):
        return f"le projet « {self.project.label} » est écarté"


def _euros(cents):
    return euros(Decimal(cents) / 100)


def _dossiers(number):
    return f"{number}\u00a0dossier{'s' if number > 1 else ''}"
