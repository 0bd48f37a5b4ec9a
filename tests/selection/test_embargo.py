"""Before its minute an announcement shows nowhere; from then on it shows everywhere it should."""

import uuid
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.actions.invitations import token_hash
from accounts.models import Membership
from documents import storage
from documents.models import ProducedDocument
from selection.models import Announcement, Laureate, Preview
from selection.press_kit.keys import KINDS as KIT
from selection.press_kit.keys import key_of
from tests import factories
from tests.clock import from_now, python_clock_off_by
from tests.selection.announcement_factories import TOKEN, picture_of, preview_of
from tests.test_access import ADDRESSES

MARKER = "Marqueur sous embargo"
QUOTE, CONTACT, SHORT, PICTURE = (f"{MARKER} ({part})" for part in ("citation", "contact", "bref", "image"))
OWN = {"announcement_picture", "call", "announcement", "laureate", "laureate_pk", "fund_slug"}
PAGES = [name for name, (arguments, _, _) in ADDRESSES.items() if set(arguments) <= OWN]
SHOWN = {
    # What programs read (tests/front/test_embargo.py tries every address of it)
    "api:announcement",
    "api:announcements",
    "api:laureate",
    "api:laureates",
    "front:announcements_feed",
    # Pages
    "front:home",
    "selection:announcement",
    "selection:announcement_picture",
    "selection:announcements",
    "selection:figures",
    "selection:laureate",
    "selection:laureates",
    "selection:press",
    "selection:press_kit",
    "selection:press_kit_pdf",
    "selection:press_kit_zip",
}
State = Announcement.State


@pytest.fixture
def announcement(db):
    """An announcement that carries the marker wherever it can, with its press kit."""
    call = factories.CallFactory(published=True)
    made = factories.announcement_of(call, name=MARKER)
    quotes, contacts = [{"text": QUOTE, "author": MARKER}], [{"role": CONTACT, "email": "", "phone": "0"}]
    Announcement.objects.update(title=MARKER, introduction=MARKER, quotes=quotes, contacts=contacts)
    Laureate.objects.update(carrier=MARKER, ministry=MARKER, summary=MARKER, short_text=SHORT, contact=MARKER)
    image = storage.store([MARKER.encode()], content_type="image/png")
    picture_of(made, file=image, alternative=PICTURE, credit=MARKER)
    file = storage.store([f"%PDF-1.7 {MARKER}".encode()], content_type="application/pdf")
    made.refresh_from_db()
    for kind in KIT.values():
        factories.produced(kind, key_of(made))
    ProducedDocument.objects.update(state="done", file=file, pages=1, done_at=from_now())
    return made


def addresses(announcement):
    laureate = announcement.laureates.get()
    values = {
        "call": announcement.call.slug,
        "announcement": announcement.slug,
        "announcement_picture": announcement.pictures.get().key,
        "laureate": laureate.slug,
        "laureate_pk": laureate.pk,
        "fund_slug": announcement.call.fund.slug,
    }
    return {name: reverse(name, args=[values[each] for each in ADDRESSES[name][0]]) for name in PAGES}


def showing_the_marker(client, announcement, *, publish_in):
    """The names of the pages where the marker appears, each asked at so many seconds from the minute."""
    shown = set()
    for name, address in addresses(announcement).items():
        Announcement.objects.update(publish_at=from_now(seconds=publish_in))
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        if MARKER.encode() in body or MARKER in str(response.headers):
            shown.add(name)
    return shown


def outsiders(announcement):
    """People who are not of the secretariat nor of the audit of the fund."""
    fund = announcement.call.fund
    application = factories.filed_application(call=announcement.call)
    stranger = factories.head_of(factories.FundFactory())
    Membership.objects.create(user=stranger, organisation=factories.OrganisationFactory(), role="certifier")
    seat = factories.member_of(factories.committee_session(fund).committee)
    operator = factories.UserFactory()
    fund.roles.create(user=operator, role="operator")
    return {
        "anonymous": None,
        "carrier": application.created_by,
        "certifier": factories.certifier_of(application.organisation),
        "member": seat.user,
        "operator": operator,
        "head elsewhere": stranger,
        "administrator": factories.UserFactory(is_staff=True, is_superuser=True),
    }


KINDS = ["anonymous", "carrier", "certifier", "member", "operator", "head elsewhere", "administrator"]


