"""Two officers who change the same step of a call: the second is told, sees both versions, and chooses."""

from decimal import Decimal

import pytest

from calls import steps
from calls.actions import preparation as actions
from calls.models import CarrierRule
from tests.calls.editing import address, changed, read, rows, save
from tests.database import in_parallel
from tests.factories import CallFactory, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(criteria=(60, 40))


@pytest.fixture
def officer(call, client):
    officer = officer_of(call.fund)
    client.force_login(officer)
    return officer


def test_the_second_is_told_who_changed_it_and_sees_both_versions(client, call, officer):
    page = read(client, call, "argent")
    colleague = officer_of(call.fund)
    step = steps.named("argent")
    theirs = steps.content(call, step) | {"threshold": Decimal(500_000), "cofinancing_required": True}
    actions.save_step(call, step, theirs, by=colleague)

    response = client.post(address(call, "argent"), page | {"threshold": "200 000", "max_rate": "50"})

    conflict = response.context["conflict"]
    assert (conflict.changed[0], conflict.differences) == (
        colleague,
        [
            ("Seuil", "500\u202f000\u00a0€", "200\u202f000\u00a0€"),
            ("Taux maximal de la subvention", "(vide)", "50\u00a0%"),
            ("Un cofinancement est exigé", "oui", "non"),
        ],
    )
    assert response.context["form"]["threshold"].value() == "200 000"
    call.refresh_from_db()
    assert call.threshold == 500_000


def test_the_second_may_then_replace_the_first_knowingly(client, call, officer):
    page = read(client, call, "argent")
    save(client, call, "argent", threshold="500 000")
    refused = client.post(address(call, "argent"), page | {"threshold": "200 000"})

    client.post(
        address(call, "argent"),
        page | {"threshold": "200 000", "fingerprint": refused.context["fingerprint"]},
    )

    call.refresh_from_db()
    assert call.threshold == 200_000


def test_rows_are_compared_one_by_one(client, call, officer):
    page = read(client, call, "criteres")
    save(client, call, "criteres", **{"rows-0-weight": "50", "rows-1-weight": "50"})

    response = client.post(
        address(call, "criteres"),
        changed(
            page,
            rows({"label": "Critère 1", "weight": "90"}, {"label": "Autre", "weight": "10"}, scale_max="5"),
        ),
    )

    assert response.context["conflict"].differences == [
        ("Ligne 1, poids (%)", "50", "90"),
        ("Ligne 2, intitulé", "Critère 2", "Autre"),
        ("Ligne 2, poids (%)", "50", "10"),
    ]


def test_a_row_that_only_one_of_the_two_has_is_told_whole(client, call, officer):
    page = read(client, call, "porteurs")
    CarrierRule.objects.create(call=call, kind="operateur", threshold=Decimal(1))

    response = client.post(
        address(call, "porteurs"),
        changed(page, rows({"kind": "operateur", "threshold": "1"}, {"kind": "juridiction"})),
    )

    assert response.context["conflict"].differences == [
        ("Ligne 2", "(ligne absente)", "Nature du porteur : juridiction")
    ]


def test_different_steps_do_not_disturb_each_other(client, call, officer):
    page = read(client, call, "argent")
    save(client, call, "textes", next_steps="La suite.")

    client.post(address(call, "argent"), page | {"threshold": "1"})

    call.refresh_from_db()
    assert (call.threshold, call.next_steps) == (1, "La suite.")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_together_one_alone_is_kept():
    call = CallFactory()
    step = steps.named("argent")
    held = steps.content(call, step)

    def saving(threshold):
        fields = held | {"threshold": Decimal(threshold)}
        officer = officer_of(call.fund)
        return lambda: (
            actions.save_step(call, step, fields, by=officer, fingerprint=steps.fingerprint(held)).threshold
        )

    given = in_parallel(saving(1), saving(2))

    call.refresh_from_db()
    assert call.threshold in given
    assert [type(each) for each in given].count(actions.EditConflict) == 1
