"""Writing on each page of a book where it stands in it: « Livre du comité – 345 / 1952 », at the top right.

Parts are made before anyone knows where they will stand, and serve several books. So the number is laid over their
pages when these are put together, as an artifact, which a screen reader passes over (ISO 32000-1, 14.8.2.2). A font
must be in the file (PDF/A): that of a line printed once with every character that is needed, and whose glyphs are found
by the table that says which character each stands for (`ToUnicode`, 9.10.3).
"""

import io
import re

import pikepdf
from pikepdf import Name

from documents import pdf

SIZE = 8  # points
TOP, RIGHT = 34, 56.7  # points from the edges of the page: above what the parts write, along their margin
GREY = 0.35
DIGITS = "0123456789 /–"
GLYPH = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", re.IGNORECASE)


class Numbers:
    """What numbers the pages of one file being put together."""

    def __init__(self, book, label):
        characters = "".join(sorted({*label, *DIGITS}))
        printed = pdf.render_template("print/numbers.html", {"characters": characters}, title="Numéros")
        with pikepdf.open(io.BytesIO(printed)) as line:
            [font] = [
                font for font in line.pages[0].Resources.Font.values() if covers(glyphs_of(font), characters)
            ][:1]
            self.glyphs, self.widths = glyphs_of(font), widths_of(font)
            self.font = book.copy_foreign(font)
        self.book, self.label = book, label
        self.before = book.make_stream(b"q\n")

    def write(self, page, number, total):
        """Lay a page's number over what it shows; what it shows may leave its own scale behind."""
        text = f"{self.label} – {number} / {total}"
        codes = [self.glyphs[character] for character in text]
        width = sum(self.widths[code] for code in codes) * SIZE / 1000
        _, _, right, top = map(float, page.obj.MediaBox)
        shown = "".join(f"{code:04x}" for code in codes)
        page.obj.Resources.Font[Name.BookNumber] = self.font
        page.contents_add(self.before, prepend=True)
        page.contents_add(
            self.book.make_stream(
                f"\nQ /Artifact <</Type /Pagination /Subtype /Header /Attached [/Top]>> BDC q {GREY} g BT\n"
                f"/BookNumber {SIZE} Tf {right - RIGHT - width:.2f} {top - TOP:.2f} Td <{shown}> Tj\n"
                f"ET Q EMC\n".encode()
            )
        )


def covers(glyphs, characters):
    return all(character in glyphs for character in characters)


def glyphs_of(font):
    """{character: number of its glyph} of a font that WeasyPrint wrote."""
    pairs = GLYPH.findall(font.ToUnicode.read_bytes())
    return {chr(int(character, 16)): int(glyph, 16) for glyph, character in pairs}


def widths_of(font):
    """{number of a glyph: its width, in thousandths of the size}, from its runs « first [width width …] »."""
    runs = list(font.DescendantFonts[0].W)
    return {
        int(first) + place: float(width)
        for first, widths in zip(runs[::2], runs[1::2], strict=True)
        for place, width in enumerate(widths)
    }
