import base64
import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pypdf
import pytest
from PIL import Image

from documents import pdf
from tests.documents.conforming import failures
from tests.documents.pdf_samples import CONTEXT, DOSSIER, PRESS_KIT, RECEIPT, make

BOMB = "<table><tr><td colspan=20000000>x</td></tr></table>"


def page_texts(made):
    return [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(made)).pages]


def html(body="", head=""):
    return f"<!doctype html><html lang=fr><head><title>Essai</title>{head}</head><body>{body}</body></html>"


def refusal(source, **limits):
    """Return why a document was not made."""
    with pytest.raises(pdf.PdfFailed) as caught:
        pdf.render(source, title="Essai", limits=pdf.Limits(**limits))
    return caught.value.reason


# The look and the standards


@pytest.mark.parametrize("brand", [True, False])
@pytest.mark.parametrize("sample", [DOSSIER, PRESS_KIT, RECEIPT])
def test_samples_conform_to_both_standards(sample, brand, settings):
    settings.PORTAL_STATE_BRAND = brand

    made = make(sample, "Un titre & son « complément »")

    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())


def test_a_dossier_says_everything_on_numbered_pages():
    first, second, *_, last = page_texts(make(DOSSIER, "Mobilité simple"))

    assert "Mobilité simple" in first
    assert "Donnée fictive de démonstration" in first
    assert "1. Le projet en bref" in second
    assert "2 / 7" in second
    assert "Économies attendues par année" in last


def test_a_press_kit_gives_each_laureate_a_page_and_each_page_the_embargo():
    made = make(PRESS_KIT, "Les lauréats", embargo="22 mars 2018 à 10 h 00")

    _cover, *pages = page_texts(made)

    projects = [project["name"] for project in CONTEXT["projects"]]
    assert [name for text in pages[1:] for name in projects if text.count(name)] == projects
    assert all("Sous embargo jusqu’au 22 mars 2018 à 10 h 00" in text for text in pages)


def test_every_table_header_has_a_scope():
    with pikepdf.open(io.BytesIO(make(DOSSIER, "Mobilité simple"))) as made:
        cells = [
            item for item in made.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TH"
        ]

        scopes = [str(cell.A.Scope) for cell in cells]

    # Five columns, then 24 rows and a total; two columns and three rows for the chart.
    assert (scopes.count("/Column"), scopes.count("/Row")) == (7, 28)


def test_the_brand_of_the_state_is_left_to_the_state(settings):
    settings.PORTAL_STATE_BRAND = False

    made = make(RECEIPT, "Accusé de dépôt")

    assert "république" not in "".join(page_texts(made)).lower()
    assert b"Marianne" not in b"".join(fonts(made))


def fonts(made):
    with pikepdf.open(io.BytesIO(made)) as opened:
        items = [
            item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        ]
        return [str(item.BaseFont).encode() for item in items]


def test_links_lead_to_the_portal(settings):
    with pikepdf.open(io.BytesIO(make(RECEIPT, "Accusé de dépôt"))) as made:
        links = [annotation.A.URI for annotation in made.pages[0].Annots if "/A" in annotation]

    assert [str(link) for link in links] == [f"{settings.PORTAL_URL}/dossiers/ftap-2018-0042/"]


def test_the_same_document_twice_is_the_same_file():
    assert make(RECEIPT, "Accusé de dépôt") == make(RECEIPT, "Accusé de dépôt")


# What is not fetched


