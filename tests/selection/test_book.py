"""The committee book: what it is put together from, its table of contents, the numbers of its pages."""

import re

import pypdf
import pytest

from documents import actions as documents
from documents import pdf
from documents.models import ProducedDocument
from documents.pdf import PdfFailed
from documents.produced import builders
from selection.access import whole_book_key
from selection.book import BOOK, SHEET, committee_book, contents
from selection.models import AgendaItem, CommitteeSession
from tests.documents.conforming import failures
from tests.factories import FundFactory, agenda_item, committee_session
from tests.selection.opinion_factories import opinion_asked, opinion_given


@pytest.fixture
def session(db):
    """Two dossiers on the agenda; an expert spoke of the second."""
    session = committee_session(FundFactory(), state=CommitteeSession.State.CONVENED)
    for title in ("Guichet clair", "Mobilité simple"):
        item = agenda_item(session, title=title)
    opinion_given(opinion_asked(item.case), text="Avis favorable de l’expert.")
    return session


def made(session, tmp_path):
    path = tmp_path / "livre.pdf"
    committee_book(whole_book_key(session), path)
    return path


def asked_for_book(session):
    """Have the worker come for the book: what it is put together from is asked for."""
    documents.produce(documents.order(BOOK, whole_book_key(session)).pk)


def sheets():
    return set(ProducedDocument.objects.filter(kind=SHEET))


def said(page):
    return " ".join(page.extract_text().split())


def test_the_table_of_contents_gives_the_page_of_each_part_and_leads_there(session, tmp_path):
    reader = pypdf.PdfReader(made(session, tmp_path))
    numbers = {page.indirect_reference: number for number, page in enumerate(reader.pages, start=1)}
    links = [note.get_object() for page in reader.pages[:2] for note in page.get("/Annots", [])]
    places = [numbers[link["/Dest"][0]] for link in links]

    parts = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert [entry.title.split(" – ")[-1] for entry in parts] == [
        "Sommaire", "Instruction", "Guichet clair", "Instruction", "Mobilité simple",
    ]  # fmt: skip
    assert places == [reader.get_destination_page_number(entry) + 1 for entry in parts[1:]]
    table = " ".join(said(page) for page in reader.pages[:2])
    assert re.findall(r"(?:Instruction|Dossier) : (\d+)", table) == [str(place) for place in places]


def test_each_page_says_where_it_stands_in_the_book(session, tmp_path):
    pages = pypdf.PdfReader(made(session, tmp_path)).pages

    numbered = [
        said(page).endswith(f"Livre du comité – {at} / {len(pages)}") for at, page in enumerate(pages, 1)
    ]

    assert numbered == [True] * len(pages)


def test_a_book_conforms_to_both_standards(session, tmp_path):
    book = made(session, tmp_path).read_bytes()

    assert (failures(book, "ua1"), failures(book, "3a")) == (set(), set())


def test_a_book_is_made_of_a_sheet_and_a_dossier_for_each_item(session):
    items = session.items.order_by("position")

    parts = [(kind, key.rpartition("/")[0] or key) for kind, key in contents(whole_book_key(session)).parts()]

    assert parts == [
        part
        for item in items
        for part in (
            ("selection.book_sheet", f"session/{session.pk}/{item.pk}"),
            ("applications.dossier", str(item.case.submission_id)),
        )
    ]


def test_once_an_amount_has_changed_one_sheet_is_asked_for_again(session):
    changed = session.items.order_by("position").last()
    asked_for_book(session)
    before = sheets()
    AgendaItem.objects.filter(pk=changed.pk).update(proposed_amount=900)

    asked_for_book(session)

    assert [each.subject_key.split("/")[2] for each in sheets().difference(before)] == [str(changed.pk)]


def test_a_sheet_of_what_has_changed_since_is_not_made(session, tmp_path):
    kind, key = contents(whole_book_key(session)).parts()[0]
    session.items.update(proposed_amount=900)

    with pytest.raises(PdfFailed) as refused:
        builders[kind](key, tmp_path / "fiche.pdf")

    assert refused.value.reason == "changed"


def test_only_what_changed_is_rendered_again(session, tmp_path, monkeypatch):
    printed, render = [], pdf.render

    def spied(html, *, title, **given):
        printed.append(title.split(" – ")[0])
        return render(html, title=title, **given)

    made(session, tmp_path)
    monkeypatch.setattr(pdf, "render", spied)
    item = session.items.order_by("position").first()
    opinion_given(opinion_asked(item.case), text="Un autre avis.")

    made(session, tmp_path)

    assert printed == ["Instruction", "Livre du comité"]
