"""The pages by which a call becomes public: what each person reads there, and what they may do."""

from datetime import timedelta

import pytest
from django.urls import reverse

from calls.actions import publication
from calls.lifecycle import State
from calls.models import Call
from tests.calls.test_publication import scheduled_call, submitted_call
from tests.clock import from_now
from tests.factories import CallFactory, FundFactory, head_of, officer_of


def panel(client, call, person):
    client.force_login(person)
    return client.get(reverse("calls:preparation", args=[call.slug])).content.decode()


def test_each_person_reads_what_they_may_do_and_who_does_the_rest(client, db):
    call = submitted_call()
    head, officer = head_of(call.fund), officer_of(call.fund)

    for_head, for_officer = panel(client, call, head), panel(client, call, officer)

    publish, take_back = (reverse(f"calls:{name}", args=[call.slug]) for name in ("publish", "take_back"))
    assert (publish in for_head, publish in for_officer, take_back in for_officer) == (True, False, True)
    assert f"Une autre personne, responsable du secrétariat, doit le publier : {head}." in for_officer


def test_a_fund_with_one_head_who_submitted_is_told_that_nobody_can_publish(client, db):
    fund = FundFactory()
    head = head_of(fund)

    page = panel(client, submitted_call(fund=fund, submitted_by=head), head)

    assert "Aucune autre personne n’est responsable du secrétariat de ce fonds" in page


def test_the_head_publishes_at_the_minute_typed_in_paris(client, db):
    call = submitted_call()
    client.force_login(head_of(call.fund))
    at = from_now(days=1)

    client.post(
        reverse("calls:publish", args=[call.slug]),
        {"when": "plus-tard", "day": f"{at:%Y-%m-%d}", "hour": "00:30"},
    )

    call.refresh_from_db()
    assert f"{call.published_at.astimezone():%Y-%m-%d %H:%M}" == f"{at:%Y-%m-%d} 00:30"
    assert "publication prévue le" in client.get(reverse("calls:preparation_list")).content.decode()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"when": "plus-tard"}, "Choisissez le jour de publication, ou publiez tout de suite."),
        ({"when": "plus-tard", "day": "2018-03-01"}, "Cette minute est passée : choisissez-en une à venir."),
        ({"when": "plus-tard", "day": "9999-12-31"}, "Écrivez une date comprise entre 2000 et 2100."),
        ({"when": ""}, "Ce champ est obligatoire."),
        (
            {"when": "maintenant", "day": "2099-03-01"},
            "Vous avez écrit une date : choisissez « À une date et une heure », ou effacez-la.",
        ),
    ],
)
def test_what_is_wrong_with_the_minute_is_said_on_the_page(client, db, typed, error):
    call = submitted_call()
    client.force_login(head_of(call.fund))

    response = client.post(reverse("calls:publish", args=[call.slug]), typed)

    assert [error] in response.context["form"].errors.values()
    assert Call.objects.get().state == State.SUBMITTED


def test_the_remarks_of_a_return_are_on_the_page_of_the_preparation(client, db):
    call = submitted_call()
    client.force_login(head_of(call.fund))
    client.post(reverse("calls:return", args=[call.slug]), {"remarks": "Le seuil manque."})

    page = panel(client, call, officer_of(call.fund))

    assert "Le seuil manque." in page


def test_a_scheduled_publication_is_called_back_from_its_page(client, db):
    call = scheduled_call()
    client.force_login(head_of(call.fund))

    client.post(reverse("calls:take_back", args=[call.slug]))

    assert Call.objects.get().state == State.DRAFT


def test_a_call_may_be_public_before_it_opens(db):
    opening = from_now(days=1)
    call = submitted_call(opens_at=opening, closes_in=timedelta(days=9))

    publication.publish_call(call, by=head_of(call.fund), at=from_now(hours=1))
    Call.objects.update(published_at=from_now(seconds=-1))

    assert [each.pk for each in Call.objects.public().upcoming()] == [call.pk]


@pytest.mark.parametrize("page", ["form_builder", "form_correction"])
def test_the_form_of_a_scheduled_call_says_when_it_will_be_public(client, db, page):
    call = CallFactory(scheduled=True)
    client.force_login(officer_of(call.fund))

    response = client.get(reverse(f"calls:{page}", args=[call.slug]))

    assert response.status_code == 409
    assert "La publication de cet appel est prévue le" in response.content.decode()


def test_the_start_page_of_a_head_names_what_awaits_their_publication_and_no_other(client, db):
    call = submitted_call()
    head, submitter = head_of(call.fund), head_of(call.fund)
    Call.objects.update(submitted_by=submitter)

    told = []
    for person in (head, submitter, officer_of(call.fund)):
        client.force_login(person)
        told.append([each.pk for each in client.get(reverse("front:desk")).context["to_publish"]])

    assert told == [[call.pk], [], []]


def test_the_calls_that_await_a_head_come_first(client, db):
    fund = FundFactory()
    calls = [CallFactory(fund=fund, **trait) for trait in ({}, {"published": True}, {"submitted": True})]
    client.force_login(head_of(fund))

    listed = client.get(reverse("calls:preparation_list")).context["calls"]

    assert [each.pk for each in listed] == [calls[2].pk, calls[0].pk, calls[1].pk]
