"""Feeds, calendar, sitemap, robots: steady identifiers and dates, and nothing but what is public."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from icalendar import Calendar

from calls.actions.preparation import postpone_deadline
from fondsportal.front import sitemaps
from selection.models import Announcement
from tests import factories
from tests.clock import from_now
from tests.front.test_open_data import a_laureate

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEW_YEAR = datetime(2098, 12, 31, 23, tzinfo=UTC)  # midnight in Paris


def xml(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314


def entries(client, address):
    return [
        {each.tag.removeprefix(ATOM): each.text for each in entry}
        for entry in xml(client, address).iter(f"{ATOM}entry")
    ]


def events(client):
    return Calendar.from_ical(client.get("/calendrier.ics").content).walk("VEVENT")


def locations(client, address):
    return [each.text for each in xml(client, address).iter(f"{SITEMAP}loc")]


def test_a_call_is_news_from_its_publication_and_again_when_its_deadline_moves(client, settings):
    settings.PORTAL_URL = "https://fonds.example"
    call = factories.CallFactory(published=True, published_at=datetime(2018, 2, 1, tzinfo=UTC))
    [before] = entries(client, "/flux/appels.atom")

    postpone_deadline(call.rounds.get(), closes_at=from_now(days=9), by=factories.head_of(call.fund))
    [after] = entries(client, "/flux/appels.atom")

    assert before["id"] == after["id"] == f"https://fonds.example/appels/{call.slug}/"
    assert before["updated"] == before["published"] == after["published"] == "2018-02-01T00:00:00+00:00"
    assert after["updated"] > "2026"


def test_past_calls_taken_from_sources_are_no_news(client):
    factories.CallFactory(published=True, imported=True)

    assert entries(client, "/flux/appels.atom") == []


def test_a_feed_says_what_is_invented(client):
    factories.CallFactory(published=True, fictitious=True, title="Appel inventé")

    assert [each["title"] for each in entries(client, "/flux/appels.atom")] == ["Appel inventé (fictif)"]


def test_a_feed_holds_any_text_that_a_form_lets_in(client):
    announcement = factories.announcement_of(factories.CallFactory(published=True))
    Announcement.objects.update(
        title="Titre\x0b & <b>", introduction="<script>alert(1)</script>\x00".replace("\x00", "")
    )

    [entry] = entries(client, "/flux/annonces.atom")

    assert (entry["title"], entry["id"].endswith(f"/annonces/{announcement.slug}/")) == ("Titre  & <b>", True)
    assert "<script" not in entry["summary"]


@pytest.mark.parametrize(
    "address", ["/flux/appels.atom", "/flux/annonces.atom", "/calendrier.ics", "/sitemap.xml"]
)
def test_what_has_not_changed_is_not_sent_again(client, address):
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)


def test_a_deadline_at_midnight_is_the_day_that_ends_then(client):
    call = factories.CallFactory(published=True)
    call.rounds.update(closes_at=NEW_YEAR)

    [event] = events(client)

    assert (str(event["DTSTART"].dt), str(event["DTEND"].dt)) == ("2098-12-31", "2099-01-01")


def test_any_other_deadline_is_an_instant_of_paris(client):
    call = factories.CallFactory(published=True)
    call.rounds.update(closes_at=datetime(2099, 6, 30, 10, tzinfo=UTC))

    [event] = events(client)

    assert event["DTSTART"].dt.isoformat() == "2099-06-30T12:00:00+02:00"
    assert "DTEND" not in event  # it would have to come after the start (RFC 5545, 3.6.1)
    assert b"BEGIN:VTIMEZONE" in client.get("/calendrier.ics").content


def test_a_postponed_deadline_keeps_its_identity(client):
    call = factories.CallFactory(published=True, published_at=datetime(2018, 2, 1, tzinfo=UTC))
    [before] = events(client)

    postpone_deadline(call.rounds.get(), closes_at=from_now(days=9), by=factories.head_of(call.fund))
    [after] = events(client)

    assert before["UID"] == after["UID"] == f"date-limite-{call.slug}-1@127.0.0.1"
    assert before["DTSTAMP"].dt < after["DTSTAMP"].dt


def test_the_calendar_holds_only_deadlines_to_come_of_public_calls(client):
    open_call = factories.CallFactory(published=True, slug="a")
    upcoming = factories.CallFactory(published=True, slug="b", opens_at=from_now(days=1))
    factories.CallFactory(published=True).rounds.update(closes_at=from_now(days=-1))
    factories.CallFactory(published=True, fund=factories.FundFactory(rehearsal=True))
    factories.CallFactory()

    assert [str(event["SUMMARY"]) for event in events(client)] == [
        f"Date limite : {each.title}" for each in (open_call, upcoming)
    ]


def test_the_sitemap_leads_to_every_public_page(client, settings):
    settings.PORTAL_URL = "https://fonds.example"
    announcement = factories.announcement_of(factories.CallFactory(published=True))
    factories.CallFactory()

    sections = locations(client, "/sitemap.xml")
    pages = [
        page for each in sections for page in locations(client, each.removeprefix("https://fonds.example"))
    ]

    public = [announcement.call.fund, announcement.call, announcement, announcement.laureates.get()]
    assert {f"https://fonds.example{each.get_absolute_url()}" for each in public} <= set(pages)
    assert {client.get(page.removeprefix("https://fonds.example")).status_code for page in pages} == {200}
    assert (
        len([page for page in pages if page.startswith("https://fonds.example/appels/")]) == 2
    )  # the list and one


@pytest.mark.parametrize("name", ["calls:eligibility_of_all", "calls:subscribe", "front:survey"])
def test_the_sitemap_leads_to_what_anyone_may_fill_in(client, name):
    assert f"http://127.0.0.1:8000{reverse(name)}" in locations(client, "/sitemap-pages.xml")


def test_a_long_section_of_the_sitemap_is_cut_in_pages(client, monkeypatch):
    monkeypatch.setattr(sitemaps.PortalSitemap, "limit", 2)
    fund = factories.FundFactory()
    for number in range(3):
        a_laureate(fund=fund, slug=f"projet-{number}")

    found = [each for each in locations(client, "/sitemap.xml") if "laureats" in each]

    assert found == [
        "http://127.0.0.1:8000/sitemap-laureats.xml",
        "http://127.0.0.1:8000/sitemap-laureats.xml?p=2",
    ]
    assert locations(client, "/sitemap-laureats.xml?p=2") == ["http://127.0.0.1:8000/laureats/projet-2/"]


@pytest.mark.parametrize(
    "address", ["/sitemap-autre.xml", "/sitemap-pages.xml?p=9", "/sitemap-pages.xml?p=x"]
)
def test_a_section_that_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_robots_are_shown_the_sitemap_and_forbidden_nothing_by_name(client):
    assert client.get("/robots.txt").content.decode() == (
        "User-agent: *\nAllow: /\n\nSitemap: http://127.0.0.1:8000/sitemap.xml\n"
    )


QUERIES = {"/flux/appels.atom": 1, "/flux/annonces.atom": 2, "/calendrier.ics": 2, "/sitemap.xml": 16}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", QUERIES)
def test_each_takes_the_same_queries_whatever_its_rows(client, address, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True))

    with django_assert_num_queries(QUERIES[address]):
        response = client.get(address)

    assert response.status_code == 200
