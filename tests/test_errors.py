"""What the portal answers when it fails, is closed, or is asked for what does not exist."""

import os
import subprocess
import sys

import pytest
from django.test import Client

ASK = """
import django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "une-session-quelconque"
for address in {addresses}:
    response = client.get(address)
    print(address, response.status_code, response.headers.get("Retry-After"), "Erreur 503" in response.content.decode())
"""
AWAY = "postgresql://personne@127.0.0.1:1/rien"


def test_without_its_database_the_portal_says_when_to_come_back_and_logs_it():
    addresses = ["/appels/", "/laureats/", "/espace/", "/sante/pret", "/page-inconnue/"]

    done = ask(addresses, DATABASE_URL=AWAY)

    assert done.stdout.splitlines() == [f"{address} 503 60 True" for address in addresses]
    assert "ERROR django.request" in done.stderr
    assert "OperationalError" in done.stderr


def ask(addresses, **environment):
    """What a portal of its own, in another process, answers to each."""
    return subprocess.run(
        [sys.executable, "-c", ASK.format(addresses=addresses)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "fondsportal.settings.test", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("address", "status"), [("/", 503), ("/appels/", 503), ("/espace/", 503), ("/sante/vivant", 200)]
)
def test_during_maintenance_only_the_supervision_is_answered(settings, address, status):
    settings.PORTAL_MAINTENANCE = True

    response = Client().get(address)

    assert (response.status_code, response.headers.get("Retry-After")) == (
        status,
        "60" if status == 503 else None,
    )


def test_an_address_that_only_a_button_asks_for_says_so(client, db):
    response = client.post("/mentions-legales/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "Rien n’a été fait ni perdu" in response.content.decode()
    assert "Content-Length" not in response.headers  # that of the empty page would cut it


def test_what_nobody_foresaw_is_a_page_too(settings):
    settings.ROOT_URLCONF = "tests.broken_urls"

    response = Client(raise_request_exception=False).get("/")

    assert response.status_code == 500
    assert "Une erreur inattendue est survenue" in response.content.decode()
