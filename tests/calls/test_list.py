"""The public list of calls, as a page."""

from decimal import Decimal

import pytest
from django.urls import reverse

from calls.eligibility import amounts_text, carriers_text
from calls.models import CarrierRule
from tests.clock import from_now, python_clock_off_by
from tests.factories import CallFactory

pytestmark = pytest.mark.django_db


def shown(client, query=""):
    return client.get(reverse("calls:list") + query)


def test_a_call_says_how_long_it_stays_open_by_the_clock_of_the_database(client):
    CallFactory(
        published=True, opens_at=from_now(days=-2), closes_in=from_now(hours=5, minutes=30) - from_now()
    )

    with python_clock_off_by(days=3):
        [call] = shown(client).context["page"]

    assert call.countdown == ("open", "Ferme dans 5\u00a0heures")


def test_an_upcoming_call_is_a_forecast(client):
    CallFactory(published=True, opens_at=from_now(days=3, hours=1), closes_in=from_now(days=9) - from_now())

    page = shown(client).content.decode()

    assert "Ouvre dans 3\u00a0jours" in page
    assert page.count("Prévision : ces dates peuvent changer.") == 1


def test_a_page_without_an_open_call_says_so(client):
    CallFactory(published=True, imported=True)

    assert "Aucun appel n’est ouvert en ce moment." in shown(client).content.decode()


@pytest.mark.parametrize(
    ("query", "title"),
    [("", "Aucun appel n’est encore publié"), ("?q=rien", "Aucun appel ne correspond à ces filtres")],
)
def test_an_empty_list_says_what_to_do(client, query, title):
    page = shown(client, query)

    assert (page.status_code, title in page.content.decode()) == (200, True)


@pytest.mark.parametrize(
    "query", ["?annee=xx", "?montant=%00", "?fonds=%ff", "?q=%00%27%22%3Cscript%3E", "?tri=" + "9" * 4000]
)
def test_a_value_that_means_nothing_is_told_on_the_page(client, query):
    CallFactory(published=True)

    page = shown(client, query)

    assert (page.status_code, len(page.context["page"])) == (200, 1)
    assert "Filtre ignoré" in page.content.decode()


@pytest.mark.parametrize("page", ["2", "0", "x", "99999999999999999999"])
def test_a_page_past_the_end_does_not_exist(client, page):
    CallFactory(published=True)

    assert shown(client, f"?page={page}").status_code == 404


def test_filters_follow_from_page_to_page(client, monkeypatch):
    monkeypatch.setattr("calls.paging.page_of.__kwdefaults__", {"per_page": 1})
    for _ in range(2):
        CallFactory(published=True, title="Transformer")

    page = shown(client, "?q=transformer&tri=titre").content.decode()

    assert 'href="?q=transformer&amp;tri=titre&amp;page=2"' in page


# Who, and how much, in a line


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "non communiqué"),
        ({"threshold": 500_000}, "à partir de 500\u00a0k€"),
        (
            {"ceiling": 100_000, "threshold_base": "total_cost"},
            "jusqu’à 100\u00a0k€, sur le coût total du projet",
        ),
        (
            {"threshold": 1_000_000, "ceiling": 50_000_000, "threshold_base": "grant"},
            "de 1\u00a0M€ à 50\u00a0M€, sur la subvention demandée",
        ),
    ],
)
def test_amounts_are_told_in_a_line(fields, text):
    assert amounts_text(CallFactory(**fields)) == text


def test_a_kind_with_amounts_of_its_own_is_told_apart():
    call = CallFactory(threshold=Decimal(1_000_000))
    CarrierRule.objects.create(call=call, kind="operateur")
    CarrierRule.objects.create(call=call, kind="service-deconcentre", threshold=Decimal(200_000))

    assert amounts_text(call) == "à partir de 1\u00a0M€ ; service déconcentré : à partir de 200\u00a0k€"
    assert carriers_text(call) == "opérateur, service déconcentré"


def test_a_kind_with_a_base_of_its_own_says_which():
    call = CallFactory(threshold=Decimal(1_000_000), threshold_base="grant")
    CarrierRule.objects.create(
        call=call, kind="service-deconcentre", base="total_cost", threshold=Decimal(200_000)
    )

    assert amounts_text(call) == (
        "à partir de 1\u00a0M€, sur la subvention demandée ;"
        " service déconcentré : à partir de 200\u00a0k€, sur le coût total du projet"
    )


def test_unknown_carriers_are_said_to_be():
    assert carriers_text(CallFactory()) == "non communiqués"
