"""The open data: the same rows in every format, described, dated, hashed; and spreadsheets run nothing of them."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from frictionless import Resource, Schema

from calls.actions.preparation import postpone_deadline
from calls.actions.questions import set_questions_end
from fondsportal.front.open_data import datasets, views
from fondsportal.front.open_data.datasets import DATASETS
from journal import clock
from selection.actions import announcement as announcements
from selection.models import Announcement, Laureate
from tests import factories
from tests.clock import from_now

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMATS = [(dataset.slug, extension) for dataset in DATASETS.values() for extension in dataset.extensions]


def body(response):
    return b"".join(response) if response.streaming else response.content


def download(client, name):
    response = client.get(f"/donnees/{name}")
    assert response.status_code == 200
    return body(response)


def table(client, name):
    return list(csv.DictReader(io.StringIO(download(client, name).decode(), newline="")))


def workbook(content):
    """The rows of a workbook's sheet, as lists of (what the cell is, its text)."""
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]
        for row in ElementTree.fromstring(sheet).iter(f"{NAMESPACE}row")  # noqa: S314
    ]


def a_laureate(**fields):
    fields = {"fund": factories.FundFactory(), "slug": "projet", "name": "Projet", "year": 2018} | fields
    return Laureate.objects.create(**fields)


def test_an_unknown_value_is_empty_and_never_zero(client):
    a_laureate()

    [row] = table(client, "laureats.csv")

    assert (row["montant"], row["montant_valeur"], row["porteur"]) == ("", "", "")


def test_an_amount_keeps_what_its_source_says_of_it(client):
    a_laureate(amount=Decimal("5000000"), amount_qualifier="more_than")

    [row] = table(client, "laureats.csv")

    assert (row["montant"], row["montant_valeur"]) == ("5000000.00", "plus_de")


def test_sources_and_invention_are_columns(client):
    source = {"title": "Communiqué", "publisher": "Ministère", "date": "2018-06-20"}
    a_laureate(sources=[source], fictitious=True)

    [row] = table(client, "laureats.csv")

    assert (row["sources"], row["fictif"]) == ("Communiqué, Ministère, 2018-06-20", "oui")


def test_what_is_to_confirm_and_the_notes_of_the_page_are_columns(client):
    a_laureate(
        facts={"status": "à confirmer", "notes": ["Une source en dit plus.", "Une autre en dit moins."]}
    )

    [row] = table(client, "laureats.csv")
    told = client.get("/api/v1/laureats/projet").json()

    assert (row["statut"], row["precisions"]) == (
        "à confirmer",
        "Une source en dit plus. | Une autre en dit moins.",
    )
    assert (told["statut"], len(told["precisions"])) == ("à confirmer", 2)


def test_csv_is_written_as_the_norm_wants(client):
    a_laureate(name='Un "projet", et\nson suivi')

    content = download(client, "laureats.csv")

    assert content.count(b"\r\n") == 2
    assert b'"Un ""projet"", et\nson suivi"' in content


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_no_cell(client, start):
    a_laureate(name=f"{start}1+1", carrier=f"{start}cmd")

    [row] = table(client, "laureats.csv")
    [_, cells] = workbook(download(client, "laureats.xlsx"))

    assert (row["projet"], row["porteur"]) == (f"'{start}1+1", f"'{start}cmd")
    assert {kind for kind, _ in cells} == {"inlineStr", "n"}
    written = start.replace("\r", "_x000D_")  # as Office Open XML spells what XML would lose
    assert [text for _, text in cells if "1+1" in text] == [f"{written}1+1"]


def test_the_three_formats_tell_the_same(client):
    a_laureate(amount=Decimal("1234.5"), carrier="DREES")

    [in_csv] = table(client, "laureats.csv")
    [in_json] = json.loads(download(client, "laureats.json"))
    [names, in_xlsx] = workbook(download(client, "laureats.xlsx"))

    assert (in_csv["montant"], in_json["montant"]) == ("1234.50", 1234.5)
    assert list(in_csv) == list(in_json) == [text for _, text in names]
    assert (in_csv["porteur"], in_json["porteur"]) == ("DREES", "DREES")
    assert [cell for cell in in_xlsx if cell in {("n", "1234.50"), ("inlineStr", "DREES")}] == [
        ("inlineStr", "DREES"),
        ("n", "1234.50"),
    ]


@pytest.mark.parametrize(("slug", "extension"), FORMATS)
def test_the_same_rows_give_the_same_bytes(client, slug, extension):
    factories.announcement_of(factories.CallFactory(published=True))

    assert download(client, f"{slug}.{extension}") == download(client, f"{slug}.{extension}")


