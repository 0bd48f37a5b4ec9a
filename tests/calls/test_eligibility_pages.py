"""The questionnaire: answered by the address alone, shareable, and kept nowhere."""

from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from calls.forms.eligibility import EligibilityForm
from calls.models import Call, CarrierRule
from tests.clock import from_now
from tests.factories import CallFactory, FundFactory

ALL = "/eligibilite/"
ANSWERS = {"porteur": "operateur", "subvention": "600 000", "cout": "1 000 000", "cofinancement": "oui"}


def call_for(kind="operateur", **fields):
    fields = {
        "threshold": Decimal(500_000),
        "ceiling": Decimal(5_000_000),
        "threshold_base": Call.Base.GRANT,
    } | fields
    call = CallFactory(published=True, **fields)
    CarrierRule.objects.create(call=call, kind=kind)
    return call


def told(response):
    return {title: [each.call for each in found] for title, found in response.context["groups"]}


def test_the_calls_that_fit_and_those_that_do_not_are_told_apart(db, client):
    fitting, unsure, unfit = call_for(), call_for(ceiling=None), call_for("ministere")

    response = client.get(ALL, ANSWERS)

    assert told(response) == {
        "Ils vous correspondent": [fitting],
        "À vérifier": [unsure],
        "Ils ne vous correspondent pas": [unfit],
    }


def test_calls_to_come_are_compared_and_closed_ones_are_not(db, client):
    upcoming = call_for(opens_at=from_now(days=1))
    call_for().rounds.update(closes_at=from_now(days=-1))
    call_for(imported=True)

    assert told(client.get(ALL, ANSWERS)) == {"Ils vous correspondent": [upcoming]}


def test_a_draft_call_and_a_rehearsals_are_compared_nowhere(db, client):
    CarrierRule.objects.create(call=CallFactory(), kind="operateur")
    call_for(fund=FundFactory(rehearsal=True))

    assert told(client.get(ALL, ANSWERS)) == {}


def test_a_call_answers_first_and_the_others_follow(db, client):
    call, other = call_for(), call_for("ministere")

    response = client.get(reverse("calls:eligibility", args=[call.slug]), ANSWERS)

    assert (response.context["result"].call, response.context["result"].conclusion) == (call, "fits")
    assert told(response) == {"Ils ne vous correspondent pas": [other]}


@pytest.mark.parametrize("of_one", [True, False])
def test_without_any_answer_the_questions_are_blank_and_say_nothing_wrong(db, client, of_one):
    address = reverse("calls:eligibility", args=[call_for().slug]) if of_one else ALL

    response = client.get(address, {"utm": "x"})

    assert (response.status_code, response.context["form"].is_bound) == (200, False)


@pytest.mark.parametrize(
    "answers",
    [
        {"porteur": "operateur\x00"},
        {"porteur": "operateur", "subvention": "9" * 400},
        {"porteur": "operateur", "subvention": "\x00"},
        {"porteur": "operateur", "subvention": "٣٠٠"},
        {"porteur": "operateur", "cout": "1e9"},
        {"porteur": "operateur", "groupe": "peut-être"},
        {"subvention": "1"},
    ],
)
def test_an_answer_that_cannot_be_read_is_told_beside_its_question(db, client, answers):
    response = client.get(ALL, answers)

    assert (response.status_code, len(response.context["form"].errors)) == (200, 1)


def test_bad_utf8_is_no_reason_to_fail(db, client):
    assert client.get(f"{ALL}?porteur=%ff&subvention=%c3%28").status_code == 200


@pytest.mark.parametrize(
    ("grant", "total", "cofinancing", "wrong"),
    [
        ("2", "1", "", ["cout"]),
        ("1", "1", "oui", ["cofinancement"]),
        ("1", "2", "non", ["cofinancement"]),
        ("1", "1", "non", []),
        ("1", "2", "oui", []),
        ("1", "", "non", []),
    ],
)
def test_answers_that_contradict_each_other_are_told(grant, total, cofinancing, wrong):
    form = EligibilityForm(
        {"porteur": "operateur", "subvention": grant, "cout": total, "cofinancement": cofinancing}
    )

    assert list(form.errors) == wrong


def test_nothing_is_kept_of_the_answers(db, client):
    call_for()

    response = client.get(ALL, ANSWERS)

    assert (dict(response.cookies), Session.objects.count()) == ({}, 0)


def test_only_the_next_hundred_calls_to_close_are_compared(db, client, monkeypatch):
    monkeypatch.setattr("calls.views.eligibility.AT_MOST", 1)
    later, sooner = call_for(closes_in=from_now(days=9) - from_now(days=0)), call_for()

    response = client.get(ALL, ANSWERS)

    assert (told(response), response.context["more"]) == ({"Ils vous correspondent": [sooner]}, True)
    assert later.pk
