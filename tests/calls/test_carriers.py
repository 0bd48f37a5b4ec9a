"""Who may apply: set while the call is prepared, told on its page."""

from decimal import Decimal

import pytest

from accounts.models import Organisation
from calls import readiness, summary
from calls.actions import preparation as actions
from calls.forms.carriers import CarriersFormSet
from calls.models import CarrierRule
from journal.refusals import Refused
from tests.calls.editing import save
from tests.factories import CallFactory, officer_of, specifications

Kind = Organisation.Kind
LOW, HIGH = Decimal(200_000), Decimal(1_000_000)


def typed(*rows):
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0}
    for number, (kind, threshold, ceiling) in enumerate(rows):
        data |= {
            f"rows-{number}-kind": kind,
            f"rows-{number}-threshold": threshold,
            f"rows-{number}-ceiling": ceiling,
        }
    return data


def test_the_carriers_of_a_draft_are_replaced(db):
    call = CallFactory()
    CarrierRule.objects.create(call=call, kind=Kind.COURT)

    actions.set_carrier_rules(call, [{"kind": Kind.OPERATOR, "threshold": LOW}], by=officer_of(call.fund))

    assert list(call.carrier_rules.values_list("kind", "threshold", "ceiling")) == [("operateur", LOW, None)]


def test_the_carriers_of_a_published_call_do_not_change(db):
    call = CallFactory(published=True)

    with pytest.raises(Refused) as refusal:
        actions.set_carrier_rules(call, [], by=officer_of(call.fund))

    assert refusal.value.reason == actions.FROZEN


def test_who_sets_the_carriers_does_not_publish_the_call(db):
    call = CallFactory()
    officer = officer_of(call.fund)

    actions.set_carrier_rules(call, [], by=officer)

    call.refresh_from_db()
    assert call.prepared_by == officer


def test_a_kind_typed_twice_is_refused(db):
    formset = CarriersFormSet(typed(("operateur", "", ""), ("operateur", "1", "")), prefix="rows")

    assert formset.non_form_errors() == [
        "Une nature d’organisme est écrite deux fois : gardez une seule ligne pour elle."
    ]


@pytest.mark.parametrize(
    ("ceiling", "errors"),
    [("500", {}), ("499,99", {"ceiling": ["Le plafond doit être au moins égal au seuil."]})],
)
def test_a_ceiling_is_at_least_the_threshold(db, ceiling, errors):
    formset = CarriersFormSet(typed(("operateur", "500", ceiling)), prefix="rows")

    assert formset.errors == [errors]


def test_a_threshold_over_the_calls_ceiling_is_refused_on_its_row(client, db):
    call = CallFactory(threshold=LOW, ceiling=HIGH)
    client.force_login(officer_of(call.fund))

    page = save(client, call, "porteurs", **typed(("operateur", "1 000 001", ""), ("juridiction", "", "1")))

    assert page.context["formset"].errors == [
        {"threshold": ["Ce seuil dépasse le plafond de l’appel, 1\u202f000\u202f000\u00a0€."]},
        {"ceiling": ["Ce plafond est inférieur au seuil de l’appel, 200\u202f000\u00a0€."]},
    ]


def test_an_amount_at_odds_with_the_calls_own_prevents_publication(db):
    call = CallFactory(threshold=LOW, ceiling=HIGH, threshold_base="grant")
    specifications(call)
    CarrierRule.objects.create(call=call, kind=Kind.OPERATOR, threshold=HIGH + 1)

    assert readiness.missing(call) == [
        "Le seuil dépasse le plafond pour cette nature de porteur : opérateur."
    ]


def test_each_kind_of_carrier_is_told_with_its_amounts(db):
    call = CallFactory(threshold=HIGH)
    CarrierRule.objects.create(call=call, kind=Kind.OPERATOR)
    CarrierRule.objects.create(call=call, kind=Kind.DECONCENTRATED, threshold=LOW)

    assert summary.carriers(call) == [
        ("Opérateur", "1\u202f000\u202f000\u00a0€", "non communiqué"),
        ("Service déconcentré", "200\u202f000\u00a0€", "non communiqué"),
    ]


def test_a_base_that_is_not_the_calls_is_told_with_the_amounts(db):
    call = CallFactory(threshold=HIGH, threshold_base="grant")
    CarrierRule.objects.create(call=call, kind=Kind.OPERATOR, base="total_cost")

    assert summary.carriers(call) == [
        ("Opérateur", "1\u202f000\u202f000\u00a0€, sur le coût total du projet", "non communiqué")
    ]


def test_carriers_that_are_unknown_are_said_to_be(db):
    assert summary.carriers(CallFactory()) == [
        ("Nature des porteurs non communiquée", "non communiqué", "non communiqué")
    ]