@pytest.fixture
def listener():
    """A local server that nobody should call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def canary(tmp_path):
    """A file that must not end up in a document."""
    path = tmp_path / "canary.css"
    path.write_text("canary")
    return path.as_uri()


REFERENCES = {
    "image": ("<img alt=x src='{}'>", ""),
    "picture in a picture": (
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image width='9' height='9' href='{}'/></svg>",
        "",
    ),
    "object": ("<object data='{}'></object>", ""),
    "embedded": ("<embed src='{}'>", ""),
    "attachment": ("", "<link rel=attachment href='{}'>"),
    "attached link": ("<a rel=attachment href='{}'>x</a>", ""),
    "style sheet": ("", "<link rel=stylesheet href='{}'>"),
    "imported style sheet": ("", "<style>@import '{}';</style>"),
    "background": ("<p style='background: url({})'>x</p>", ""),
    "list mark": ("<ul style='list-style-image: url({})'><li>x</ul>", ""),
    "generated content": ("<p>x</p>", "<style>p::before {{ content: url({}) }}</style>"),
    "font": ("", "<style>@font-face {{ font-family: x; src: url({}) }}</style>"),
}


@pytest.mark.parametrize("where", ["file", "http"])
@pytest.mark.parametrize(("body", "head"), REFERENCES.values(), ids=REFERENCES)
def test_nothing_outside_the_portal_is_fetched(body, head, where, listener, canary):
    port = listener.getsockname()[1]
    address = {"file": canary, "http": f"http://127.0.0.1:{port}/static/print/print.css"}[where]

    reason = refusal(html(body.format(address), head.format(address)))

    assert reason == "reference"
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "body",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'><use href='{}#a'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><style>@import '{}';</style><rect width='9' height='9'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect fill='url({}#a)' width='9' height='9'/></svg>",
        "<iframe src='{0}'></iframe><video poster='{0}'></video><input type=image src='{0}'>",
    ],
)
def test_what_a_document_does_not_read_is_not_fetched_either(body, listener):
    made = pdf.render(html(body.format(f"http://127.0.0.1:{listener.getsockname()[1]}/a.svg")), title="Essai")

    assert page_texts(made) == [""]
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "address",
    [
        "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/static/print/../../manage.py",
        "/static//etc/hostname",
        "/static/missing.png",
        "//127.0.0.1/static/print/print.css",
        "etc/hostname",
        "data:text/css,p{}",
        "ftp://127.0.0.1/x",
    ],
)
def test_only_static_files_are_read(address):
    assert refusal(html(f"<img alt=x src='{address}'>")) == "reference"


def test_a_changed_base_changes_nothing(canary):
    assert refusal(html("<img alt=x src='canary.css'>", f"<base href='{canary}'>")) == "reference"


def test_a_font_of_the_system_is_not_read_by_its_name():
    style = "<style>@font-face { font-family: x; src: local('DejaVu Sans') } p { font-family: x }</style>"

    assert refusal(html("<p>x</p>", style)) == "reference"


def test_inline_images_are_kept():
    drawing = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(drawing, "PNG")
    address = "data:image/png;base64," + base64.b64encode(drawing.getvalue()).decode()

    made = pdf.render(html(f"<img alt='Un carré' src='{address}'>"), title="Essai")

    [image] = pypdf.PdfReader(io.BytesIO(made)).pages[0].images
    assert image.image.size == (8, 8)


# What is stopped at its limit


def test_a_bomb_is_killed_and_the_next_document_is_made():
    assert refusal(html(BOMB), cpu_seconds=2) in ("time", "memory")

    assert page_texts(pdf.render(html("<p>Encore là</p>"), title="Essai")) == ["Encore là"]


def test_a_document_may_not_take_more_than_its_time():
    assert refusal(html("<p>long</p>" * 20_000), wall_seconds=0.5) == "time"


def test_a_document_may_not_take_more_than_its_processor_time():
    assert refusal(html("<p>long</p>" * 20_000), cpu_seconds=1) == "time"


def test_a_document_may_not_take_more_than_its_memory():
    assert refusal(html(BOMB), memory_bytes=300_000_000) == "memory"


def test_the_requester_is_told_in_french():
    with pytest.raises(pdf.PdfFailed, match="fichier extérieur au portail, ce qui est refusé"):
        pdf.render(html("<img alt=x src='file:///etc/hostname'>"), title="Essai")


def test_a_press_that_died_is_replaced():
    pdf.render(html("<p>x</p>"), title="Essai")
    os.kill(pdf.press.process.pid, signal.SIGKILL)
    pdf.press.process.wait()

    assert pdf.render(html("<p>x</p>"), title="Essai").startswith(b"%PDF-1.7")


def test_the_press_leaves_with_its_caller_even_in_the_middle_of_a_document(tmp_path):
    program = f"""
import django
django.setup()
from documents import pdf
pdf.render("x", title="Essai")
print(pdf.press.process.pid, flush=True)
pdf.render({BOMB!r}, title="Essai")
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) as caller:
        press = int(caller.stdout.readline())
        time.sleep(0.5)
        assert alive(press)

        caller.kill()

    deadline = time.monotonic() + 10
    while alive(press) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(press)
    assert list(tmp_path.iterdir()) == []


def alive(pid):
    """Whether a process runs; one that nobody buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False