@pytest.mark.parametrize("kind", KINDS)
def test_before_its_minute_an_announcement_shows_nowhere(client, announcement, kind):
    person = outsiders(announcement)[kind]
    if person:
        client.force_login(person)

    assert showing_the_marker(client, announcement, publish_in=4) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_from_its_minute_on_it_shows_everywhere_it_should(client, announcement, kind):
    person = outsiders(announcement)[kind]
    if person:
        client.force_login(person)

    assert showing_the_marker(client, announcement, publish_in=-1) == SHOWN


@pytest.mark.parametrize("state", [State.DRAFT, State.VALIDATED, State.WITHDRAWN])
def test_what_is_not_scheduled_shows_nowhere_whatever_its_minute(client, announcement, state):
    Announcement.objects.update(state=state)

    assert showing_the_marker(client, announcement, publish_in=-1) == set()


def test_the_announcement_of_a_rehearsal_shows_nowhere(client, announcement):
    fund = announcement.call.fund
    fund.rehearsal = True
    fund.save()

    assert showing_the_marker(client, announcement, publish_in=-1) == set()


def public_things(publish_in):
    Announcement.objects.update(publish_at=from_now(seconds=publish_in))
    return Announcement.objects.public().count(), Laureate.objects.public().count()


def test_an_announcement_is_public_to_the_second(announcement):
    assert (public_things(1), public_things(0), public_things(-1)) == ((0, 0), (1, 1), (1, 1))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_web_server_a_day_off_publishes_nothing_earlier_nor_later(client, announcement, days):
    with python_clock_off_by(days=days):
        before = showing_the_marker(client, announcement, publish_in=4)
        after = showing_the_marker(client, announcement, publish_in=-1)

    assert (before, after) == (set(), SHOWN)


def test_a_postponed_announcement_leaks_nothing(client, announcement):
    Announcement.objects.update(publish_at=from_now(hours=1))

    pages = {
        client.get(address).status_code for name, address in addresses(announcement).items() if name in SHOWN
    }

    assert pages == {200, 404}
    assert showing_the_marker(client, announcement, publish_in=3600) == set()


def test_what_is_under_embargo_answers_as_what_does_not_exist(client, announcement):
    Announcement.objects.update(publish_at=from_now(hours=1))

    hidden = client.get(announcement.get_absolute_url())
    missing = client.get("/annonces/inexistante/")

    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)


def test_from_its_minute_on_its_page_has_its_quotes_contacts_and_pictures(client, announcement):
    Announcement.objects.update(publish_at=from_now(seconds=-1))

    page = client.get(announcement.get_absolute_url()).content.decode()

    assert [page.count(each) for each in (QUOTE, CONTACT, SHORT, PICTURE)] == [1, 1, 1, 1]


def test_what_a_carrier_offers_and_nobody_kept_is_never_published(client, announcement):
    offered = picture_of(announcement, published=False, alternative="Image offerte")
    Announcement.objects.update(publish_at=from_now(seconds=-1))

    page = client.get(announcement.get_absolute_url()).content.decode()

    assert ("Image offerte" in page, picture_status(client, announcement, offered.key)) == (False, 404)


def picture_status(client, announcement, key):
    return client.get(reverse("selection:announcement_picture", args=[announcement.slug, key])).status_code


def test_of_ten_thousand_guessed_addresses_none_is_a_file_or_a_preview(client, announcement):
    """Ten over the wire, and all of them as the same views look them up."""
    Announcement.objects.update(publish_at=from_now(hours=1))
    preview_of(announcement)
    keys = [uuid.uuid4() for _ in range(10_000)]
    hashes = [token_hash(str(key)) for key in keys]

    assert announcement.pictures.filter(key__in=keys).count() == 0
    assert Preview.objects.filter(token_sha256__in=hashes).count() == 0
    assert {picture_status(client, announcement, key) for key in keys[:10]} == {404}
    assert {client.get(f"/annonces/apercu/{key}/").status_code for key in keys[:10]} == {404}


def test_the_right_address_of_a_picture_is_no_address_before_the_minute(client, announcement):
    Announcement.objects.update(publish_at=from_now(hours=1))
    key = announcement.pictures.get().key

    assert picture_status(client, announcement, key) == 404
    assert client.get(f"/annonces/apercu/{TOKEN}/images/{key}/").status_code == 404


def test_a_copy_of_a_picture_never_outlives_a_withdrawal(client, announcement):
    Announcement.objects.update(publish_at=from_now(seconds=-1))
    address = reverse(
        "selection:announcement_picture", args=[announcement.slug, announcement.pictures.get().key]
    )

    response = client.get(address)
    b"".join(response)  # to its end, where a file closes

    assert (response["Cache-Control"], response.get("ETag"), response.get("Last-Modified")) == (
        "no-cache",
        None,
        None,
    )


# What is counted, drawn and offered as a choice

