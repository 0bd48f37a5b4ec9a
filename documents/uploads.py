"""What may come in: office documents, PDF, images, and films where one asks for them: each is what its name says."""

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
    ".avi": "video/x-msvideo",
    ".mp4": "video/mp4",
}
FILMS = (".avi", ".mp4")  # only where a question asks for them
USUAL = tuple(suffix for suffix in TYPES if suffix not in FILMS)
ACCEPTED = "PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, PNG ou JPEG"
MAX_EXPANSION = 100_000_000  # bytes that an office document may grow to when opened
MAX_PIXELS = 50_000_000
MAX_DECLARATION = 1_000_000  # bytes of the part where an office document says what it is
TAIL = 4096
MAX_NAME = 160  # what the database keeps of a name
SMALLEST_BOX, MAX_BOXES = 8, 10_000  # of an MP4: bytes of the header of a box, boxes
NOT_FILMS = (b"heic", b"heix", b"mif1", b"avif", b"M4A ")  # still pictures and sounds in the same container
MACROS = ("basic/", "scripts/")


def accepted(formats):
    """The names of formats, as one lists them: « PDF, AVI ou MP4 »."""
    names = [suffix[1:].upper() for suffix in TYPES if suffix in formats]
    return " ou ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def check_announced(name, size, *, formats=USUAL, max_bytes=None):
    """Refuse a file on its name and size alone, before its bytes are sent; same arguments and errors as `check`."""
    told = ACCEPTED if formats is USUAL else accepted(formats)
    if not name.isprintable():
        shown = "".join(each if each.isprintable() else "�" for each in name[:MAX_NAME])
        raise ValidationError(
            f"Le nom « {shown} » contient des caractères invisibles, qui peuvent tromper le lecteur."
            " Renommez le fichier.",
            code="name",
        )
    if Path(name).suffix.lower() not in formats:
        raise ValidationError(f"« {name} » n’est pas accepté. Formats acceptés : {told}.", code="type")
    if len(name) > MAX_NAME:
        raise ValidationError(
            f"Le nom « {name[:40]}… » est trop long : {MAX_NAME} caractères au plus. Renommez le fichier.",
            code="name",
        )
    max_bytes = max_bytes or settings.UPLOAD_MAX_BYTES
    if size > max_bytes:
        limit = max_bytes // (1024 * 1024)
        heavy = f"{size / (1024 * 1024):.1f}".replace(".", ",")
        raise ValidationError(
            f"« {name} » pèse {heavy} Mo ; la limite est de {limit} Mo. Réduisez-le ou scindez-le.",
            code="size",
        )
    if size == 0:
        raise ValidationError(f"« {name} » est vide.", code="empty")


def check(upload, *, formats=USUAL, max_bytes=None):
    """Return the content type of an uploaded file.

    Args:
        formats: the suffixes that are accepted here, among `TYPES`.
        max_bytes: how heavy it may be, where that is not the usual.

    Raises:
        ValidationError: in French, with the reason and what is accepted.
    """
    name, told = upload.name, ACCEPTED if formats is USUAL else accepted(formats)
    check_announced(name, upload.size, formats=formats, max_bytes=max_bytes)
    suffix = Path(name).suffix.lower()
    expected = TYPES[suffix]
    if not _content_is(upload, expected):
        raise ValidationError(
            f"Le contenu de « {name} » n’est pas celui d’un fichier {suffix[1:].upper()}, ou il est abîmé."
            f" Formats acceptés : {told}.",
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
        if expected.startswith("video/"):
            return _is_film(upload, head, expected) and not zipfile.is_zipfile(upload)
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


def _is_film(upload, head, expected):
    """An AVI by its signature, or an MP4 whose boxes follow one another to its end, its index among them."""
    if expected == TYPES[".avi"]:
        return head.startswith(b"RIFF") and head[8:16] == b"AVI LIST"
    if head[4:8] != b"ftyp" or head[8:12] in NOT_FILMS:
        return False
    found, start, count = set(), 0, 0
    while start < upload.size:
        upload.seek(start)
        header = upload.read(16)
        size = int.from_bytes(header[:4])
        if size == 1:
            size = int.from_bytes(header[8:16])
        elif size == 0:
            size = upload.size - start
        if size < SMALLEST_BOX or count > MAX_BOXES:
            return False
        found.add(header[4:8])
        start, count = start + size, count + 1
    return start == upload.size and b"moov" in found


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
