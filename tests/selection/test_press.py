"""Announcements and what the press finds."""

import pytest
from django.utils import timezone

from documents.models import ProducedDocument
from selection.models import Announcement
from selection.press_kit.keys import key_of
from tests import factories
from tests.clock import from_now

pytestmark = pytest.mark.django_db


def announced(*, days_ago=0, **fields):
    call = factories.CallFactory(published=True, **fields)
    return factories.announcement_of(call, publish_at=from_now(days=-days_ago, seconds=-1))


def press_kit_of(announcement):
    factories.produced("selection.press_kit", key_of(announcement))
    file = factories.StoredFileFactory(size=405_500)
    ProducedDocument.objects.update(state="done", file=file, pages=12, done_at=timezone.now())


def titles(client, **asked):
    return [each.title for each in client.get("/annonces/", asked).context["page"]]


def test_announcements_are_filtered_by_fund_and_by_year(client):
    old, new = announced(days_ago=800), announced()

    assert titles(client) == [new.title, old.title]
    assert titles(client, fonds=old.call.fund.slug) == [old.title]
    assert titles(client, annee=str(timezone.localtime(new.publish_at).year)) == [new.title]


@pytest.mark.parametrize("asked", [{"fonds": "\0"}, {"annee": "18"}])
def test_a_value_that_means_nothing_is_left_aside(client, asked):
    announcement = announced()

    assert titles(client, **asked) == [announcement.title]


def test_a_page_of_announcements_that_does_not_exist_is_not_found(client):
    announced()

    assert client.get("/annonces/", {"page": "2"}).status_code == 404


def test_the_press_finds_the_kit_with_its_format_size_pages_and_date(client):
    announcement = announced()
    press_kit_of(announcement)

    page = client.get("/presse/").content.decode()

    detail = page.partition('fr-link__detail">')[2].partition("<")[0]
    day = timezone.localdate().strftime("%Y")
    assert (detail.startswith("PDF – 405,5\u00a0Ko, 12 p. – "), day in detail) == (True, True)


def test_a_kit_asked_for_again_is_not_offered_until_it_is_ready(client):
    announcement = announced()
    press_kit_of(announcement)
    ProducedDocument.objects.create(kind="selection.press_kit", subject_key=key_of(announcement), revision=2)

    response = client.get("/presse/")

    [(_, files)] = response.context["kits"]
    assert files["pdf"].revision == 2
    assert "Dossier de presse (PDF) : en cours de fabrication." in response.content.decode()
    assert client.get(f"/annonces/{announcement.slug}/dossier-de-presse.pdf").status_code == 404


def test_a_kit_that_nobody_asked_for_is_not_communicated(client):
    announcement = announced()

    pages = [
        client.get(address).content.decode() for address in ("/presse/", announcement.get_absolute_url())
    ]

    assert ["Dossier de presse (PDF) : non communiqué." in page for page in pages] == [True, True]


@pytest.mark.parametrize(
    ("email", "text"),
    [("presse@fonds.example", "mailto:presse@fonds.example"), ("", "contact presse non communiqué")],
)
def test_the_press_is_told_whom_to_write_to(client, email, text):
    announcement = announced(fund__press_email=email)

    pages = [
        client.get(address).content.decode() for address in ("/presse/", announcement.get_absolute_url())
    ]

    assert [page.count(text) for page in pages] == [1, 1]


def test_a_rehearsal_fund_is_not_among_the_press_contacts(client):
    factories.FundFactory(name="Fonds de répétition", rehearsal=True)

    assert "Fonds de répétition" not in client.get("/presse/").content.decode()


def test_an_announcement_adds_up_what_it_grants(client):
    announcement = announced()
    factories.laureate(call=announcement.call, slug="second", announcement=announcement)

    figures = client.get(announcement.get_absolute_url()).context["figures"]

    assert figures == [
        ("2", "Lauréats"),
        ("au moins 5\u00a0M€", "Subventions, dont 1 montant non communiqué"),
    ]


def test_without_any_announcement_the_way_on_is_shown(client):
    assert Announcement.objects.count() == 0

    pages = [client.get(address).content.decode() for address in ("/presse/", "/annonces/")]

    assert [page.count("Voir les lauréats des appels passés") for page in pages] == [1, 1]
