"""Before its minute nothing of an announcement is in the data, the API, the feeds or the sitemap; then all of it is."""

import io
import re
import zipfile

import pytest

from fondsportal.front.open_data.datasets import DATASETS
from journal import actions as journal
from selection.models import Announcement, Laureate
from tests import factories
from tests.clock import from_now, python_clock_off_by

MARKER = "marqueur-sous-embargo"
FILES = [f"/donnees/{each.slug}.{extension}" for each in DATASETS.values() for extension in each.extensions]
PAGES = [
    f"/donnees/{each}/{page}" for each in DATASETS for page in ("", "validation/", "lignes-a-completer.csv")
]
SHOWING = {
    "/donnees/laureats.csv",
    "/donnees/laureats.json",
    "/donnees/laureats.xlsx",
    "/donnees/subventions/validation/",
    "/donnees/subventions/lignes-a-completer.csv",
    "/api/v1/laureats",
    f"/api/v1/laureats/{MARKER}",
    f"/api/v1/laureats?q={MARKER}",
    "/api/v1/annonces",
    f"/api/v1/annonces/{MARKER}",
    "/flux/annonces.atom",
    "/sitemap-laureats.xml",
    "/sitemap-annonces.xml",
}
ALL = SHOWING | {
    *FILES,
    *PAGES,
    *(f"{file}.sha256" for file in FILES),
    *(f"/api/v1/{each}" for each in ("", "fonds", "appels", "docs", "openapi.json")),
    *(
        "/donnees/",
        "/flux/appels.atom",
        "/calendrier.ics",
        "/sitemap.xml",
        "/sitemap-appels.xml",
        "/robots.txt",
    ),
}


@pytest.fixture
def announcement(db):
    """An announcement that carries the marker wherever it can."""
    made = factories.announcement_of(factories.CallFactory(published=True), name=MARKER)
    Announcement.objects.update(title=MARKER, slug=MARKER, introduction=MARKER)
    Laureate.objects.update(carrier=MARKER, ministry=MARKER, summary=MARKER, slug=MARKER)
    made.refresh_from_db()
    return made


def content(response):
    """What an answer says, a workbook unpacked; and in its headers."""
    body = b"".join(response) if response.streaming else response.content
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(archive.read(name) for name in archive.namelist())
    return body.decode() + str(response.headers)


def showing(client, *, publish_in):
    shown = set()
    for address in sorted(ALL):
        Announcement.objects.update(publish_at=from_now(seconds=publish_in))
        said = content(client.get(address))
        if said.replace(f"?q={MARKER}", "").count(MARKER):
            shown.add(address)
    return shown


def test_before_its_minute_nothing_is_told(client, announcement):
    assert showing(client, publish_in=4) == set()


def test_from_its_minute_on_everything_is_told(client, announcement):
    assert showing(client, publish_in=-1) == SHOWING


@pytest.mark.parametrize("days", [-1, 1])
def test_a_web_server_a_day_off_tells_nothing_earlier_nor_later(client, announcement, days):
    with python_clock_off_by(days=days):
        assert (showing(client, publish_in=4), showing(client, publish_in=-1)) == (set(), SHOWING)


@pytest.mark.parametrize("state", [state for state in Announcement.State.values if state != "scheduled"])
def test_what_is_not_scheduled_is_not_told(client, announcement, state):
    Announcement.objects.update(state=state)

    assert showing(client, publish_in=-1) == set()


def test_the_secretariat_reads_the_same_data_as_everyone(client, announcement):
    client.force_login(factories.head_of(announcement.call.fund))

    assert showing(client, publish_in=4) == set()


def traces(client):
    """Everything of an answer that an edit could move: status, hash, dates, length, text."""
    found = {}
    for address in sorted(ALL):
        response = client.get(address)
        said = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content(response))
        found[address] = (response.status_code, response.get("ETag"), response.get("Last-Modified"), said)
    return found


def test_an_edit_under_embargo_moves_no_hash_no_date_no_count(client, announcement):
    Announcement.objects.update(publish_at=from_now(hours=1))
    before = traces(client)

    Laureate.objects.update(name="Autre nom", amount=1)
    Laureate.objects.create(
        fund=announcement.call.fund,
        call=announcement.call,
        announcement=announcement,
        slug="autre",
        name="Autre",
    )
    Announcement.objects.update(title="Autre titre", publish_at=from_now(hours=2))
    journal.record("laureate.described", announcement)

    assert traces(client) == before


def test_an_announcement_that_comes_out_changes_the_hashes(client, announcement):
    Announcement.objects.update(publish_at=from_now(hours=1))
    before = traces(client)

    Announcement.objects.update(publish_at=from_now(seconds=-1))

    assert {address for address, trace in traces(client).items() if trace != before[address]} >= SHOWING


@pytest.mark.parametrize(
    "address", ["/donnees/laureats.csv", "/api/v1/laureats", "/flux/annonces.atom", "/sitemap.xml"]
)
def test_a_copy_is_asked_for_again_each_time(client, announcement, address):
    assert client.get(address)["Cache-Control"] == "no-cache"
