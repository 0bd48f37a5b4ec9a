"""Each rule of a call answers for itself, at its boundaries, and says what it does not know."""

from decimal import Decimal

import pytest

from accounts.models import Organisation
from calls.models import Call, CarrierRule
from calls.self_check import FITS, MISFIT, UNSURE, Answers, Result, check
from tests.factories import CallFactory

Kind, Base = Organisation.Kind, Call.Base
YES, NO, UNKNOWN = True, False, None


def call_with(*, kinds=(), **fields):
    call = CallFactory(published=True, **fields)
    for kind in kinds:
        CarrierRule.objects.create(call=call, kind=kind)
    return call


def answers(kind=Kind.OPERATOR, **given):
    given |= {name: Decimal(given[name]) for name in ("grant", "total_cost") if name in given}
    return Answers(kind, kind_label=kind.label, **given)


def verdict(criterion, call, given):
    """What one rule says; « absent » when it has nothing to say."""
    return next((each.ok for each in check(call, given) if each.criterion == criterion), "absent")


@pytest.mark.parametrize(
    ("kinds", "imported", "expected"),
    [
        ([Kind.OPERATOR, Kind.MINISTRY], False, YES),
        ([Kind.MINISTRY], False, NO),
        ([Kind.MINISTRY], True, UNKNOWN),
        ([], False, UNKNOWN),
        ([], True, UNKNOWN),
    ],
)
def test_a_kind_of_carrier_is_accepted_refused_or_unknown(db, kinds, imported, expected):
    call = call_with(kinds=kinds, imported=imported)

    assert verdict("Porteur", call, answers()) == expected


THRESHOLD = [
    # base, grant, total cost, verdict for a threshold of 500 000 €
    (Base.GRANT, "500000", None, YES),
    (Base.GRANT, "499999.99", None, NO),
    (Base.GRANT, "499999.99", "900000", NO),
    (Base.GRANT, None, "499999.99", NO),
    (Base.GRANT, None, "900000", UNKNOWN),
    (Base.GRANT, None, None, UNKNOWN),
    (Base.TOTAL_COST, None, "500000", YES),
    (Base.TOTAL_COST, None, "499999.99", NO),
    (Base.TOTAL_COST, "100000", "500000", YES),
    (Base.TOTAL_COST, "500000", None, YES),
    (Base.TOTAL_COST, "100000", None, UNKNOWN),
    (Base.ELIGIBLE_COST, "500000", "900000", YES),
    (Base.ELIGIBLE_COST, "100000", "499999.99", NO),
    (Base.ELIGIBLE_COST, "100000", "500000", UNKNOWN),
    (Base.UNSPECIFIED, "500000", "900000", YES),
    (Base.UNSPECIFIED, "100000", "499999.99", NO),
    (Base.UNSPECIFIED, "100000", "500000", UNKNOWN),
]
CEILING = [
    # base, grant, total cost, verdict for a ceiling of 500 000 €
    (Base.GRANT, "500000", "900000", YES),
    (Base.GRANT, "500000.01", "900000", NO),
    (Base.GRANT, None, "500000", YES),
    (Base.GRANT, None, "500000.01", UNKNOWN),
    (Base.TOTAL_COST, "100000", "500000", YES),
    (Base.TOTAL_COST, "100000", "500000.01", NO),
    (Base.TOTAL_COST, "500000.01", None, NO),
    (Base.TOTAL_COST, "500000", None, UNKNOWN),
    (Base.ELIGIBLE_COST, "100000", "500000", YES),
    (Base.ELIGIBLE_COST, "500000.01", "900000", NO),
    (Base.ELIGIBLE_COST, "500000", "500000.01", UNKNOWN),
    (Base.UNSPECIFIED, "100000", "500000", YES),
    (Base.UNSPECIFIED, "500000.01", "900000", NO),
    (Base.UNSPECIFIED, "100000", "900000", UNKNOWN),
    (Base.UNSPECIFIED, None, None, UNKNOWN),
]


def amounts(grant, total_cost):
    return {name: value for name, value in (("grant", grant), ("total_cost", total_cost)) if value}


@pytest.mark.parametrize(("base", "grant", "total_cost", "expected"), THRESHOLD)
def test_an_amount_equal_to_the_threshold_is_enough(db, base, grant, total_cost, expected):
    call = call_with(threshold=Decimal(500_000), threshold_base=base)

    assert verdict("Seuil", call, answers(**amounts(grant, total_cost))) == expected


@pytest.mark.parametrize(("base", "grant", "total_cost", "expected"), CEILING)
def test_an_amount_equal_to_the_ceiling_is_accepted(db, base, grant, total_cost, expected):
    call = call_with(ceiling=Decimal(500_000), threshold_base=base)

    assert verdict("Plafond", call, answers(**amounts(grant, total_cost))) == expected


