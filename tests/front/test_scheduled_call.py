"""A call whose publication is set for later is nowhere before its minute, and everywhere from it on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from calls import news
from calls.models import Call
from documents import storage
from documents.models import ProducedDocument
from fondsportal.front.open_data.datasets import DATASETS
from tests import factories
from tests.clock import from_now, python_clock_off_by
from tests.front.test_embargo import content

MARKER = "marqueur-programme"
WORD = "zyzomys"  # a search echoes its own words: this one stands beside the marker
OWN = {
    f"/appels/{MARKER}/",
    f"/appels/{MARKER}/formulaire/",
    f"/appels/{MARKER}/formulaire.pdf",
    f"/appels/{MARKER}/eligibilite/",
    f"/appels/{MARKER}/questions/",
    f"/appels/{MARKER}/questions/poser/",
    f"/api/v1/appels/{MARKER}",
}
GATHERING = {
    "/",
    "/appels/",
    "/fonds/fonds-programme/",
    "/eligibilite/?porteur=operateur&subvention=600000",
    "/abonnements/",
    f"/recherche/?q={WORD}",
    "/donnees/appels.csv",
    "/donnees/appels.json",
    "/api/v1/appels",
    f"/api/v1/appels?q={WORD}",
    "/flux/appels.atom",
    "/calendrier.ics",
    "/sitemap-appels.xml",
    "/evenements/",
}
QUIET = {
    *(f"/donnees/{each}/{page}" for each in DATASETS for page in ("", "validation/")),
    *(
        "/laureats/",
        "/resultats/",
        "/annonces/",
        "/donnees/",
        "/sitemap.xml",
        "/sitemap-evenements.xml",
        "/fonds/",
    ),
}


@pytest.fixture
def call(db):
    """A scheduled call that carries the marker wherever it can, with its PDF and an event already published."""
    call = factories.CallFactory(
        scheduled=True,
        fund=factories.FundFactory(slug="fonds-programme"),
        closes_in=timedelta(days=9),
        code=MARKER.upper(),
        title=f"{MARKER} {WORD}",
        summary=MARKER,
        description=MARKER,
    )
    file = storage.store([b"%PDF-1.7 " + MARKER.encode()], content_type="application/pdf")
    factories.produced("calls.blank_form", call.form_versions.get().pk)
    ProducedDocument.objects.update(state="done", file=file, pages=1, done_at=from_now())
    factories.specifications(call, file=file)
    factories.EventFactory(fund=call.fund, call=call, published=True, title=MARKER)
    return call


def showing(client, *, published_in):
    """The addresses that answer, and say something of the call."""
    shown = set()
    for address in sorted(OWN | GATHERING | QUIET):
        Call.objects.update(published_at=from_now(seconds=published_in))
        response = client.get(address)
        said = content(response).lower()
        if response.status_code == 200 and (address in OWN or MARKER in said):
            shown.add(address)
    return shown


def test_before_its_minute_nothing_is_told(client, call):
    assert showing(client, published_in=9) == set()


def test_from_its_minute_on_it_is_told_wherever_a_call_is(client, call):
    assert (OWN | GATHERING) - showing(client, published_in=-1) == set()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_web_server_a_day_off_tells_nothing_earlier(client, call, days):
    with python_clock_off_by(days=days):
        assert showing(client, published_in=9) == set()


def test_its_files_and_its_applications_open_with_it(client, call):
    document = reverse("calls:document", args=[call.slug, call.documents.get().pk])
    create = reverse("applications:create", args=[call.slug])
    client.force_login(factories.contributor_of(factories.OrganisationFactory()))

    before = [opened(client, address) for address in (document, create)]
    Call.objects.update(published_at=from_now(seconds=-1))
    after = [opened(client, address) for address in (document, create)]

    assert (before, after) == ([404, 404], [200, 200])


def opened(client, address):
    """The status of an answer, read to its end."""
    response = client.get(address)
    content(response)
    return response.status_code


def test_subscribers_are_told_at_its_minute_even_of_a_fund_they_asked_for_before(call):
    before = list(news.due())
    Call.objects.update(published_at=from_now(seconds=-1))

    told = list(news.due())

    assert (before, [(each.call, each.kind) for each in told]) == ([], [(call, "published")])


def test_its_fund_reads_when_it_will_be_public(client, call):
    client.force_login(factories.officer_of(call.fund))

    pages = [client.get(address).content.decode() for address in (call.get_absolute_url(), desk(call))]

    assert ["Publication prévue le" in page for page in pages] == [True, True]


def desk(call):
    return reverse("calls:preparation", args=[call.slug])


def test_the_figures_of_the_home_page_count_it_from_its_minute_on(client, call):
    before = client.get("/").context["figures"]["calls"]
    Call.objects.update(published_at=from_now(seconds=-1))

    assert client.get("/").context["figures"]["calls"] == before + 1


@pytest.mark.parametrize(
    "address", ["/", "/appels/", "/flux/appels.atom", "/api/v1/appels", "/donnees/appels.csv"]
)
def test_no_copy_of_a_public_page_outlives_the_minute(client, call, address):
    assert client.get(address)["Cache-Control"] in ("no-cache", "no-store")