@pytest.mark.parametrize(("slug", "extension"), FORMATS)
def test_the_checksum_is_that_of_the_file_as_served(client, slug, extension):
    factories.announcement_of(factories.CallFactory(published=True))

    sha256 = hashlib.sha256(download(client, f"{slug}.{extension}")).hexdigest()

    assert download(client, f"{slug}.{extension}.sha256").decode() == f"{sha256}  {slug}.{extension}\n"
    assert sha256 in client.get(f"/donnees/{slug}/").content.decode()


def test_a_file_that_has_not_changed_is_not_sent_again(client):
    a_laureate()
    first = client.get("/donnees/laureats.csv")

    again = client.get("/donnees/laureats.csv", headers={"If-None-Match": first["ETag"]})
    Laureate.objects.update(name="Autre nom")
    changed = client.get("/donnees/laureats.csv", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, changed.status_code) == (304, 200)


def test_a_list_of_what_to_complete_that_has_not_changed_is_not_sent_again(client):
    a_laureate()
    first = client.get("/donnees/subventions/lignes-a-completer.csv")

    again = client.get(
        "/donnees/subventions/lignes-a-completer.csv", headers={"If-None-Match": first["ETag"]}
    )

    assert (body(first).count(b"\r\n"), again.status_code) == (2, 304)


@pytest.mark.parametrize(
    "address",
    ["laureats.csv", "laureats.csv.sha256", "laureats/validation/", "subventions/lignes-a-completer.csv"],
)
def test_who_asks_too_often_for_a_walk_through_every_row_waits(client, monkeypatch, address):
    monkeypatch.setattr(views, "REQUESTS", 1)
    body(client.get("/donnees/appels.csv"))

    assert client.get(f"/donnees/{address}").status_code == 429


def test_a_file_written_another_way_is_sent_again(client, monkeypatch):
    a_laureate()
    first = client.get("/donnees/laureats.csv")

    monkeypatch.setattr(datasets, "FORMAT", datasets.FORMAT + 1)
    again = client.get("/donnees/laureats.csv", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, body(again)) == (200, body(first))


def test_asking_for_the_head_of_a_file_writes_none(client):
    a_laureate()

    response = client.head("/donnees/laureats.xlsx")

    assert (response.status_code, body(response)) == (200, b"")


def test_any_site_may_read_a_file(client):
    assert client.get("/donnees/appels.json")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "address",
    ["autre.csv", "laureats.pdf", "subventions.xlsx", "autre/", "autre.csv.sha256", "laureats.pdf.sha256"],
)
def test_what_is_no_dataset_does_not_exist(client, address):
    assert client.get(f"/donnees/{address}").status_code == 404


def test_an_empty_dataset_still_has_its_columns(client):
    assert (table(client, "laureats.csv"), json.loads(download(client, "laureats.json"))) == ([], [])
    assert download(client, "laureats.csv").startswith(b"identifiant,adresse,fonds,")


@pytest.mark.parametrize("slug", ["appels", "laureats"])
def test_a_file_follows_its_own_dictionary(client, slug, tmp_path):
    call = factories.CallFactory(
        published=True, threshold=500000, max_rate=Decimal("0.5"), facts={"candidates": 122}
    )
    factories.announcement_of(call)
    a_laureate(amount=Decimal("5"), links=["https://projet.example"])
    schema = json.loads(client.get(f"/donnees/{slug}/schema.json").content)

    errors = validated(download(client, f"{slug}.csv"), schema, tmp_path)

    assert errors == []
    assert client.get(f"/donnees/{slug}/validation/").context["report"]["rejected"] == 0


def validated(content, schema, folder):
    """The errors that the reference implementation of Table Schema finds."""
    (folder / "table.csv").write_bytes(content)
    resource = Resource(
        path="table.csv", basepath=str(folder), encoding="utf-8", schema=Schema.from_descriptor(schema)
    )
    return resource.validate().flatten(["rowNumber", "fieldName", "type", "note"])


def test_a_past_call_says_nothing_of_a_cofinancing_its_sources_ignore(client):
    factories.CallFactory(published=True, slug="a", imported=True)
    factories.CallFactory(published=True, slug="b")

    assert [row["cofinancement_exige"] for row in table(client, "appels.csv")] == ["", "non"]


def test_a_deadline_is_told_in_paris(client):
    call = factories.CallFactory(published=True)
    call.rounds.update(closes_at=datetime(2018, 3, 15, 23, tzinfo=UTC))

    [row] = table(client, "appels.csv")

    assert (row["date_limite"], row["etat"]) == ("2018-03-16T00:00:00+01:00", "clos")


