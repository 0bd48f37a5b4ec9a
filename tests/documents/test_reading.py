"""The words of a file, whatever it is."""

import io
import zipfile

import openpyxl
import pikepdf
import pytest

from documents import actions, storage, uploads
from documents.models import FileText, StoredFile

pytestmark = pytest.mark.django_db
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><text:h>Guichet</text:h>'
    "<text:p>Un <text:span>seul</text:span> accueil</text:p></office:document-content>"
)
ENTITIES = "".join(f'<!ENTITY e{rank} "{f"&e{rank - 1};" * 100}">' for rank in range(1, 6))
BOMB = f'<!DOCTYPE a [<!ENTITY e0 "boum">{ENTITIES}]><w:document {W}><w:p>&e5;</w:p></w:document>'


def zipped(**parts):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def docx(*paragraphs):
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in paragraphs)
    return zipped(**{"word/document.xml": f"<w:document {W}>{lines}</w:document>"})


def pdf(line):
    document, kept = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_stream(f"BT /F1 12 Tf 50 50 Td ({line}) Tj ET".encode())
    document.save(kept)
    return kept.getvalue()


def workbook():
    kept, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["Poste", "Montant"])
    book.save(kept)
    return kept.getvalue()


def read(content, suffix):
    content_type = uploads.TYPES.get(suffix, "text/plain")
    actions.read_words(storage.store([content], content_type=content_type))
    return FileText.objects.get()


def test_a_word_document_is_read_line_by_line():
    assert read(docx("Un guichet", "pour tous"), ".docx").text == "Un guichet\npour tous"


def test_a_pdf_is_read():
    assert read(pdf("Un guichet"), ".pdf").text == "Un guichet"


def test_a_text_of_open_document_is_read():
    assert read(zipped(**{"content.xml": ODT}), ".odt").text == "Guichet\nUn seul accueil"


def test_a_workbook_is_read():
    assert read(workbook(), ".xlsx").text == "Poste\nMontant"


@pytest.mark.parametrize("said", ["Été\0".encode(), "Été ".encode("cp1252")])
def test_a_plain_text_is_read_in_either_writing(said):
    assert read(said, ".txt").text == "Été"


def test_a_drawing_without_words_holds_nothing():
    assert read(docx(), ".docx").state == FileText.State.NOTHING


@pytest.mark.parametrize(
    "hostile", [b"%PDF-1.4 nothing", zipped(**{"word/document.xml": BOMB}), docx("x" * 60_000_000)]
)
def test_a_hostile_file_is_unreadable_and_harms_nothing(hostile):
    suffix = ".pdf" if hostile.startswith(b"%PDF") else ".docx"

    assert read(hostile, suffix).state == FileText.State.UNREADABLE


def test_a_file_is_read_once():
    file = storage.store([b"Une fois"], content_type="text/plain")

    actions.read_words(file)
    actions.read_words(file)

    assert (StoredFile.objects.count(), FileText.objects.count()) == (1, 1)