COUNTED = [
    "/laureats/",
    "/laureats/?vue=tableau&q=marqueur",
    "/laureats/chiffres/",
    "/resultats/",
    "/presse/",
    "/annonces/",
]


def counted_pages(client, announcement):
    """The body of each public page that counts, draws or lists, in the database as it stands."""
    fund = announcement.call.fund
    addresses = [
        *COUNTED,
        f"/resultats/{fund.slug}/",
        f"/laureats/?fonds={fund.slug}&appel={announcement.call.slug}",
    ]
    return {address: client.get(address).content for address in addresses}


@pytest.mark.parametrize("state", [State.DRAFT, State.VALIDATED, State.SCHEDULED, State.WITHDRAWN])
def test_before_its_minute_no_count_no_chart_and_no_choice_tells_of_it(client, announcement, state):
    laureate = announcement.laureates.get()
    laureate.themes.add(factories.ThemeFactory(label="Thème secret"))
    factories.filed_application(call=announcement.call)
    factories.laureate(call=announcement.call, slug="ancien", year=2017)
    Announcement.objects.update(publish_at=from_now(hours=1), state=state)
    before = counted_pages(client, announcement)

    announcement.pictures.all().delete()
    laureate.delete()
    Announcement.objects.all().delete()

    assert before == counted_pages(client, announcement)


def test_from_its_minute_on_it_is_counted_drawn_and_offered_as_a_choice(client, announcement):
    announcement.laureates.get().themes.add(factories.ThemeFactory(label="Thème choisi"))
    Announcement.objects.update(publish_at=from_now(seconds=-1))

    filters = client.get("/laureats/").context["filters"]
    figures = client.get("/laureats/chiffres/").context["whole"]
    [result] = client.get(f"/resultats/{announcement.call.fund.slug}/").context["results"]

    assert filters.choices["ministere"] == [(MARKER, MARKER)]
    assert (len(filters.choices["fonds"]), len(filters.choices["theme"])) == (1, 1)
    assert (figures.projects, figures.total, result.laureates) == (1, 5_000_000, 1)


def test_a_call_made_here_tells_no_result_before_its_announcement(client, announcement):
    factories.filed_application(call=announcement.call)
    Announcement.objects.update(publish_at=from_now(hours=1))

    response = client.get(f"/resultats/{announcement.call.fund.slug}/")

    assert response.context["results"] == []


def test_a_laureate_of_a_rehearsal_fund_is_not_public_even_without_an_announcement(client, announcement):
    rehearsal = factories.CallFactory(published=True, fund__rehearsal=True)
    factories.laureate(call=rehearsal, slug="repetition")

    assert Laureate.objects.public().filter(slug="repetition").count() == 0
    assert client.get(f"/resultats/{rehearsal.fund.slug}/").status_code == 404


def test_imported_history_is_public_without_an_announcement(client, announcement):
    Announcement.objects.update(publish_at=from_now(hours=1))
    Laureate.objects.create(fund=announcement.call.fund, slug="ancien", name="Un ancien lauréat", year=2018)

    assert client.get("/laureats/").content.decode().count("Un ancien lauréat") == 1


@pytest.mark.parametrize("year", ["2018", "abcd", "99999", "\0\0\0\0", "٢٠١٨", "-201"])
def test_any_year_may_be_asked_for(client, announcement, year):
    assert client.get("/laureats/", {"annee": year}).status_code == 200


# Who may keep a page


@pytest.mark.parametrize(
    "address", ["/", "/appels/", "/laureats/", "/laureats/chiffres/", "/annonces/", "/presse/", "/resultats/"]
)
def test_a_copy_of_a_public_page_is_asked_for_again_each_time(client, announcement, address):
    assert client.get(address)["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", ["/", "/appels/", "/laureats/", "/espace/", "/dossiers/"])
def test_nobody_keeps_a_page_of_someone_signed_in(client, announcement, address):
    client.force_login(factories.UserFactory())

    assert client.get(address)["Cache-Control"] == "private, no-store"


def test_a_page_under_embargo_is_kept_by_nobody(client, announcement):
    Announcement.objects.update(publish_at=from_now(hours=1))
    client.force_login(factories.head_of(announcement.call.fund))

    response = client.get(announcement.get_absolute_url())

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_dates_of_an_announcement_are_said_in_paris(client, announcement):
    Announcement.objects.update(publish_at=datetime(2018, 6, 21, 22, 30, tzinfo=UTC))

    page = client.get(announcement.get_absolute_url()).content.decode()

    assert ("22 juin 2018" in page, "21 juin 2018" in page) == (True, False)
