"""What a validator finds against a PDF."""

import io

import page
import pikepdf


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