def test_a_past_deadline_whose_hour_is_unknown_is_a_day(client):
    call = factories.CallFactory(published=True, imported=True)
    call.rounds.update(closes_at=datetime(2018, 3, 15, 23, tzinfo=UTC))

    [row] = table(client, "appels.csv")

    assert (row["dernier_jour"], row["date_limite"]) == ("2018-03-15", "")


def test_a_draft_call_and_a_rehearsal_are_in_no_file(client):
    factories.CallFactory()
    rehearsed = factories.CallFactory(published=True, fund=factories.FundFactory(rehearsal=True))
    factories.announcement_of(rehearsed)
    a_laureate(fund=rehearsed.fund)

    assert (table(client, "appels.csv"), table(client, "laureats.csv")) == ([], [])


def changed_at(client, slug):
    return client.get(f"/donnees/{slug}/").context["changed_at"]


LONG_AGO = datetime(2018, 2, 1, tzinfo=UTC)


def test_a_postponed_deadline_dates_the_calls(client):
    call = factories.CallFactory(published=True, published_at=LONG_AGO, opens_at=LONG_AGO)
    before = changed_at(client, "appels")

    postpone_deadline(call.rounds.get(), closes_at=from_now(days=9), by=factories.head_of(call.fund))

    assert before == LONG_AGO
    assert changed_at(client, "appels") > before


def test_a_postponement_nobody_may_see_does_not_date_the_calls(client):
    factories.CallFactory(published=True, published_at=LONG_AGO, opens_at=LONG_AGO)
    hidden = factories.CallFactory(published=True, fund=factories.FundFactory(rehearsal=True))

    postpone_deadline(hidden.rounds.get(), closes_at=from_now(days=9), by=factories.head_of(hidden.fund))

    assert changed_at(client, "appels") == LONG_AGO


def test_the_end_of_questions_dates_the_calls(client):
    call = factories.CallFactory(published=True, published_at=LONG_AGO, opens_at=LONG_AGO)
    before = changed_at(client, "appels")

    set_questions_end(call, until=call.closes_at + timedelta(days=1), by=factories.officer_of(call.fund))

    assert (before, changed_at(client, "appels") > before) == (LONG_AGO, True)


def test_an_opening_and_a_deadline_date_the_calls_once_they_have_passed(client):
    opened, closed = LONG_AGO + timedelta(days=9), LONG_AGO + timedelta(days=90)
    call = factories.CallFactory(published=True, published_at=LONG_AGO, opens_at=opened)
    before = changed_at(client, "appels")

    call.rounds.update(closes_at=closed)

    assert (before, changed_at(client, "appels")) == (opened, closed)


def scheduled(call, *, publish_at):
    announcement = factories.announcement_of(call, state=Announcement.State.VALIDATED)
    Announcement.objects.filter(pk=announcement.pk).update(publish_at=None)
    announcement.refresh_from_db()
    announcements.schedule_announcement(announcement, publish_at=publish_at, by=factories.head_of(call.fund))
    announcement.refresh_from_db()
    return announcement


def test_an_announcement_dates_the_laureates_from_the_moment_it_shows_until_it_is_withdrawn(client):
    announcement = scheduled(factories.CallFactory(published=True), publish_at=clock.now())
    public = changed_at(client, "laureats")

    announcements.withdraw_announcement(announcement, by=factories.head_of(announcement.call.fund))

    assert announcement.publish_at <= public < changed_at(client, "laureats")


def test_an_announcement_to_come_dates_nothing_even_withdrawn(client):
    announcement = scheduled(factories.CallFactory(published=True), publish_at=from_now(days=1))
    before = changed_at(client, "laureats")

    announcements.withdraw_announcement(announcement, by=factories.head_of(announcement.call.fund))
    Announcement.objects.filter(pk=announcement.pk).update(publish_at=from_now(seconds=1))

    assert (before, changed_at(client, "laureats")) == (None, None)


def test_the_validation_of_each_dataset_counts_its_rows(client):
    a_laureate()

    context = client.get("/donnees/laureats/validation/").context

    assert (context["count"], context["valid"]) == (1, 1)


def test_zero_is_singular(client):
    assert "ligne comparée</span>" in client.get("/donnees/laureats/validation/").content.decode()


def test_the_files_work_without_the_cache(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    a_laureate()

    pages = ["/donnees/laureats/", "/donnees/laureats.csv", "/donnees/subventions/validation/"]

    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
