"""The API: what is public as JSON, page by page, for anyone to read, as often as the portal can bear."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from fondsportal.front.api import gate
from selection.models import Announcement, Laureate
from tests import factories
from tests.clock import from_now
from tests.front.test_open_data import a_laureate, download

pytestmark = pytest.mark.django_db


def results(client, address, **asked):
    return client.get(f"/api/v1/{address}", asked).json()["resultats"]


def slugs(client, address, **asked):
    return [each["identifiant"] for each in results(client, address, **asked)]


def test_the_api_tells_a_laureate_as_the_file_does(client):
    a_laureate(amount=Decimal("1234.5"), amount_qualifier="approx", sources=[{"title": "Source"}])

    [listed] = results(client, "laureats")

    assert (
        listed
        == client.get("/api/v1/laureats/projet").json()
        == json.loads(download(client, "laureats.json"))[0]
    )
    assert (listed["montant"], listed["montant_valeur"]) == (1234.5, "environ")


def test_the_api_tells_a_call_as_the_file_does(client):
    call = factories.CallFactory(published=True, threshold=500000)

    [listed] = results(client, "appels")

    assert (
        listed
        == client.get(f"/api/v1/appels/{call.slug}").json()
        == json.loads(download(client, "appels.json"))[0]
    )
    assert (listed["seuil"], listed["seuil_porte_sur"], listed["etat"]) == (500000.0, "non_precise", "ouvert")


def test_a_fund_and_an_announcement_are_told(client):
    call = factories.CallFactory(published=True)
    announcement = factories.announcement_of(call)

    assert client.get(f"/api/v1/fonds/{call.fund.slug}").json()["nom"] == call.fund.name
    assert client.get(f"/api/v1/annonces/{announcement.slug}").json()["appel"] == call.code


def test_a_list_is_read_to_its_end_by_following_the_next_address(client):
    fund = factories.FundFactory()
    for number in range(5):
        a_laureate(fund=fund, slug=f"projet-{number}")

    found, address = [], "/api/v1/laureats?taille=2&annee=2018"
    while address:
        page = client.get(address).json()
        found += [each["identifiant"] for each in page["resultats"]]
        address = page["suivant"] and page["suivant"].removeprefix("http://127.0.0.1:8000")

    assert found == [f"projet-{number}" for number in range(5)]


def test_a_row_added_meanwhile_shifts_no_page(client):
    fund = factories.FundFactory()
    for name in ("b", "d"):
        a_laureate(fund=fund, slug=name)
    first = client.get("/api/v1/laureats?taille=1").json()
    a_laureate(fund=fund, slug="a")

    second = client.get(first["suivant"].removeprefix("http://127.0.0.1:8000")).json()

    assert [each["identifiant"] for each in second["resultats"]] == ["d"]


def test_the_next_address_is_that_of_the_portal_whatever_host_is_asked(client, settings):
    settings.PORTAL_URL = "https://fonds.example"
    for name in ("b", "d"):
        a_laureate(slug=name)

    suivant = client.get("/api/v1/laureats?taille=1", headers={"host": "testserver"}).json()["suivant"]

    assert suivant == "https://fonds.example/api/v1/laureats?taille=1&curseur=62"


FILTERS = [
    ({"fonds": "voulu"}, ["oui"]),
    ({"annee": 2018}, ["oui"]),
    ({"ministere": "Justice"}, ["oui"]),
    ({"theme": "Numérique"}, ["oui"]),
    ({"montant_min": 10}, ["oui"]),
    ({"montant_max": 10}, []),
    ({"q": "procedure numeriques"}, ["oui"]),
    ({"q": "inconnu"}, []),
    ({"annonce": "aucune"}, []),
    ({"appel": "AUCUN"}, []),
    ({}, ["non", "oui"]),
]


@pytest.mark.parametrize(("asked", "found"), FILTERS)
def test_laureates_may_be_filtered(client, asked, found):
    wanted = a_laureate(
        fund=factories.FundFactory(slug="voulu"),
        slug="oui",
        name="Procédures numériques",
        ministry="Justice",
        amount=Decimal(20),
    )
    wanted.themes.add(factories.ThemeFactory(label="Numérique"))
    a_laureate(slug="non", year=2019)

    assert slugs(client, "laureats", **asked) == found


@pytest.mark.parametrize(
    ("asked", "found"), [({"etat": "a_venir"}, ["b"]), ({"etat": "clos"}, ["c"]), ({"annee": 2016}, ["c"])]
)
def test_calls_may_be_filtered(client, asked, found):
    factories.CallFactory(published=True, slug="a")
    factories.CallFactory(published=True, slug="b", opens_at=from_now(days=1))
    factories.CallFactory(
        published=True, slug="c", imported=True, opens_at=datetime(2015, 12, 31, 23, 30, tzinfo=UTC)
    )

    assert slugs(client, "appels", **asked) == found


def test_announcements_may_be_asked_from_a_day_on(client):
    factories.announcement_of(factories.CallFactory(published=True))

    assert [len(results(client, "annonces", depuis=day)) for day in ("2018-01-01", "2099-01-01")] == [1, 0]


BAD = [
    "annee=deux",
    "annee=99999999999999999999",
    "taille=0",
    "taille=201",
    "curseur=zz",
    "curseur=abc",
    "q=%00",
]


@pytest.mark.parametrize("query", BAD)
def test_a_value_that_makes_no_sense_is_refused_by_name(client, query):
    response = client.get(f"/api/v1/laureats?{query}")

    assert (response.status_code, [each["parametre"] for each in response.json()["erreurs"]]) == (
        422,
        [query.partition("=")[0]],
    )


@pytest.mark.parametrize(
    "query", ["curseur=00", "curseur=ff", "q=%ff", "q=%22", "ministere=%F0%9F%98%80", "autre=1"]
)
def test_an_odd_value_is_answered(client, query):
    assert client.get(f"/api/v1/laureats?{query}").status_code == 200


@pytest.mark.parametrize("address", ["laureats/inconnu", "appels/inconnu", "inconnu", ""])
def test_what_does_not_exist_is_said_in_json(client, address):
    response = client.get(f"/api/v1/{address}")

    assert (response.status_code, response.json()["statut"]) == (404, 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_is_read_only(client, method):
    response = getattr(client, method)("/api/v1/laureats")

    assert (response.status_code, response.json()["statut"], response["Allow"]) == (
        405,
        405,
        "GET, HEAD, OPTIONS",
    )


def test_the_head_of_an_answer_has_its_hash_and_no_body(client):
    a_laureate()

    head, whole = client.head("/api/v1/laureats"), client.get("/api/v1/laureats")

    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_an_answer_that_has_not_changed_is_not_sent_again(client):
    a_laureate()
    first = client.get("/api/v1/laureats")

    again = client.get("/api/v1/laureats", headers={"If-None-Match": first["ETag"]})
    Laureate.objects.update(name="Autre nom")
    changed = client.get("/api/v1/laureats", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


def test_any_site_may_read_the_api(client):
    asked = client.options("/api/v1/laureats", headers={"Origin": "https://ailleurs.example"})

    assert client.get("/api/v1/laureats")["Access-Control-Allow-Origin"] == "*"
    assert (asked.status_code, asked["Access-Control-Allow-Headers"]) == (200, "If-None-Match")


def test_who_asks_too_often_is_told_when_to_come_back(client, monkeypatch):
    monkeypatch.setattr(gate, "REQUESTS", 2)

    statuses = [client.get("/api/v1/fonds").status_code for _ in range(3)]
    refused = client.get("/api/v1/fonds")

    assert statuses == [200, 200, 429]
    assert (refused["Retry-After"], refused.json()["statut"]) == ("60", 429)


def test_without_the_cache_the_api_still_answers(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert client.get("/api/v1/fonds").status_code == 200


def test_a_draft_call_and_a_rehearsal_are_not_told(client):
    draft = factories.CallFactory()
    rehearsed = factories.CallFactory(published=True, fund=factories.FundFactory(rehearsal=True))
    announcement = factories.announcement_of(rehearsed)

    assert [results(client, each) for each in ("appels", "laureats", "annonces")] == [[], [], []]
    assert slugs(client, "fonds") == [draft.fund.slug]
    assert client.get(f"/api/v1/annonces/{announcement.slug}").status_code == 404


def test_an_announcement_is_told_from_its_minute_on(client):
    announcement = factories.announcement_of(
        factories.CallFactory(published=True), publish_at=from_now(hours=1)
    )

    before = slugs(client, "annonces") + slugs(client, "laureats")
    Announcement.objects.update(publish_at=from_now(seconds=-1))

    assert before == []
    assert slugs(client, "annonces") == [announcement.slug]


def test_the_documentation_tells_every_operation(client):
    page = client.get("/api/v1/docs").content.decode()
    operations = client.get("/api/v1/openapi.json").json()["paths"]

    assert [path for path in operations if f"GET {path}" not in page] == []
    assert len(operations) == 8


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", ["fonds", "appels", "laureats", "annonces"])
def test_a_list_takes_one_query_whatever_its_rows(client, address, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True))

    with django_assert_num_queries(1):
        found = results(client, address)

    assert len(found) == rows
