"""Measure the envelope's optimum: `python benchmarks/choice.py`, which needs no database.

Two hundred invented projects under a year's AE and three years' CP, with a ceiling for each of eight ministries, three
floors and three forced projects: the best choice, what each forced one costs, the next under the line, and why nothing
fits once a floor is out of reach. In one drawing of two, a project in ten may also get three quarters. Goal: the best
choice in under 1 s of CPU, for every drawing. The ratio is to adding up 100,000 numbers in plain Python, which holds
from one machine to another.
"""

import random
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from selection.choice.conflict import NothingFits
from selection.choice.limits import AtLeast, AtMost, Ceiling, Forced, Group
from selection.choice.offers import Credit, Kind, project
from selection.choice.optimum import best, costs, next_under_the_line

PROJECTS, MINISTRIES, GOAL = 200, 8, 1.0
THOUSAND = 1_000_00
AE = Credit(Kind.AE, 2026)
CPS = [Credit(Kind.CP, year) for year in (2026, 2027, 2028)]


def main():
    counting = min(measured(sum, range(100_000))[0] for _ in range(20))
    print(f"{'tirage':>8} {'optimum':>9} {'coûts':>9} {'suivant':>9} {'pourquoi':>9}  {'× addition':>10}")
    for seed in range(8):
        projects, rules = drawn(seed, reduced=seed % 2)
        solved, choice = measured(best, projects, rules)
        priced, _ = measured(costs, projects, rules, choice)
        following, _ = measured(next_under_the_line, projects, rules, choice)
        explained, _ = measured(refusal, projects, rules)
        kind = "partiel" if seed % 2 else "entier"
        print(
            f"{seed} {kind:>6} {solved:7.2f} s {priced:7.2f} s {following:7.2f} s {explained:7.2f} s"
            f"  {solved / counting:10.0f}{'' if solved < GOAL else '  au-delà de 1 s'}"
        )


def drawn(seed, reduced):
    """Invented projects, worth more when they cost more in one drawing of two, and the rules of a session."""
    chance = random.Random(seed)  # noqa: S311 (no secret is drawn)
    projects, ministries = [], [[] for _ in range(MINISTRIES)]
    for key in range(PROJECTS):
        amount = chance.randint(100, 5_000) * THOUSAND
        years = [chance.random() for _ in CPS]
        draws = {AE: amount} | {
            credit: int(amount * share / sum(years)) for credit, share in zip(CPS, years, strict=True)
        }
        value = (
            amount // THOUSAND // 3 + chance.randint(0, 300) if seed % 4 > 1 else chance.randint(1000, 5000)
        )
        minimum = amount * 3 // 4 if reduced and key % 10 == 0 else None
        projects.append(
            project(key, f"Projet {key}", amount=amount, value=value, draws=draws, minimum=minimum)
        )
        chance.choice(ministries).append(key)
    asked = sum(one.offers[0].amount for one in projects)
    groups = [Group(f"le ministère {number}", frozenset(keys)) for number, keys in enumerate(ministries)]
    return projects, [
        Ceiling(AE, asked * 4 // 10),
        *[Ceiling(credit, asked * 14 // 100) for credit in CPS],
        *[AtMost(group, amount=asked * 8 // 100) for group in groups],
        *[AtLeast(group, amount=asked * 3 // 100) for group in groups[:3]],
        *[Forced(one) for one in chance.sample(projects, 3)],
    ]


def refusal(projects, rules):
    """Why a floor that the envelope cannot hold leaves nothing."""
    everyone = Group("tous les ministères", frozenset(one.key for one in projects))
    floor = AtLeast(everyone, amount=sum(one.offers[0].amount for one in projects) // 2)
    try:
        best(projects, [*rules, floor])
    except NothingFits as nothing:
        return nothing.sentences
    raise SystemExit("Un plancher hors d’atteinte a été tenu.")


def measured(function, *arguments):
    start = process_time()
    answer = function(*arguments)
    return process_time() - start, answer


if __name__ == "__main__":
    main()
