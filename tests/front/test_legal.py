"""The pages every State site must have, and the plan that leads to all the others."""

import re

import pytest
from django.urls import reverse

from tests.test_access import ADDRESSES, OK

# Where one does not go by oneself: after a form, or in the demonstration.
NOT_PLANNED = {"front:survey_thanks", "calls:subscription_requested", "demo:emails"}


@pytest.fixture
def notice(settings):
    settings.PORTAL_NOTICE = {
        "publisher": "Direction interministérielle de l’essai",
        "publisher_address": "1 rue de l’Essai, Paris",
        "director": "La cheffe du service",
        "host": "Hébergeur d’essai",
        "host_address": "2 rue des Serveurs, Lille",
        "contact_email": "contact@essai.example",
        "dpo_email": "dpd@essai.example",
    }
    return settings.PORTAL_NOTICE


def page(client, name):
    return client.get(reverse(f"front:{name}")).content.decode()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "legal",
            ["publisher", "publisher_address", "director", "host", "host_address", "contact_email"],
        ),
        ("privacy", ["publisher", "dpo_email"]),
        ("accessibility", ["publisher", "contact_email"]),
    ],
)
def test_the_legal_pages_say_whose_portal_it_is(client, notice, name, told):
    html = page(client, name)

    assert [key for key in told if notice[key] not in html] == []


def test_what_the_deployment_does_not_say_is_not_invented(client, notice, settings):
    settings.PORTAL_NOTICE = dict.fromkeys(notice, "")

    html = page(client, "legal")

    assert (html.count("non communiqué<"), html.count("non communiquée<")) == (2, 3)


def test_every_page_says_that_the_portal_is_not_known_to_be_accessible(client, db):
    assert f'href="{reverse("front:accessibility")}">Accessibilité : non conforme</a>' in page(client, "home")


def test_the_declaration_claims_no_rate_without_an_audit(client):
    html = page(client, "accessibility")

    assert "aucun audit de conformité n’a été réalisé" in html
    assert "Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07" in html
    assert re.findall(r"\d+\s%", html) == ["200 %"]  # the zoom


def test_the_plan_leads_to_every_public_page(client, db):
    plan = page(client, "site_plan")

    forgotten = [
        name
        for name, (arguments, on_get, _) in ADDRESSES.items()
        if not arguments
        and on_get["anonymous"] == OK
        and name not in NOT_PLANNED
        and client.get(reverse(name)).headers["Content-Type"].startswith("text/html")
        and f'<li><a href="{reverse(name)}">' not in plan
    ]

    assert forgotten == []


def test_the_audit_is_among_the_readers_of_askers_and_registrations(client):
    html = page(client, "privacy")

    assert html.count("le secrétariat et l’audit du fonds") == 2


@pytest.mark.parametrize("name", ["accessibility", "legal", "privacy", "cookies", "site_plan", "survey"])
def test_the_frame_asks_nothing_of_the_database(client, name, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        page(client, name)
