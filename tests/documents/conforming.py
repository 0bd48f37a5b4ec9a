"""What a validator finds against a PDF."""

import io
import unicodedata
from contextlib import closing

import page
import pikepdf
import pypdfium2

MARGIN = 62  # points, above and below what a page says: those of the print style sheet


def failures(pdf, standard):
    """Return the rules of a standard ("3a" for PDF/A-3a, "ua1" for PDF/UA-1) that a PDF, in bytes, breaks.

    The validator takes a stream whose data end with a carriage return (one in 256) for one of the wrong length:
    there, qpdf's word is taken instead.
    """
    report = page.validate_pdf_bytes(
        pdf, profile=page.ValidationProfile(standard), limits=page.SafetyLimits.unlimited()
    )
    broken = {failure.rule_id for failure in report.failures}
    if "PDFA3A-STREAM-LENGTH-001" in broken and not syntax_errors(pdf):
        broken.remove("PDFA3A-STREAM-LENGTH-001")
    return broken


def syntax_errors(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.check_pdf_syntax()


def faults(pdf):
    """What keeps a document, in bytes, from being read by anyone: rules broken, and what no rule asks for."""
    found = [*failures(pdf, "ua1"), *failures(pdf, "3a")]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        if str(opened.Root.get("/Lang")) != "fr":
            found.append("language")
        if not str(opened.docinfo.get("/Title", "")):
            found.append("title")
        with opened.open_outline() as outline:
            if not outline.root:
                found.append("outline")
        for element in opened.objects:
            if not isinstance(element, pikepdf.Dictionary):
                continue
            kind = element.get("/S")
            if kind == "/Figure" and not str(element.get("/Alt", "")):
                found.append("figure without words")
            if kind == "/TH" and str(element.A.get("/Scope")) not in ("/Column", "/Row"):
                found.append("header without scope")
    return found + unnumbered(pdf)


def unnumbered(pdf):
    """The pages that do not say « 3 / 17 »; a cover does not."""
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        feet = [page.get_textpage().get_text_bounded(top=MARGIN) for page in opened]
    ends = [f"{number} / {len(feet)}" for number in range(1, len(feet) + 1)]
    return [
        f"number of page {number}"
        for number, (foot, end) in enumerate(zip(feet, ends, strict=True), start=1)
        if not foot.strip().endswith(end) and (number > 1 or foot.strip())
    ]


def words(pdf):
    """All that a document says between its margins, page after page, ready for `missing`."""
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        pages = [
            page.get_textpage().get_text_bounded(bottom=MARGIN, top=page.get_height() - MARGIN + 6)
            for page in opened
        ]
    return _bare("".join(pages))


def missing(pdf, values):
    """Those of the values that a document does not say, each after the one before, however its lines are cut."""
    said, at, found = words(pdf), 0, []
    for value in values:
        place = said.find(_bare(value), at)
        if place < 0:
            found.append(value)
        else:
            at = place + len(_bare(value))
    return found


def _bare(text):
    return "".join(unicodedata.normalize("NFKC", text).split())
