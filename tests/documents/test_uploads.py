"""What may come in: real files of each kind, and what pretends to be one."""

import random
import re
import struct
import time
import zipfile
import zlib
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.uploads import ACCEPTED, TYPES, accepted, check

OOXML_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)


def pdf():
    made = BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(made)
    return made.getvalue()


def archive(entries, method=zipfile.ZIP_DEFLATED):
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return made.getvalue()


def ooxml(suffix, **more):
    return archive({"[Content_Types].xml": CONTENT_TYPES, OOXML_PARTS[suffix]: b"<document/>"} | more)


def odf(suffix, mimetype=None):
    return archive({"mimetype": mimetype or TYPES[suffix], "content.xml": b"<office/>"})


def image(kind, mode="RGB"):
    made = BytesIO()
    Image.new(mode, (8, 8)).save(made, kind)
    return made.getvalue()


def png_of(width, height, *chunks):
    """A PNG that says it is of this size; it holds no pixel."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    others = b"".join(chunk(name, content) for name, content in chunks)
    return b"\x89PNG\r\n\x1a\n" + header + others + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def box(kind, content=b""):
    return struct.pack(">I", len(content) + 8) + kind + content


def mp4(brand=b"isom", index=b"moov"):
    return box(b"ftyp", brand + b"\0\0\2\0isomiso2") + box(b"mdat", b"\0" * 5000) + box(index, b"\0" * 20)


def avi():
    return b"RIFF" + struct.pack("<I", 5000) + b"AVI LIST" + b"\0" * 4992


GOOD = {
    ".avi": avi,
    ".mp4": mp4,
    ".pdf": pdf,
    **{suffix: lambda suffix=suffix: ooxml(suffix) for suffix in OOXML_PARTS},
    **{suffix: lambda suffix=suffix: odf(suffix) for suffix in (".odt", ".ods", ".odp")},
    ".png": lambda: image("PNG"),
    ".jpg": lambda: image("JPEG"),
    ".jpeg": lambda: image("JPEG", "L"),
}


def uploaded(name, content):
    """A file as it stands in a form; browsers' names go past Django's own cleaning here."""
    upload = SimpleUploadedFile("x", content)
    upload._name = name
    return upload


def refusal_of(name, content):
    with pytest.raises(ValidationError) as refusal:
        check(uploaded(name, content))
    return refusal.value.messages[0]


def not_what_it_says(name):
    kind = name.rpartition(".")[2].upper()
    return (
        f"Le contenu de « {name} » n’est pas celui d’un fichier {kind}, ou il est abîmé."
        f" Formats acceptés : {ACCEPTED}."
    )


@pytest.mark.parametrize("suffix", TYPES)
def test_each_kind_is_accepted(suffix):
    assert check(uploaded(f"pièce{suffix}", GOOD[suffix]()), formats=TYPES) == TYPES[suffix]


@pytest.mark.parametrize("name", ["PIÈCE.PDF", "compte rendu.Pdf", "a.b.c.pdf"])
def test_the_case_and_the_dots_of_a_name_do_not_matter(name):
    assert check(uploaded(name, pdf())) == "application/pdf"


def test_a_checked_file_is_read_from_its_beginning_afterwards():
    upload = uploaded("pièce.pdf", pdf())

    check(upload)

    assert upload.read() == pdf()


@pytest.mark.parametrize(
    "name",
    [
        "rapport.exe",
        "rapport.pdf.exe",
        "rapport.docm",
        "rapport.html",
        "dessin.svg",
        "archive.zip",
        "rapport",
        ".pdf",
        "rapport.pdf ",
    ],
)
def test_a_name_that_is_not_of_an_accepted_kind_is_refused(name):
    assert refusal_of(name, pdf()) == f"« {name} » n’est pas accepté. Formats acceptés : {ACCEPTED}."


@pytest.mark.parametrize(
    "hidden", ["rapport.pdf\0.exe", "rapport\0.pdf", "rapport\u202efdp.pdf", "rap\nport.pdf"]
)
def test_a_name_that_hides_something_is_refused_and_shown_bare(hidden):
    shown = re.sub("[\0\u202e\n]", "�", hidden)

    assert refusal_of(hidden, pdf()) == (
        f"Le nom « {shown} » contient des caractères invisibles, qui peuvent tromper le lecteur. Renommez le fichier."
    )


def test_a_name_written_from_right_to_left_is_accepted():
    assert check(SimpleUploadedFile("تقرير.pdf", pdf())) == "application/pdf"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("programme.pdf", b"MZ\x90\0" + b"\0" * 100),
        ("page.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
        ("page.pdf", b"<html>" + b"%PDF-1.7\n" + b"</html>"),
        ("tronqué.pdf", b"%PDF-1.7\n"),
        ("eicar.pdf", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
        ("page.docx", b"<html></html>"),
        ("autre.docx", archive({"mimetype": "x"})),
        ("classeur.docx", ooxml(".xlsx")),
        ("macros.docx", ooxml(".docx", **{"word/vbaProject.bin": b"\0"})),
        ("macros.xlsx", ooxml(".xlsx", **{"xl/VBAPROJECT.BIN": b"\0"})),
        ("texte.ods", odf(".ods", mimetype=TYPES[".odt"])),
        ("vide.odt", archive({"content.xml": b"<office/>"})),
        ("image.png", image("JPEG")),
        ("image.jpg", image("PNG")),
        ("image.png", image("GIF", "P")),
        ("dessin.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ],
)
def test_a_content_that_is_not_what_its_name_says_is_refused(name, content):
    assert refusal_of(name, content) == not_what_it_says(name)


def test_macros_under_another_name_are_refused():
    declared = CONTENT_TYPES.replace(
        b"/>",
        b'><Override PartName="/word/innocent.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    content = archive({"[Content_Types].xml": declared, "word/document.xml": b"<document/>"})

    assert refusal_of("note.docx", content) == not_what_it_says("note.docx")


@pytest.mark.parametrize("folder", ["Basic/script-lc.xml", "Scripts/python/macro.py"])
def test_the_macros_of_an_open_document_are_refused(folder):
    content = archive({"mimetype": TYPES[".odt"], "content.xml": b"<office/>", folder: b"x"})

    assert refusal_of("note.odt", content) == not_what_it_says("note.odt")


def encrypted_archive():
    """An archive whose entries claim to be encrypted."""
    content = bytearray(odf(".odt"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(signature, start)) >= 0:
            content[start + offset] |= 1
            start += 4
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("chiffré.odt", encrypted_archive()),
        ("bavard.png", png_of(8, 8, (b"zTXt", b"cle\0\0" + zlib.compress(b"a" * 5_000_000)))),
        ("couleurs.png", png_of(8, 8, (b"iCCP", b"cle\0\0" + zlib.compress(b"a" * 5_000_000)))),
    ],
)
def test_a_file_that_its_reader_chokes_on_is_refused(name, content):
    assert refusal_of(name, content) == not_what_it_says(name)


def test_a_protected_pdf_is_refused():
    made = BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(made, encryption=pikepdf.Encryption(owner="secret", user="secret"))

    assert refusal_of("protégé.pdf", made.getvalue()) == not_what_it_says("protégé.pdf")


def test_a_pdf_without_pages_is_refused():
    made = BytesIO()
    pikepdf.new().save(made)

    assert refusal_of("vide.pdf", made.getvalue()) == not_what_it_says("vide.pdf")


def test_an_empty_file_is_refused():
    assert refusal_of("vide.pdf", b"") == "« vide.pdf » est vide."


def test_a_file_over_20_mb_is_refused_with_its_size():
    assert refusal_of("gros.pdf", b"%PDF-" + b"\0" * 22_000_000) == (
        "« gros.pdf » pèse 21,0 Mo ; la limite est de 20 Mo. Réduisez-le ou scindez-le."
    )


def test_a_name_too_long_to_be_kept_is_refused():
    name = "a" * 157 + ".pdf"

    assert refusal_of(name, pdf()) == (
        f"Le nom « {name[:40]}… » est trop long : 160 caractères au plus. Renommez le fichier."
    )


def zip_bomb():
    """195 kB that grow to 200 MB."""
    return ooxml(".docx", **{"word/media/image.bmp": b"\0" * 200_000_000})


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("bombe.docx", zip_bomb),
        ("bombe.png", lambda: png_of(10_000, 10_000)),
        ("bombe.png", lambda: png_of(8_000, 8_000)),
        ("bombe.png", lambda: png_of(60_000, 60_000)),
    ],
    ids=["200 MB", "100 megapixels", "64 megapixels", "3600 megapixels"],
)
def test_a_bomb_is_refused_in_less_than_a_second(name, make):
    content = make()
    started = time.monotonic()

    told = refusal_of(name, content)

    assert told == not_what_it_says(name)
    assert time.monotonic() - started < 1


def test_a_large_photograph_is_accepted():
    assert check(uploaded("photo.png", png_of(8_000, 6_000))) == "image/png"


@pytest.mark.parametrize("suffix", TYPES)
def test_a_damaged_file_is_refused_or_accepted_but_never_fails(suffix):
    """Bytes changed at random, always the same: any answer but an error of the reader's own."""
    chance, whole = random.Random(2018), GOOD[suffix]()  # noqa: S311
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        damaged = damaged[: chance.randint(len(damaged) // 2, len(damaged))]
        try:
            answer = check(uploaded(f"pièce{suffix}", bytes(damaged)), formats=TYPES)
        except ValidationError as refusal:
            answer = refusal.code
        assert answer in {TYPES[suffix], "content"}


# Films, where a question asks for them


@pytest.mark.parametrize("suffix", [".avi", ".mp4"])
def test_a_film_is_refused_where_it_is_not_asked_for(suffix):
    with pytest.raises(ValidationError) as refusal:
        check(uploaded(f"film{suffix}", GOOD[suffix]()))

    assert refusal.value.message == f"« film{suffix} » n’est pas accepté. Formats acceptés : {ACCEPTED}."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp4", avi()),
        ("a.avi", mp4()),
        ("a.mp4", mp4(brand=b"heic")),
        ("a.mp4", mp4(index=b"free")),
        ("a.mp4", mp4()[:-1]),
        ("a.mp4", mp4() + b"<html>"),
        ("a.mp4", mp4() + archive({"a": b"a"})),
        ("a.avi", avi() + archive({"a": b"a"})),
        ("a.mp4", box(b"ftyp", b"isom") + b"\0\0\0\4moov"),
        ("a.avi", b"RIFF\0\0\0\0WAVEfmt "),
    ],
)
def test_what_pretends_to_be_a_film_is_refused(name, content):
    with pytest.raises(ValidationError) as refusal:
        check(uploaded(name, content), formats=(".avi", ".mp4"))

    assert refusal.value.code == "content"


def test_a_question_sets_its_own_weight():
    upload = uploaded("film.mp4", GOOD[".mp4"]())
    upload.size = 61 * 1024 * 1024

    with pytest.raises(ValidationError) as refusal:
        check(upload, formats=(".mp4",), max_bytes=60 * 1024 * 1024)

    assert (
        refusal.value.message
        == "« film.mp4 » pèse 61,0 Mo ; la limite est de 60 Mo. Réduisez-le ou scindez-le."
    )


@pytest.mark.parametrize(
    ("formats", "told"), [((".pdf",), "PDF"), ((".mp4", ".pdf", ".avi"), "PDF, AVI ou MP4")]
)
def test_formats_are_listed_as_one_says_them(formats, told):
    assert accepted(formats) == told
