"""What a member recused from a dossier may reach, whole: nothing of it, nor anything that it could be inferred from."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from documents import storage
from documents.actions import order
from documents.models import ProducedDocument
from journal import clock
from journal.models import OutgoingEmail
from selection import committee_urls
from selection.access import book_key
from selection.actions import conflicts
from selection.actions import session as actions
from selection.book import committee_book
from selection.models import AgendaItem, Decision, SimilarProject
from tests.factories import (
    CallFactory,
    FundFactory,
    agenda_item,
    chair_of,
    committee_session,
    decided,
    member_of,
    moved_to,
    officer_of,
)
from tests.selection.attendance_factories import all_present
from tests.selection.opinion_factories import opinion_asked, opinion_given
from tests.test_crawl import WORD, Robot

MARKER, SEEN = "Marqueurdeport", "Marqueurvisible"
GRANTED, OTHER = 777_777, 1_000_000
# What the envelope of ten millions has given and has left: one minus the other tells what the dossier got.
TOTALS = ["777777", "1777777", "8222223", "1,8M€", "8,2M€"]


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


@pytest.fixture
def kept(session):
    """A dossier whose title, review, opinion and passages beside another all carry the marker; decided, and shown."""
    first = dossier(session, title=SEEN)
    session.state = "convened"
    session.save()
    item = dossier(session, title=f"{WORD} {MARKER}")
    last = dossier(session)
    item.case.reviews.update(comment=f"{MARKER} de l’évaluation")
    opinion_given(opinion_asked(item.case), f"{MARKER} de l’avis")
    session.state = "open"
    session.save()
    for case, other in ((first.case, item.case), (item.case, first.case)):
        pair = {"mine": "Une phrase.", "theirs": f"Une phrase de {other.title}."}
        SimilarProject.objects.create(case=case, other=other, score=0.9, passages=[pair])
    decided(item, Decision.Outcome.SELECTED, GRANTED)
    decided(last, Decision.Outcome.SELECTED, OTHER)
    moved_to(first, AgendaItem.State.REVEALED)
    session.board.current = item
    session.board.save()
    return item


def dossier(session, **fields):
    return agenda_item(session, call=CallFactory(fund=session.fund, published=True), **fields)


class Reader(Robot):
    """One that keeps to what is read signed in: what is public tells everyone the same."""

    def _links(self, address, text):
        own = ("/espace/", "/comite/", "/secretariat/", "/dossiers/", "/avis/")
        return [link for link in super()._links(address, text) if link.startswith(own)]


def reached(client, session, user, tmp_path):
    """Everything that someone reaches from their own pages: {address: text}; their book with all that it holds."""
    client.force_login(user)
    key = book_key(user, session)
    path = tmp_path / "livre.pdf"
    committee_book(key, path)
    order("selection.committee_book", key)
    file = storage.store([path.read_bytes()], content_type="application/pdf")
    ProducedDocument.objects.filter(subject_key=key).update(
        state="done", file=file, pages=1, done_at=clock.now()
    )
    here = session.get_absolute_url()
    starts = ["/espace/", "/comite/", here, f"{here}tableau/direct/", f"/recherche/?q={WORD}"]
    robot = Reader(client).crawl(starts)
    book = f"{here}livre.pdf"
    assert robot.found.pop(book)
    letters = OutgoingEmail.objects.filter(to=user.email)
    letters = [f"{each.context} {each.calendar} {each.body}" for each in letters]
    return robot.found | {book: told_by(path), "courriels": "\n".join(letters)}


def titles(outline):
    """The titles of an outline, at whatever depth."""
    return [title for each in outline for title in (titles(each) if isinstance(each, list) else [each.title])]


def told_by(path):
    """The text of a PDF, the titles of its outline, its metadata, the names of its attachments."""
    pdf = PdfReader(io.BytesIO(path.read_bytes()))
    words = [page.extract_text() for page in pdf.pages]
    words += [*titles(pdf.outline), str(pdf.metadata), str(pdf.xmp_metadata and pdf.xmp_metadata.dc_title)]
    return "\n".join([*words, *pdf.attachments])


def holding(found, marker):
    return {address for address, text in found.items() if marker in re.sub(r"\s", "", text)}


def test_a_recused_member_reaches_no_trace_of_the_dossier_nor_of_its_share_of_a_total(
    client, session, kept, tmp_path
):
    recused, other = (member_of(session.committee).user for _ in range(2))
    all_present(session)
    conflicts.recuse_oneself(kept.case.application, reason="Ancien employeur", by=recused)
    moved = {"title": session.title, "held_on": session.held_on, "starts_at": None, "place": "Salle 4"}
    actions.change_session(session, **moved, by=officer_of(session.fund))

    theirs = reached(client, session, recused, tmp_path)
    others = reached(client, session, other, tmp_path)

    here, reference = session.get_absolute_url(), str(kept)
    everywhere = {here, f"{here}livre.pdf", f"{here}tableau/", f"{here}tableau/direct/"}
    assert everywhere | {f"{here}dossiers/{reference}/"} <= holding(others, MARKER)
    parts = [f"{MARKER}del’évaluation", f"{MARKER}del’avis", f"Unephrasede{WORD}{MARKER}."]
    assert [f"{here}livre.pdf" in holding(others, part) for part in parts] == [True] * 3
    assert everywhere <= holding(theirs, SEEN)
    assert "METHOD:REQUEST" in theirs["courriels"]
    assert [holding(theirs, said) for said in (MARKER, reference)] == [set(), set()]
    assert {total: holding(theirs, total) for total in TOTALS} == {total: set() for total in TOTALS}
    assert all(holding(others, total) for total in TOTALS)


# What an address asks beside the session and the dossier.
ASKED = {
    "committee_opinion_file": [1],
    "take_step": ["reveler"],
    "letter_file": [1],
    "letter_file_pdf": [1],
}
OF_A_DOSSIER = [each.name for each in committee_urls.urlpatterns if "<slug:reference>" in str(each.pattern)]


@pytest.mark.parametrize("name", OF_A_DOSSIER)
def test_every_address_of_the_dossier_answers_as_if_it_did_not_exist(client, session, kept, name):
    kept.case.application.recusals.create(user=chair_of(session), reason="Ancien employeur")
    client.force_login(chair_of(session))
    address = reverse(f"selection:{name}", args=[session.pk, str(kept), *ASKED.get(name, [])])

    answers = {client.get(address).status_code, client.post(address).status_code}

    assert answers in ({404}, {404, 405})
