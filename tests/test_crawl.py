"""What a robot finds: everything that links lead to from the home page, the sitemap and a few searches.

What is not public yet carries a marker of its own; none may be found, in any page, feed, file or header.
"""

import io
import re
from urllib.parse import urldefrag, urljoin, urlsplit
from zipfile import BadZipFile, ZipFile

import pytest
from django.core.files.base import ContentFile

from calls.models import Call
from documents import storage
from documents.models import ProducedDocument
from selection.models import Announcement, Laureate
from selection.press_kit.keys import KINDS, key_of
from tests import factories
from tests.clock import from_now

HOST = "http://testserver"
# A search echoes its own words: these stand beside the marker in what is hidden.
WORD = "zyzomys"
EMBARGOED, UNPUBLISHED = "Marqueurembargo", "Marqueurbrouillon"
STARTS = [
    "/",
    "/robots.txt",
    "/sitemap.xml",
    *(
        f"{page}?q={WORD}"
        for page in ("/laureats/", "/appels/", "/recherche/", "/api/v1/laureats", "/api/v1/appels")
    ),
]
LINKS = re.compile(r"""(?:href|src)="([^"]+)"|<loc>([^<]+)</loc>|"(?:url|next)": ?"([^"]+)\"""")
ENOUGH = 400
# Files of ours, signing in, and the messages that the demonstration shows to everyone.
ELSEWHERE = ("/static/", "/compte/", "/demo/")


class Robot:
    """An anonymous visitor that follows every link, and keeps the text of each answer by its address."""

    def __init__(self, client):
        self.client, self.found, self.broken = client, {}, {}

    def crawl(self, starts):
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            if address in self.found or address in self.broken:
                continue
            assert len(self.found) < ENOUGH, "the links never end"
            text = self._read(address)
            waiting += [link for link in self._links(address, text) if link not in self.found]
        return self

    def holding(self, marker):
        """The addresses where the marker shows, headers included."""
        return {address for address, text in self.found.items() if marker.lower() in text.lower()}

    def _read(self, address):
        response = self.client.get(address)
        body = b"".join(response) if response.streaming else response.content
        text = f"{response.headers}\n{as_text(body)}"
        if response.status_code >= 400:
            self.broken[address] = response.status_code
        self.found[address] = text
        return text if "text/html" in response.headers.get("Content-Type", "") or "<loc>" in text else ""

    def _links(self, address, text):
        for groups in LINKS.findall(text):
            link = urldefrag(urljoin(HOST + address, "".join(groups).replace("&amp;", "&")))[0]
            if link.startswith(f"{HOST}/") and not urlsplit(link).path.startswith(ELSEWHERE):
                yield link.removeprefix(HOST)


def as_text(body):
    """The words of an answer: those of a spreadsheet or an archive come out of its parts."""
    try:
        with ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    except BadZipFile:
        pass
    return body.decode("utf-8", errors="replace")


@pytest.fixture
def portal(db, settings):
    """A call with an announcement under embargo, another in preparation, and some public history."""
    settings.PORTAL_URL = HOST
    call = factories.CallFactory(
        published=True, opens_at=from_now(days=-90), closes_in=from_now(days=-60) - from_now()
    )
    announcement = factories.announcement_of(call, name=f"{EMBARGOED} {WORD}")
    hidden = f"{EMBARGOED} {WORD}"
    Announcement.objects.update(title=hidden, introduction=hidden)
    Laureate.objects.update(carrier=hidden, ministry=hidden, summary=hidden, location=hidden)
    file = storage.store(
        ContentFile(f"%PDF-1.7 {EMBARGOED}".encode()).chunks(), content_type="application/pdf"
    )
    announcement.refresh_from_db()
    for kind in KINDS.values():
        factories.produced(kind, key_of(announcement))
    ProducedDocument.objects.update(state="done", file=file, pages=1, done_at=from_now())
    Laureate.objects.create(fund=call.fund, call=call, slug="passe", name="Projet passé", year=2015)
    draft = factories.CallFactory(fund=call.fund)
    Call.objects.filter(pk=draft.pk).update(
        title=f"{UNPUBLISHED} {WORD}", summary=UNPUBLISHED, code=UNPUBLISHED.upper(), slug=UNPUBLISHED.lower()
    )
    unpublished_things(call)
    return announcement


def unpublished_things(call):
    """A question not answered, a meeting in preparation, a report being written, and what the registered alone get."""
    hidden = f"{UNPUBLISHED} {WORD}"
    asked = factories.CallFactory(fund=call.fund, published=True)
    factories.question_on(asked, text=hidden, email=f"{UNPUBLISHED}@exemple.example", body=hidden)
    factories.EventFactory(fund=call.fund, title=hidden, summary=hidden)
    held = factories.EventFactory(
        fund=call.fund,
        call=call,
        published=True,
        past=True,
        report_text=hidden,
        quotes=[{"text": hidden, "author": hidden}],
        online_link=f"https://visio.example/{UNPUBLISHED}",
    )
    factories.picture_of(held)
    factories.registration_at(
        factories.EventFactory(fund=call.fund, published=True),
        email=f"{UNPUBLISHED}@organisme.example",
        name=hidden,
    )


def test_no_link_of_the_public_portal_is_broken(client, portal):
    assert Robot(client).crawl(STARTS).broken == {}


def test_before_its_minute_nothing_is_found(client, portal):
    Announcement.objects.update(publish_at=from_now(hours=1))

    robot = Robot(client).crawl(STARTS)

    assert (robot.holding(EMBARGOED), robot.holding(UNPUBLISHED)) == (set(), set())


def test_from_its_minute_on_it_is_found_where_it_should_be(client, portal):
    Announcement.objects.update(publish_at=from_now(seconds=-1))

    robot = Robot(client).crawl(STARTS)

    laureate = portal.laureates.get()
    expected = {"/", laureate.get_absolute_url(), portal.get_absolute_url(), "/annonces/", "/laureats/"}
    assert expected - robot.holding(EMBARGOED) == set()
    assert robot.holding(UNPUBLISHED) == set()
