"""Who may apply to a call, and for how much."""

from decimal import Decimal

import pytest

from accounts.models import Organisation
from calls.eligibility import rule_for
from calls.models import Call, CarrierRule
from tests.factories import CallFactory

Kind = Organisation.Kind
LOW, HIGH, TOP = Decimal(200_000), Decimal(1_000_000), Decimal(50_000_000)


def call_for(*rules, **fields):
    """A call between one and fifty million euros; rules are (kind, threshold, ceiling)."""
    call = CallFactory(**{"threshold": HIGH, "ceiling": TOP} | fields)
    for kind, threshold, ceiling in rules:
        CarrierRule.objects.create(call=call, kind=kind, threshold=threshold, ceiling=ceiling)
    return call


def test_a_call_that_names_no_kind_says_nothing_of_who_may_apply(db):
    assert rule_for(call_for(), Kind.OPERATOR)[:3] == (None, HIGH, TOP)


def test_a_kind_that_is_named_may_apply_within_its_own_amounts(db):
    call = call_for((Kind.OPERATOR, None, None), (Kind.DECONCENTRATED, LOW, HIGH))

    assert rule_for(call, Kind.DECONCENTRATED)[:3] == (True, LOW, HIGH)


@pytest.mark.parametrize(
    ("threshold", "ceiling", "expected"),
    [(None, None, (True, HIGH, TOP)), (LOW, None, (True, LOW, TOP)), (None, HIGH, (True, HIGH, HIGH))],
)
def test_an_amount_that_a_kind_leaves_empty_is_the_calls(db, threshold, ceiling, expected):
    call = call_for((Kind.DECONCENTRATED, threshold, ceiling))

    assert rule_for(call, Kind.DECONCENTRATED)[:3] == expected


def test_a_threshold_of_zero_is_no_empty_threshold(db):
    call = call_for((Kind.OPERATOR, Decimal(0), None))

    assert rule_for(call, Kind.OPERATOR).threshold == 0


def test_a_kind_left_out_may_not_apply(db):
    assert rule_for(call_for((Kind.OPERATOR, None, None)), Kind.COURT)[:3] == (False, HIGH, TOP)


def test_what_the_sources_of_a_past_call_leave_out_is_unknown(db):
    call = call_for((Kind.OPERATOR, None, None), imported=True)

    assert rule_for(call, Kind.COURT)[:3] == (None, HIGH, TOP)


def test_a_body_whose_kind_is_unknown_is_not_turned_away(db):
    assert rule_for(call_for((Kind.OPERATOR, None, None)), "")[:3] == (None, HIGH, TOP)


def test_unknown_amounts_stay_unknown(db):
    call = call_for((Kind.OPERATOR, None, None), threshold=None, ceiling=None)

    assert rule_for(call, Kind.OPERATOR)[:3] == (True, None, None)


@pytest.mark.parametrize(
    ("base", "expected"), [("", Call.Base.GRANT), (Call.Base.TOTAL_COST, Call.Base.TOTAL_COST)]
)
def test_amounts_bear_on_the_base_that_their_kind_names_else_on_the_calls(db, base, expected):
    call = call_for(threshold_base=Call.Base.GRANT)
    CarrierRule.objects.create(call=call, kind=Kind.DECONCENTRATED, base=base, threshold=LOW)

    assert rule_for(call, Kind.DECONCENTRATED).base == expected
