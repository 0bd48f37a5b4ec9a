"""The tables of a dossier as XLSX files: out and back, and what is odd in them is said cell by cell."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from applications.tables import TABLES
from tests.applications.grids import page_of, typed
from tests.applications.test_tables import TYPED, rows, with_tables
from tests.factories import CallFactory, draft


def sent(client, application, book, kind="financing", *, sheet=lambda xml: xml):
    """The answer to a workbook; `sheet` changes the XML of its first sheet."""
    saved, target = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (sheet if name.endswith("sheet1.xml") else bytes)(old.read(name)))
    upload = SimpleUploadedFile("plan.xlsx", target.getvalue())
    return client.post(page_of(application, kind) + "importer/", {"upload": upload})


def book_of(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    return book


@pytest.fixture
def application(db, client):
    application = draft(call=CallFactory(published=True))
    client.force_login(application.created_by)
    return application


def test_every_table_goes_out_as_a_workbook_and_comes_back_the_same(client, db):
    application = with_tables(*TABLES)
    client.force_login(application.created_by)

    for kind in TABLES:
        client.post(page_of(application, kind), rows(TYPED[kind]))
        before = TABLES[kind].lines(application)
        content = client.get(page_of(application, kind) + "tableau.xlsx").content
        upload = SimpleUploadedFile("tableau.xlsx", content)
        page = client.post(page_of(application, kind) + "importer/", {"upload": upload})

        grid = page.context["grid"]
        back = grid.lines if grid else page.context["formset"].rows()
        assert (page.context["imported"]["problems"], TABLES[kind].typed(back)) == ([], before)


def test_the_template_has_headings_lists_and_how_to(client, application):
    book = openpyxl.load_workbook(io.BytesIO(client.get(page_of(application) + "modele.xlsx").content))

    assert book.sheetnames == ["Plan de financement", "Mode d’emploi"]
    assert [cell.value for cell in book.active[1]][:3] == ["Source", "Nature", "Précision"]
    assert len(book.active.data_validations.dataValidation) == 2


def test_a_text_that_begins_like_a_formula_stays_a_text(client, application):
    line = {"row": 1, "year": 2026, "source": "own", "label": "=1+1", "amount": 5}
    actions.set_table(application, "financing", [line], by=application.created_by)

    book = openpyxl.load_workbook(io.BytesIO(client.get(page_of(application) + "tableau.xlsx").content))

    assert (book.active["C2"].value, book.active["C2"].data_type) == ("=1+1", "s")


def test_formulas_without_a_value_and_wrong_cells_are_named(client, application):
    page = sent(
        client,
        application,
        book_of(["Source", 2026, 2027], ["partenaire", "=1+1", 7.25], ["Mars", "cher", 1]),
    )

    assert [problem.split(" : ")[0] for problem in page.context["imported"]["problems"]] == [
        "B2",
        "A3",
        "A3",
        "B3",
    ]
    assert typed(page)[0][1] == {2027: "7.25"}
    assert application.financing_lines.count() == 0


def test_what_is_hidden_is_left_aside_and_said(client, application):
    book = book_of(["Source", 2026, 2027], ["partenaire", 1, 2], ["partenaire", 3, 4])
    book.active.column_dimensions["C"].hidden = True
    book.active.row_dimensions[3].hidden = True
    book.create_sheet("Secrets").sheet_state = "hidden"

    page = sent(client, application, book)

    assert typed(page)[0][1] == {2026: "1"}
    assert (len(typed(page)), page.context["imported"]["notes"][:3]) == (
        1,
        [
            "Feuilles masquées, non lues : Secrets.",
            "Colonnes masquées, non lues : C.",
            "Lignes masquées, non lues : 3.",
        ],
    )


@pytest.mark.parametrize(
    "book",
    [
        book_of(["x"] * 41),
        book_of(*[["x"]] * 401),
        book_of(["Source", *range(2026, 2042)], ["fonds", 1]),
        book_of(),
    ],
)
def test_a_workbook_that_is_no_table_is_refused_beside_the_field(client, application, book):
    page = sent(client, application, book)

    assert list(page.context["form"].errors) == ["upload"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"plain text"])
def test_a_file_that_is_no_workbook_is_refused(client, application, content):
    page = client.post(page_of(application) + "importer/", {"upload": SimpleUploadedFile("a.xlsx", content)})

    assert list(page.context["form"].errors) == ["upload"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        (b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"'),
        (b'<dimension ref="A1:B2"', b'<dimension ref="A1"'),
    ],
)
def test_what_a_sheet_says_of_its_size_is_not_believed(client, application, before, after):
    book = book_of(["Source", 2026], ["partenaire", 7])

    page = sent(client, application, book, sheet=lambda xml: xml.replace(before, after))

    assert typed(page)[0][1] == {2026: "7"}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (1_500_000, "Ce classeur est trop gros une fois ouvert"),
        (3_000_000, "Ce classeur est trop gros une fois ouvert"),
        (41, "La feuille dépasse 400 lignes ou 40 colonnes"),
    ],
)
def test_a_row_that_never_ends_is_refused(client, application, cells, told):
    row = b"<row>" + b"<c/>" * cells + b"</row></sheetData>"

    page = sent(client, application, book_of(["Source"]), sheet=lambda xml: xml.replace(b"</sheetData>", row))

    assert page.context["form"].errors["upload"][0].startswith(told)
