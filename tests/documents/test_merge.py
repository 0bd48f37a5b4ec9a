import io

import pikepdf
import pypdf
import pytest

from documents import merge, pdf
from tests.documents.conforming import failures
from tests.documents.pdf_samples import DOSSIER, RECEIPT, make


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """A cover and four documents, two of which are the same."""
    folder = tmp_path_factory.mktemp("parts")
    made = [make(RECEIPT, "Sommaire"), *(make(DOSSIER, f"Projet {number}") for number in (1, 2, 3))]
    paths = []
    for number, content in enumerate([*made, made[-1]]):
        paths.append(folder / f"{number}.pdf")
        paths[-1].write_bytes(content)
    return [
        ("Sommaire", paths[0]),
        *((f"Dossier n° {number}", path) for number, path in enumerate(paths[1:], 1)),
    ]


@pytest.fixture(scope="module")
def book(parts, tmp_path_factory):
    """The bytes of the five parts in one file."""
    path = tmp_path_factory.mktemp("book") / "book.pdf"
    merge.merge(parts, title="Livre du comité & annexes", output_path=path)
    return path.read_bytes()


def test_a_book_conforms_to_both_standards(book):
    assert (failures(book, "ua1"), failures(book, "3a")) == (set(), set())


def test_a_book_holds_all_pages_of_its_parts(parts, tmp_path):
    pages = merge.merge(parts, title="Livre", output_path=tmp_path / "book.pdf")

    assert pages == merge.page_count(tmp_path / "book.pdf") == 1 + 4 * 7


def test_a_book_says_all_that_its_parts_say(parts, book):
    said = [text(page) for _, path in parts for page in pypdf.PdfReader(path).pages]

    assert [text(page) for page in pypdf.PdfReader(io.BytesIO(book)).pages] == said


def text(page):
    return page.extract_text()


def test_the_outline_opens_each_part(book):
    reader = pypdf.PdfReader(io.BytesIO(book))

    parts = [entry for entry in reader.outline if not isinstance(entry, list)]
    entries = [(entry.title, reader.get_destination_page_number(entry)) for entry in parts]

    assert entries == [
        ("Sommaire", 0),
        ("Dossier n° 1", 1),
        ("Dossier n° 2", 8),
        ("Dossier n° 3", 15),
        ("Dossier n° 4", 22),
    ]


def test_the_outline_holds_the_headings_of_each_part(book):
    reader = pypdf.PdfReader(io.BytesIO(book))

    [_, [name, under]] = [entry for entry in reader.outline if isinstance(entry, list)][:2]

    first = under[0]
    assert (name.title, first.title) == ("Projet 1", "Le projet en bref")
    assert reader.get_destination_page_number(first) == 2


def test_each_part_is_a_branch_of_the_structure(book):
    with pikepdf.open(io.BytesIO(book)) as opened:
        [body] = opened.Root.StructTreeRoot.K

        assert [str(part["/S"]) for part in body.K] == ["/Part"] * 5
        assert str(opened.Root.Lang) == "fr"
        assert str(opened.docinfo.Title) == "Livre du comité & annexes"


def test_every_page_finds_its_own_structure(book):
    with pikepdf.open(io.BytesIO(book)) as opened:
        numbers = list(opened.Root.StructTreeRoot.ParentTree.Nums)
        elements = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))

        owners = [elements[int(page.obj.StructParents)][0].Pg for page in opened.pages]

        assert owners == [page.obj for page in opened.pages]


def test_internal_links_still_lead_to_their_own_part(parts, tmp_path):
    receipt = parts[0]

    merge.merge([receipt, receipt], title="Livre", output_path=tmp_path / "book.pdf")

    reader = pypdf.PdfReader(tmp_path / "book.pdf")
    links = [note["/Dest"] for page in reader.pages for note in page["/Annots"] if "/Dest" in note]
    places = [reader.get_destination_page_number(reader.named_destinations[link]) for link in links]
    assert places == [0, 1]


TABLE = "<html lang=fr><title>x</title><h1>Sommaire</h1><p><a href='part:2'>Le second : 8</a></p>"


@pytest.fixture
def numbered(parts, tmp_path, db):
    """The bytes of a table of contents and two dossiers, numbered."""
    (tmp_path / "table.pdf").write_bytes(pdf.render(TABLE, title="Sommaire"))
    merge.merge(
        [("Sommaire", tmp_path / "table.pdf"), *parts[1:3]],
        title="Livre",
        output_path=tmp_path / "book.pdf",
        numbered="Livre complémentaire n° 1",
    )
    return (tmp_path / "book.pdf").read_bytes()


def test_each_page_says_where_it_stands_in_the_book(numbered):
    numbers = [text(page).splitlines()[-1] for page in pypdf.PdfReader(io.BytesIO(numbered)).pages]

    assert numbers == [f"Livre complémentaire n° 1 – {number} / 15" for number in range(1, 16)]


def test_a_numbered_book_conforms_to_both_standards(numbered):
    assert (failures(numbered, "ua1"), failures(numbered, "3a")) == (set(), set())


def test_the_number_of_a_page_is_passed_over_by_a_screen_reader(numbered):
    with pikepdf.open(io.BytesIO(numbered)) as opened:
        *_, last = opened.pages[3].obj.Contents

        assert last.read_bytes().split(b" q ")[0] == (
            b"\nQ /Artifact <</Type /Pagination /Subtype /Header /Attached [/Top]>> BDC"
        )


def test_a_link_to_a_part_leads_to_its_first_page_and_says_its_title(numbered):
    reader = pypdf.PdfReader(io.BytesIO(numbered))

    [link] = [note.get_object() for note in reader.pages[0]["/Annots"]]

    assert (link["/Dest"][0].get_object(), link["/Contents"]) == (reader.pages[8], "Dossier n° 2")
    assert "/A" not in link


def test_a_part_without_tags_is_refused(tmp_path):
    with pikepdf.new() as scan:
        scan.add_blank_page()
        scan.save(tmp_path / "scan.pdf")

    with pytest.raises(ValueError, match="not a tagged PDF: Annexe"):
        merge.merge([("Annexe", tmp_path / "scan.pdf")], title="Livre", output_path=tmp_path / "book.pdf")


def test_a_book_without_parts_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one part"):
        merge.merge([], title="Livre", output_path=tmp_path / "book.pdf")


def test_a_name_is_kept_as_typed(tmp_path):
    (tmp_path / "one.pdf").write_bytes(pdf.render("<p>x</p>", title="Un"))

    merge.merge(
        [("Évaluation « <b>n°\u202f1</b> »", tmp_path / "one.pdf")],
        title="a<b&c",
        output_path=tmp_path / "b.pdf",
    )

    reader = pypdf.PdfReader(tmp_path / "b.pdf")
    assert (reader.outline[0].title, reader.xmp_metadata.dc_title["x-default"]) == (
        "Évaluation « <b>n°\u202f1</b> »",
        "a<b&c",
    )
