"""What may come in: office documents, PDF and images, whose content is what their name says."""

import logging
import zipfile
from pathlib import Path

import pikepdf
import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image

logger = logging.getLogger(__name__)

PDF = "application/pdf"
OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
TYPES = {
    ".pdf": PDF,
    ".docx": OOXML + "wordprocessingml.document",
    ".xlsx": OOXML + "spreadsheetml.sheet",
    ".pptx": OOXML + "presentationml.presentation",
    ".odt": ODF + "text",
    ".ods": ODF + "spreadsheet",
    ".odp": ODF + "presentation",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
ACCEPTED = "PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, PNG ou JPEG"
MAX_EXPANSION = 100_000_000  # bytes that an office document may grow to when opened
MAX_PIXELS = 50_000_000
MAX_DECLARATION = 1_000_000  # bytes of the part where an office document says what it is
TAIL = 4096
MAX_NAME = 160  # what the database keeps of a name
MACROS = ("basic/", "scripts/")


def check(upload):
    """Return the content type of an uploaded file.

    Raises:
        ValidationError: in French, with the reason and what is accepted.
    """
    name = upload.name
    suffix = Path(name).suffix.lower()
    if not name.isprintable() or suffix not in TYPES:
        raise ValidationError(f"« {name} » n’est pas accepté. Formats acceptés : {ACCEPTED}.", code="type")
    if len(name) > MAX_NAME:
        raise ValidationError(
            f"Le nom « {name[:40]}… » est trop long : {MAX_NAME} caractères au plus. Renommez le fichier.",
            code="name",
        )
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        size = f"{upload.size / (1024 * 1024):.1f}".replace(".", ",")
        raise ValidationError(
            f"« {name} » pèse {size} Mo ; la limite est de {limit} Mo. Réduisez-le ou scindez-le.",
            code="size",
        )
    if upload.size == 0:
        raise ValidationError(f"« {name} » est vide.", code="empty")
    expected = TYPES[suffix]
    if not _content_is(upload, expected):
        raise ValidationError(
            f"Le contenu de « {name} » n’est pas celui d’un fichier {suffix[1:].upper()}, ou il est abîmé."
            f" Formats acceptés : {ACCEPTED}.",
            code="content",
        )
    return expected


def _content_is(upload, expected):
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    try:
        if expected == PDF:
            return head.startswith(b"%PDF-") and _is_pdf(upload)
        if expected.startswith("image/"):
            return _is_image(upload, expected)
        return _is_office(upload, expected)
    except Exception as error:
        # Libraries choke on broken, protected or hostile files in many ways: each is a reason to refuse.
        logger.info("refused upload: %s", type(error).__name__)
        return False
    finally:
        upload.seek(0)


def _is_pdf(upload):
    """A PDF and nothing behind it: no archive or page hidden after its end."""
    upload.seek(max(0, upload.size - TAIL))
    ends = upload.read().rpartition(b"%%EOF")
    upload.seek(0)
    if not ends[1] or ends[2].strip(b"\r\n\t \0") or zipfile.is_zipfile(upload):
        return False
    upload.seek(0)
    with pikepdf.open(upload) as pdf:
        return len(pdf.pages) > 0


def _is_image(upload, expected):
    if puremagic.from_string(upload.read(4096), mime=True) != expected:
        return False
    upload.seek(0)
    with Image.open(upload) as image:
        return Image.MIME[image.format] == expected and image.width * image.height <= MAX_PIXELS


def _is_office(upload, expected):
    """A zip that says what it is, without macros, and does not grow out of proportion."""
    with zipfile.ZipFile(upload) as archive:
        names = archive.namelist()
        if sum(item.file_size for item in archive.infolist()) > MAX_EXPANSION:
            return False
        declaration = "mimetype" if expected.startswith(ODF) else "[Content_Types].xml"
        if archive.getinfo(declaration).file_size > MAX_DECLARATION:
            return False
        if expected.startswith(ODF):
            macros = any(name.lower().startswith(MACROS) for name in names)
            return not macros and archive.read("mimetype").decode("ascii") == expected
        declared = archive.read("[Content_Types].xml").lower()
        if b"vbaproject" in declared or any(name.lower().endswith("vbaproject.bin") for name in names):
            return False
        folder = {"wordprocessingml": "word/", "spreadsheetml": "xl/", "presentationml": "ppt/"}
        wanted = folder[expected.removeprefix(OOXML).split(".")[0]]
        return any(name.startswith(wanted) for name in names)
