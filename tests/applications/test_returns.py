"""The savings ratio: on the grant and on the full cost, by the rule of the call, told where the call does not say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.returns import expected_by_year, returns


def paid(year, amount, source="fund"):
    return {"year": year, "source": source, "label": "", "amount": str(amount)}


def saved(year, amount, *, recurring=False, row=0):
    return {"row": row, "year": year, "label": "", "amount": str(amount), "recurring": recurring}


PLAN = [paid(2026, 300), paid(2027, 100), paid(2027, 400, "own")]
SAVINGS = [saved(2029, 100), saved(2030, 200)]


@pytest.mark.parametrize(
    ("measure", "ratios"),
    [
        ("yearly", [("sur la subvention demandée", "0,50"), ("sur le coût public complet", "0,25")]),
        ("cumulated", [("sur la subvention demandée", "0,75"), ("sur le coût public complet", "0,38")]),
    ],
)
def test_the_ratio_is_given_on_the_grant_and_on_the_full_cost(measure, ratios):
    found = returns(PLAN, SAVINGS, horizon=3, measure=measure)

    assert [(ratio.label, ratio.text) for ratio in found.ratios] == ratios


def test_the_formula_is_written_out_with_its_figures():
    found = returns(PLAN, SAVINGS, horizon=3, measure="yearly")

    assert found.ratios[1].formula == "économies de l’année 2030 ÷ coût complet = 200\u00a0€ ÷ 800\u00a0€"
    assert found.notes == (
        "Fin du projet : 2027, dernière année du plan de financement. Année de mesure : 2030.",
    )


def test_a_call_that_does_not_say_the_measure_has_both():
    found = returns(PLAN, SAVINGS, horizon=3, measure="")

    assert [ratio.text for ratio in found.ratios] == ["0,50", "0,25", "0,75", "0,38"]
    assert (
        found.notes[-1]
        == "L’appel ne dit pas si les économies sont annuelles ou cumulées : les deux sont données."
    )


@pytest.mark.parametrize(
    ("plan", "savings", "horizon"),
    [(PLAN, SAVINGS, None), ([], SAVINGS, 3), (PLAN, [], 3), ([paid(2026, 0)], SAVINGS, 3)],
)
def test_what_is_unknown_gives_no_ratio_and_its_reason(plan, savings, horizon):
    found = returns(plan, savings, horizon=horizon, measure="yearly")

    assert (found.ratios, len(found.notes)) == ((), 1)


def test_a_project_that_asks_for_nothing_has_no_ratio_on_the_grant():
    found = returns([paid(2027, 400, "own")], SAVINGS, horizon=3, measure="yearly")

    assert [ratio.text for ratio in found.ratios] == ["non calculable", "0,50"]


def test_recurring_savings_go_on_after_their_last_year_and_it_is_said():
    found = returns(PLAN, [saved(2028, 80, recurring=True)], horizon=3, measure="yearly")

    assert found.ratios[0].value == Decimal("0.2")
    assert found.notes[1] == (
        "Les économies pérennes sont prolongées jusqu’en 2030, au montant de leur dernière année saisie."
    )


AMOUNTS = st.integers(min_value=0, max_value=10**9)
LINES = st.lists(st.builds(saved, st.integers(2026, 2035), AMOUNTS, row=st.integers(0, 3)), max_size=8)


@given(LINES, st.integers(2026, 2040))
def test_savings_that_do_not_recur_are_neither_made_nor_lost(lines, until):
    expected, carried = expected_by_year(lines, until=until)

    assert sum(expected.values()) == sum(int(line["amount"]) for line in lines if line["year"] <= until)
    assert not carried


@given(LINES)
def test_the_ratio_on_the_full_cost_never_exceeds_the_one_on_the_grant(lines):
    found = returns(PLAN, [*lines, saved(2028, 1)], horizon=3, measure="cumulated")

    on_grant, on_cost = (ratio.value for ratio in found.ratios)
    assert on_cost * 2 == on_grant
