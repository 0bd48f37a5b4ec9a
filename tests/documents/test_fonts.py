"""What is typed is drawn, with the project's own fonts: whatever the writing, whatever the machine has."""

import io
from contextlib import closing

import pikepdf
import pypdfium2
import pytest

from calls.templatetags.prose import prose
from documents import pdf
from documents.lettering import drawable
from tests.documents.conforming import failures

TYPED = "Cœur ≥ 50 % → ✓ 😀 🚀 👩\u200d💻 Ωμέγα Жизнь"
ARABIC = "مرحبا بكم في الصندوق."


def printed(body, brand="neutral"):
    sheets = "".join(
        f"<link rel=stylesheet href=/static/print/{name}.css>" for name in ("print", f"print-{brand}")
    )
    page = f"<!doctype html><html lang=fr><head><title>Essai</title>{sheets}</head><body>{body}</body></html>"
    return pdf.render(page, title="Essai")


def words_of(made):
    with closing(pypdfium2.PdfDocument(made)) as opened:
        return " ".join(opened[0].get_textpage().get_text_bounded().split())


@pytest.mark.parametrize(("brand", "letters"), [("state", "Marianne"), ("neutral", "Noto-Sans")])
def test_every_writing_is_drawn_with_fonts_of_the_project(brand, letters):
    made = printed(prose(f"{TYPED}\n\n**gras**\n\n{ARABIC}"), brand)

    with pikepdf.open(io.BytesIO(made)) as opened:
        drawn = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary)]
        names = {str(each.BaseFont).partition("+")[2] for each in drawn if "/BaseFont" in each}
        embedded = ["/FontFile2" in each or "/FontFile3" in each for each in drawn if "/FontBBox" in each]
    # Marianne has no Greek and no Cyrillic.
    assert names == {letters, f"{letters}-Bold", "Noto-Sans", "DejaVu-Sans", "Noto-Emoji"}
    assert (len(embedded), all(embedded)) == (len(names), True)
    assert words_of(made) == f"{TYPED} gras {ARABIC} 1 / 1"
    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())


def test_a_paragraph_in_arabic_begins_at_the_right():
    assert prose(f"Un mot.\n\n{ARABIC}") == f'<p>Un mot.</p>\n<p dir="rtl">{ARABIC}</p>\n'


def test_what_no_font_draws_is_written_as_its_number():
    made = printed("<p>漢 A\x01B \ue000 a\u2028b</p>")

    assert words_of(made) == "[U+6F22] A[U+0001]B [U+E000] a b 1 / 1"
    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())


@pytest.mark.parametrize(
    "mark", ["\u00a0", "\u202f", "\u200d", "\ufe0f", "\u00ad", "\u200b", "\ufeff", "\t", "\n"]
)
def test_what_is_not_seen_is_left_alone(mark):
    assert drawable(f"a{mark}b") == f"a{mark}b"


def test_a_title_may_hold_what_xml_may_not():
    page = "<!doctype html><html lang=fr><head><title>Essai</title></head><body><h1>x</h1></body></html>"

    made = pdf.render(page, title="A\x01B\ufffe")

    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())
