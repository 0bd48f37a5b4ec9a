"""The dossiers of a call as one ZIP: a folder each, its content as it was frozen, its PDF, its files if asked for."""

import re
import tempfile
import zipfile
from pathlib import Path

from applications.produced import dossier as build_dossier
from calls.questionnaire.definition import canonical
from documents import storage
from documents.models import ProducedDocument, StoredFile
from documents.pdf import PdfFailed
from selection.exports.contents import AT_A_TIME, in_blocks

README = "LISEZ-MOI.txt"


def write(path, cases, *, with_files):
    """Write the ZIP at a path; yields the place of each case once its folder is written."""
    found = cases.select_related("application", "submission").defer("search", "files_search")
    missing = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as book:
        for block in in_blocks(found.order_by("application__reference").iterator(chunk_size=AT_A_TIME)):
            made = ProducedDocument.objects.latest_of_each(
                "applications.dossier", [str(case.submission_id) for case in block]
            )
            for case in block:
                missing += _folder(book, case, made.get(str(case.submission_id)), with_files)
                yield case.pk
        book.writestr(README, _readme(missing))


def _folder(book, case, document, with_files):
    """Write what there is of one dossier; return in words what there is not."""
    reference, missing = case.application.reference, []
    # To the byte, so that the file's own SHA-256 is that of the filing.
    book.writestr(f"{reference}/{reference}.json", canonical(case.submission.content))
    try:
        _add_pdf(book, f"{reference}/{reference}.pdf", document, case.submission_id)
    except PdfFailed as failure:
        missing.append(f"{reference} : le PDF manque. {failure}")
    if with_files:
        missing += _add_files(book, case, reference)
    return missing


def _add_pdf(book, name, document, submission_pk):
    """The PDF already made, or else made now."""
    if document and document.file:
        book.write(storage.path_of(document.file), name, zipfile.ZIP_STORED)
        return
    with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
        target = Path(folder) / "dossier.pdf"
        build_dossier(str(submission_pk), target)
        book.write(target, name, zipfile.ZIP_STORED)


def _add_files(book, case, reference):
    """The files that were filed; one that the antivirus withholds is left out, and said to be."""
    filed, missing = case.submission.content["attachments"], []
    kept = StoredFile.objects.in_bulk({each["sha256"] for each in filed}, field_name="sha256")
    for number, each in enumerate(filed, start=1):
        file = kept.get(each["sha256"])
        path = file and storage.path_of(file)
        if file is None or file.withheld or not path.exists():
            missing.append(f"{reference} : la pièce « {each['name']} » n’est pas remise.")
        else:
            book.write(path, f"{reference}/pieces/{number:02} {plain(each['name'])}", zipfile.ZIP_STORED)
    return missing


def plain(name):
    """A name that leads nowhere else than where it is put, on any system."""
    return re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "_", name).strip(" .")[:120] or "piece"


def _readme(missing):
    text = (
        "Un dossier par candidature : son contenu tel qu’il a été déposé (JSON), son PDF, et ses pièces"
        " lorsqu’elles ont été demandées.\n\n"
    )
    told = "\n".join(f"- {each}" for each in missing)
    return text + (f"Ce qui manque :\n{told}\n" if missing else "Rien ne manque.\n")