def test_amounts_that_the_call_does_not_give_are_unknown(db):
    given = answers(grant="1", total_cost="1")

    assert [verdict(name, call_with(), given) for name in ("Seuil", "Plafond")] == [UNKNOWN, UNKNOWN]


def test_a_kind_of_carrier_has_its_own_threshold(db):
    call = call_with(threshold=Decimal(500_000), threshold_base=Base.GRANT)
    CarrierRule.objects.create(call=call, kind=Kind.DECONCENTRATED, threshold=Decimal(200_000))

    told = [
        verdict("Seuil", call, answers(kind, grant="200000")) for kind in (Kind.DECONCENTRATED, Kind.OPERATOR)
    ]

    assert told == [YES, NO]


def test_the_amounts_of_a_kind_bear_on_the_base_that_it_names(db):
    call = call_with(threshold=Decimal(500_000), threshold_base=Base.GRANT)
    CarrierRule.objects.create(call=call, kind=Kind.DECONCENTRATED, base=Base.TOTAL_COST)

    told = [
        verdict("Seuil", call, answers(kind, grant="400000", total_cost="500000"))
        for kind in (Kind.DECONCENTRATED, Kind.OPERATOR)
    ]

    assert told == [YES, NO]


@pytest.mark.parametrize(
    ("required", "imported", "given", "expected"),
    [
        (True, False, True, YES),
        (True, False, False, NO),
        (True, False, None, UNKNOWN),
        (True, True, False, NO),
        (False, False, False, YES),
        (False, False, None, YES),
        (False, True, False, UNKNOWN),
    ],
)
def test_cofinancing_is_asked_for_where_the_call_requires_it(db, required, imported, given, expected):
    call = call_with(cofinancing_required=required, imported=imported)

    assert verdict("Cofinancement", call, answers(cofinancing=given)) == expected


@pytest.mark.parametrize(
    ("grant", "total_cost", "expected"),
    [
        ("500000", "1000000", YES),
        ("500000.01", "1000000", NO),
        (None, "1000000", UNKNOWN),
        ("500000", None, UNKNOWN),
        ("0", "0", UNKNOWN),
    ],
)
def test_a_grant_equal_to_the_maximum_rate_is_accepted(db, grant, total_cost, expected):
    call = call_with(max_rate=Decimal("0.5"))

    assert verdict("Taux", call, answers(**amounts(grant, total_cost))) == expected


@pytest.mark.parametrize(
    ("required", "imported", "expected"),
    [(True, False, UNKNOWN), (False, True, UNKNOWN), (False, False, "absent")],
)
def test_a_rate_that_the_call_does_not_give_is_unknown_where_one_may_exist(db, required, imported, expected):
    call = call_with(cofinancing_required=required, imported=imported)

    assert verdict("Taux", call, answers(grant="1", total_cost="1")) == expected


@pytest.mark.parametrize(
    ("accepted", "given", "expected"),
    [
        (True, True, YES),
        (False, True, NO),
        (None, True, UNKNOWN),
        (True, False, "absent"),
        (False, False, "absent"),
        (None, None, "absent"),
    ],
)
def test_grouped_applications_are_accepted_refused_or_unknown(db, accepted, given, expected):
    call = call_with(grouped_accepted=accepted)

    assert verdict("Dossier groupé", call, answers(grouped=given)) == expected


def test_a_small_project_is_told_of_grouped_applications(db):
    call = call_with(threshold=Decimal(500_000), threshold_base=Base.GRANT, grouped_accepted=True)

    [told] = [each.sentence for each in check(call, answers(grant="1")) if each.criterion == "Seuil"]

    assert told == (
        "Montant trop faible : le seuil est de 500\u202f000\u00a0€, sur la subvention demandée."
        " Cet appel accepte les dossiers groupés, où les montants de plusieurs projets s’ajoutent."
    )


RULES = {
    "threshold": Decimal(500_000),
    "ceiling": Decimal(5_000_000),
    "threshold_base": Base.GRANT,
    "kinds": [Kind.OPERATOR],
    "cofinancing_required": True,
    "max_rate": Decimal("0.5"),
}
PROJECT = {"grant": "500000", "total_cost": "1000000", "cofinancing": True}


@pytest.mark.parametrize(
    ("rules", "project", "expected"),
    [
        ({}, {}, FITS),
        ({"ceiling": None}, {}, UNSURE),
        ({}, {"cofinancing": None}, UNSURE),
        ({}, {"grant": "499999"}, MISFIT),
        ({"ceiling": None}, {"grant": "499999"}, MISFIT),
    ],
)
def test_one_refusal_decides_then_one_unknown(db, rules, project, expected):
    call = call_with(**RULES | rules)

    assert Result(call, check(call, answers(**PROJECT | project))).conclusion == expected
