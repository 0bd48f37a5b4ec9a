"""What a page says to search engines and to who shares it: its true address, facts only, and nothing that runs."""

import json
import re
from decimal import Decimal

import pytest

from tests import factories
from tests.front.test_open_data import a_laureate

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def page(client, thing):
    return client.get(thing.get_absolute_url()).content.decode()


def data(client, thing):
    [block] = BLOCK.findall(page(client, thing))
    return json.loads(block)


def test_a_page_names_its_true_address_whatever_host_is_asked(client, settings):
    settings.PORTAL_URL = "https://fonds.example"
    call = factories.CallFactory(published=True)

    text = page(client, call)

    assert f'<link rel="canonical" href="https://fonds.example/appels/{call.slug}/">' in text
    assert f'<meta property="og:url" content="https://fonds.example/appels/{call.slug}/">' in text
    assert '<meta property="og:image" content="https://fonds.example/static/portal/share.png">' in text


def test_a_call_is_a_service_of_its_fund(client):
    call = factories.CallFactory(published=True)

    told = data(client, call)

    assert (told["@type"], told["identifier"], told["provider"]["name"]) == (
        "GovernmentService",
        call.code,
        call.fund.name,
    )


AMOUNTS = [
    ("", {"value": 5000000.0}),
    ("official", {"value": 5000000.0}),
    ("more_than", {"minValue": 5000000.0}),
    ("approx", None),
    ("press", None),
    ("per_project_rule", None),
]


def test_a_laureate_to_confirm_is_no_fact_for_a_search_engine(client):
    laureate = a_laureate(facts={"status": "à confirmer"})

    assert BLOCK.findall(page(client, laureate)) == []


@pytest.mark.parametrize(("qualifier", "told"), AMOUNTS)
def test_an_amount_is_told_as_a_figure_only_when_it_is_one(client, qualifier, told):
    laureate = a_laureate(amount=Decimal("5000000"), amount_qualifier=qualifier)

    amount = data(client, laureate).get("amount")

    assert amount == (told and {"@type": "MonetaryAmount", "currency": "EUR"} | told)


def test_an_announcement_is_an_article_of_its_day(client):
    announcement = factories.announcement_of(factories.CallFactory(published=True))

    told = data(client, announcement)

    assert (told["@type"], told["datePublished"]) == ("NewsArticle", announcement.publish_at.isoformat())


def test_a_fund_is_a_body_and_the_home_page_a_site_that_one_may_search(client):
    fund = factories.FundFactory()
    [home] = BLOCK.findall(client.get("/").content.decode())

    site = json.loads(home)

    assert (data(client, fund)["@type"], data(client, fund)["name"]) == ("GovernmentOrganization", fund.name)
    assert (site["@type"], site["potentialAction"]["target"]["urlTemplate"]) == (
        "WebSite",
        "http://127.0.0.1:8000/recherche/?q={search_term_string}",
    )


def test_a_meeting_is_told_without_the_link_that_only_its_guests_get(client):
    event = factories.EventFactory(published=True, online_link="https://visio.example/secret", place="Numa")

    told = data(client, event)

    assert (told["@type"], told["location"]["name"], told["organizer"]["name"]) == (
        "Event",
        "Numa",
        event.fund.name,
    )
    assert "visio.example" not in json.dumps(told)


def test_a_dataset_lists_its_files(client):
    [block] = BLOCK.findall(client.get("/donnees/laureats/").content.decode())

    assert [each["contentUrl"] for each in json.loads(block)["distribution"]] == [
        f"http://127.0.0.1:8000/donnees/laureats.{extension}" for extension in ("csv", "json", "xlsx")
    ]


def test_what_is_invented_is_told_to_no_search_engine(client):
    laureate = a_laureate(fictitious=True)

    assert BLOCK.findall(page(client, laureate)) == []


def test_no_text_leaves_its_block(client):
    name = '</script><script>alert("&")</script>'
    laureate = a_laureate(name=name)

    assert data(client, laureate)["name"] == name
    assert page(client, laureate).count("<script>alert") == 0


def test_every_page_leads_to_the_feeds(client):
    page = client.get("/mentions-legales/").content.decode()

    assert re.findall(r'type="application/atom\+xml"[^>]*href="([^"]+)"', page) == [
        "/flux/appels.atom",
        "/flux/annonces.atom",
    ]
