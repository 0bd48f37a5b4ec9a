"""The best choice under an envelope, against a search of everything, and why nothing fits."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.choice.conflict import NothingFits
from selection.choice.limits import AtLeast, AtMost, Ceiling, Excluded, Forced, Group
from selection.choice.offers import Credit, Kind, Offer, Project, project
from selection.choice.optimum import best, costs, next_under_the_line
from selection.choice.solver import Row, solve

AE, CP = Credit(Kind.AE, 2026), Credit(Kind.CP, 2027)
MILLION = 1_000_000_00
INTERIOR = "le ministère de l’intérieur"


def plain(text):
    """A sentence with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def simple(key, millions, value):
    amount = int(millions * MILLION)
    return project(key, f"Projet {key}", amount=amount, value=value, draws={AE: amount})


def instance(chance, size):
    """Projects and rules, in amounts to the cent; some projects have smaller offers, some instances leave nothing."""
    projects = []
    for key in range(size):
        amount = chance.choice([chance.randint(1, 900) * 10_000_00, chance.randint(1, 900_000_000)])
        minimum = chance.randint(1, amount) if size < 9 and chance.random() < 0.3 else None
        draws = {AE: amount, CP: chance.randint(0, amount)}
        value = chance.choice([chance.randint(0, 5000), chance.randint(0, 5)])
        label, steps = f"Projet {key}", chance.randint(1, 3)
        projects.append(
            project(key, label, amount=amount, value=value, draws=draws, minimum=minimum, steps=steps)
        )
    asked = sum(one.offers[0].amount for one in projects)

    def money(share):
        """Some of what is asked in all, or what some projects draw, give or take a cent: where roundings hurt."""
        if chance.random() < 0.5:
            return chance.randint(0, asked // share)
        credit = chance.choice([AE, CP])
        some = [one.offers[-1].draws[credit] for one in projects if chance.random() < 0.4]
        return max(sum(some) + chance.randint(-1, 1), 0)

    rules = [Ceiling(credit, money(1)) for credit in (AE, CP) if chance.random() < 0.9]
    for _ in range(chance.randint(0, 3)):
        keys = frozenset(key for key in range(size) if chance.random() < 0.4)
        kind = chance.choice([AtLeast, AtMost, AtMost])
        end = chance.choice([{"amount": money(2)}, {"number": chance.randint(0, size // 2)}])
        rules.append(kind(Group("le thème", keys), **end))
    for one in chance.sample(projects, min(size, chance.choice([0, 0, 1, 2, 3]))):
        rules.append(chance.choice([Forced, Forced, Excluded])(one))
    return projects, rules


class Everything:
    """Every choice there is, by adding one project after the other to all the choices of those before."""

    def __init__(self, projects, rules):
        table = np.zeros((1, 2 + len(rules)), dtype=np.int64)  # value, places, then what each rule counts
        self.taken = np.zeros((1, len(projects)), dtype=np.int8)
        place = sum(len(one.offers) for one in projects)
        for position, one in enumerate(projects):
            tables, takens = [table], [self.taken]
            for number, offer in enumerate(one.offers, 1):
                told = [offer.value, place, *[self.counted(rule, one, offer) for rule in rules]]
                place -= 1
                tables.append(table + np.array(told))
                takens.append(self.taken.copy())
                takens[-1][:, position] = number
            table, self.taken = np.concatenate(tables), np.concatenate(takens)
        self.values, self.places = table[:, 0], table[:, 1]
        kept = [self.held(rule, table[:, 2 + column]) for column, rule in enumerate(rules)]
        self.kept = np.all(kept, axis=0) if kept else np.ones(len(table), dtype=bool)

    @staticmethod
    def counted(rule, one, offer):
        if isinstance(rule, Ceiling):
            return offer.draws.get(rule.credit, 0)
        if isinstance(rule, Forced | Excluded):
            return one.key == rule.project.key
        return (one.key in rule.group.projects) * (offer.amount if rule.number is None else 1)

    @staticmethod
    def held(rule, totals):
        match rule:
            case Ceiling():
                return totals <= rule.limit
            case Forced():
                return totals >= 1
            case Excluded():
                return totals == 0
            case AtLeast():
                return totals >= (rule.amount if rule.number is None else rule.number)
            case AtMost():
                return totals <= (rule.amount if rule.number is None else rule.number)

    def best(self):
        """(value, places) of the best choice and every choice that has them, or None."""
        if not self.kept.any():
            return None
        value = self.values[self.kept].max()
        place = self.places[self.kept & (self.values == value)].max()
        found = self.kept & (self.values == value) & (self.places == place)
        return int(value), int(place), [tuple(each) for each in self.taken[found].tolist()]


def refuse_together(projects, rules):
    """Whether rules leave nothing, and something once any one of them is set aside."""
    assert Everything(projects, rules).best() is None
    for rule in rules:
        assert Everything(projects, [each for each in rules if each is not rule]).best()


SIZES = [*[size for size in range(9) for _ in range(220)], *[12] * 60, *[15] * 20, *[18] * 8]


def test_the_best_choice_is_that_of_a_search_of_everything():
    chance, infeasible = random.Random(2026), 0  # noqa: S311

    for size in SIZES:
        projects, rules = instance(chance, size)
        expected = Everything(projects, rules).best()
        try:
            choice = best(projects, rules)
        except NothingFits as nothing:
            infeasible += 1
            assert expected is None
            refuse_together(projects, nothing.rules)
            continue
        granted = {grant.project.key: grant.offer for grant in choice.grants}
        taken = tuple(one.offers.index(granted[one.key]) + 1 if one.key in granted else 0 for one in projects)
        assert expected is not None
        assert choice.value == expected[0]
        assert taken in expected[2]
        assert choice.amount == sum(offer.amount for offer in granted.values())

    assert 200 < infeasible < len(SIZES) / 2  # both kinds are many


def test_costs_and_the_next_are_those_of_a_search_of_everything():
    chance = random.Random(7)  # noqa: S311
    told = 0

    for _ in range(150):
        projects, rules = instance(chance, 7)
        with_all = Everything(projects, rules).best()
        if with_all is None:
            continue
        choice = best(projects, rules)
        for rule, cost in costs(projects, rules, choice, of=(Forced, Excluded, AtLeast, AtMost)):
            without = Everything(projects, [each for each in rules if each is not rule]).best()
            assert cost == without[0] - with_all[0]
            told += cost > 0
        following = next_under_the_line(projects, rules, choice)
        if following is not None:
            forced = Everything(projects, [*rules, Forced(following.project)]).best()
            assert following.price == (forced and with_all[0] - forced[0])
            assert bool(following.lacking) or following.price <= 0 or following.price is None

    assert told > 20


def test_a_forced_project_costs_what_it_keeps_out():
    projects = [simple("A", 5, 4000), simple("B", 5, 3500), simple("C", 6, 1000)]
    rules = [Ceiling(AE, 10 * MILLION), Forced(projects[2])]

    choice = best(projects, rules)

    assert [grant.project.key for grant in choice.grants] == ["C"]
    assert choice.left == ((rules[0], 4 * MILLION),)
    assert costs(projects, rules, choice) == ((rules[1], 6500),)


def test_the_next_project_tells_what_it_lacks_and_what_it_would_cost():
    projects = [simple("A", 5, 4000), simple("B", 4, 3500), simple("C", 2, 3000), simple("D", 2, 3200)]
    rules = [
        Ceiling(AE, 10 * MILLION),
        AtMost(Group(INTERIOR, frozenset("BCD")), number=2),
        Excluded(projects[3]),
    ]

    following = next_under_the_line(projects, rules, best(projects, rules))

    assert following.project.key == "C"
    assert following.lacking == ((rules[0], 1 * MILLION),)
    assert following.price == 500


def test_nothing_is_next_when_everything_is_taken():
    projects = [simple("A", 5, 4000)]

    assert next_under_the_line(projects, [], best(projects, [])) is None


def test_at_equal_value_the_first_of_the_list_is_taken():
    projects = [simple(key, 1, 1000) for key in "ABCD"]

    assert best(projects, [Ceiling(AE, 2 * MILLION)]).keys == {"A", "B"}


def test_a_smaller_grant_is_worth_its_share_and_passes_no_ceiling():
    offers = project("A", "A", amount=1000, value=100, draws={AE: 1000, CP: 333}, minimum=500, steps=2).offers

    assert offers == (
        Offer(1000, 100, {AE: 1000, CP: 333}),
        Offer(750, 75, {AE: 750, CP: 250}),
        Offer(500, 50, {AE: 500, CP: 167}),
    )


def test_what_is_left_goes_to_a_project_between_its_minimum_and_its_amount():
    half = project(
        "B", "B", amount=4 * MILLION, value=4000, draws={AE: 4 * MILLION}, minimum=MILLION, steps=3
    )

    choice = best([simple("A", 5, 9000), half], [Ceiling(AE, 7 * MILLION + 99)])

    assert [(grant.project.key, grant.offer.amount) for grant in choice.grants] == [
        ("A", 5 * MILLION),
        ("B", 2 * MILLION),
    ]


def test_why_nothing_fits_is_said_in_words():
    projects = [simple("A", 5, 4000), simple("B", 6, 3500), simple("C", 1, 1000)]
    group = Group(INTERIOR, frozenset("C"))
    rules = [
        Ceiling(CP, MILLION),
        Ceiling(AE, 10 * MILLION),
        AtMost(group, amount=MILLION),
        Forced(projects[0]),
        Forced(projects[1]),
    ]

    with pytest.raises(NothingFits) as refused:
        best(projects, rules)

    assert refused.value.rules == (rules[1], rules[3], rules[4])
    assert tuple(plain(sentence) for sentence in refused.value.sentences) == (
        "au plus 10 000 000 € en AE 2026",
        "le projet « Projet A » est imposé (5 000 000 € au moins)",
        "le projet « Projet B » est imposé (6 000 000 € au moins)",
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (AtLeast, "au moins 3 000 000 € pour {} (dont les dossiers ne vont pas au-delà de 1 000 000 €)"),
        (AtMost, "au plus 3 000 000 € pour {}"),
    ],
)
def test_a_rule_of_a_group_says_its_money(rule, words):
    group = Group(INTERIOR, frozenset("C"))

    said = rule(group, amount=3 * MILLION).words([simple("B", 6, 3500), simple("C", 1, 1000)])

    assert plain(said) == words.format(INTERIOR)


@pytest.mark.parametrize(
    ("rule", "number", "words"),
    [
        (AtLeast, 2, "au moins 2 dossiers pour {} (qui en a 1)"),
        (AtMost, 1, "au plus 1 dossier pour {}"),
    ],
)
def test_a_rule_of_a_group_says_its_number(rule, number, words):
    group = Group(INTERIOR, frozenset("C"))

    assert plain(rule(group, number=number).words([simple("C", 1, 1000)])) == words.format(INTERIOR)


def test_an_amount_to_the_cent_is_held_to_the_cent():
    """What floating point would let through: the ceiling is one cent short of the dearer choice."""
    projects = [
        project(key, str(key), amount=9_999_999_99 - key, value=1000 + key, draws={AE: 9_999_999_99 - key})
        for key in range(12)
    ]
    six = sum(one.offers[0].amount for one in projects[6:])

    assert best(projects, [Ceiling(AE, six)]).value == sum(1006 + each for each in range(6))
    assert best(projects, [Ceiling(AE, six - 1)]).value == sum(1007 + each for each in range(5))


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.booleans()), min_size=1, max_size=7),
    st.integers(-15, 15),
    st.booleans(),
)
def test_a_cut_refuses_what_was_broken_and_nothing_that_holds(choices, end, over):
    factors, chosen = zip(*choices, strict=True)
    row = Row(factors, **{"high" if over else "low": end})
    if row.holds(chosen):
        return

    cut = row.cut(chosen)

    assert not cut.holds(chosen)
    every = [tuple(number >> bit & 1 for bit in range(len(factors))) for number in range(2 ** len(factors))]
    assert [each for each in every if row.holds(each) and not cut.holds(each)] == []


@pytest.mark.parametrize(("rows", "answer"), [([], ()), ([Row((), low=1)], None)])
def test_without_anything_to_choose_only_the_rules_speak(rows, answer):
    assert solve(rows, []) == answer


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"minimum": 0}, {"minimum": 101}, {"steps": 0}])
def test_offers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="amount"):
        project("A", "A", **{"amount": 100, "value": 1, "draws": {}} | wrong)


def test_a_project_named_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        best([Project("A", "A", ()), Project("A", "B", ())], [])
