"""Turn HTML into PDF safely: accessible (PDF/UA-1), fit for archives (PDF/A-3a), bounded in time and memory.

Each process that prints keeps one press (`documents.press`), started at its first document and reused: about
a second once, some milliseconds per document afterwards. The press is a plain child with two pipes: Celery's
daemonic workers may not use `multiprocessing`, and a fork of the worker would bring its threads and connections
along.
"""

import atexit
import dataclasses
import hashlib
import json
import logging
import os
import select
import subprocess
import sys
import tempfile
import threading
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from documents import renderings

logger = logging.getLogger(__name__)

MESSAGES = {
    "time": "Ce document est trop long ou trop complexe : sa mise en page a été arrêtée.",
    "memory": "Ce document est trop volumineux : sa mise en page demande plus de mémoire que permis.",
    "reference": "Ce document fait appel à un fichier extérieur au portail, ce qui est refusé.",
    "interrupted": "La mise en page de ce document a été interrompue à chaque essai.",
    "failed": "La mise en page de ce document a échoué.",
    "changed": "Ce que ce document montre a changé depuis qu’il a été demandé : redemandez-le.",
    "picture": "Une image de ce document ne s’ouvre pas : retirez-la ou remplacez-la, puis redemandez-le.",
}
# The press gets no secret: only what finding Python and its libraries may need.
INHERITED = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH")
FONTS = Path(__file__).parent / "fonts"
GRACE_SECONDS = 10


@dataclasses.dataclass(frozen=True)
class Limits:
    """How much one document may cost: processor and clock seconds, bytes of address space."""

    cpu_seconds: int = 60
    wall_seconds: float = 120
    memory_bytes: int = 1536 * 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Attachment:
    """A file carried inside a document, as the data that it was made from."""

    name: str
    content: bytes
    description: str
    made_at: datetime


class PdfFailed(Exception):
    """A document could not be made: the text is for whoever asked for it, `reason` and `detail` for the log."""

    def __init__(self, reason, detail=""):
        super().__init__(MESSAGES[reason])
        self.reason = reason
        self.detail = detail


def render_template(template, context, *, title, limits=None, **options):
    """Return as PDF a template that extends `print/base.html`, telling it its title and whose brand to wear.

    What was rendered before is not rendered again (`documents.renderings`). `options` are those of `render`, whose
    `PdfFailed` it raises.
    """
    return render_once(html_of(template, context, title=title), title=title, limits=limits, **options)


def html_of(template, context, *, title):
    """Return the HTML of a template that extends `print/base.html`, of its title and of whose brand it wears."""
    return render_to_string(template, {"state_brand": settings.PORTAL_STATE_BRAND, "title": title, **context})


def digest_of(html, *, title, **options):
    """Return the SHA-256, in hexadecimal, of all that a document is printed from."""
    return renderings.key_of(html=html, title=title, surroundings=surroundings_hash(), **options)


def render_once(html, *, title, limits=None, **options):
    """Return the PDF of `render`, kept since it was rendered before if it was."""
    key = digest_of(html, title=title, **options)
    return renderings.once(key, lambda: render(html, title=title, limits=limits, **options))


def render(html, *, title, limits=None, attachments=(), identifier=""):
    """Return the PDF, as bytes, of an HTML document; the same input gives the same bytes.

    Only static files of the portal and `data:` images are read. Raises `PdfFailed`.

    Args:
        attachments: what the document carries along.
        identifier: by what its subject is known, kept in its metadata.
    """
    with tempfile.TemporaryDirectory(prefix="pdf-") as directory:
        Path(directory, "source.html").write_text(html, encoding="utf-8")
        job = {
            "directory": directory,
            "title": title,
            "identifier": identifier,
            "attachments": [],
            **surroundings(),
        }
        for number, each in enumerate(attachments):
            path = Path(directory, f"attachment-{number}")
            path.write_bytes(each.content)
            told = {"name": each.name, "description": each.description, "made_at": each.made_at.isoformat()}
            job["attachments"].append(told | {"path": str(path)})
        outcome, detail = press.do(job | dataclasses.asdict(limits or Limits()))
        if outcome != "done":
            logger.warning("PDF not made: %s %s", outcome, detail)
            raise PdfFailed(outcome, detail)
        return Path(directory, "document.pdf").read_bytes()


@cache
def surroundings():
    """Return what addresses mean in a document: links lead to the portal, static ones to files on disk."""
    storages = [
        storage for finder in finders.get_finders() for storage in getattr(finder, "storages", {}).values()
    ]
    return {
        "base_url": settings.PORTAL_URL,
        "static_address": urljoin(settings.PORTAL_URL, settings.STATIC_URL),
        "static_roots": [
            str(root) for root in (*(storage.location for storage in storages), settings.STATIC_ROOT) if root
        ],
    }


LIBRARIES = ("weasyprint", "pydyf", "tinycss2", "fonttools", "pyphen", "pillow")
OWN_CODE = ("press.py", "conformance.py", "lettering.py")
STYLES = ("print/print.css", "print/print-state.css", "print/print-neutral.css")
BRAND_FONTS = "dsfr/dist/fonts/Marianne-*.woff2"


@cache
def surroundings_hash():
    """The SHA-256 of what every document is made with: libraries, our press, styles, fonts, and our address."""
    said = [settings.PORTAL_URL, *(f"{library} {version(library)}" for library in LIBRARIES)]
    paths = [*(Path(__file__).with_name(name) for name in OWN_CODE), *sorted(FONTS.iterdir())]
    for root in map(Path, surroundings()["static_roots"]):
        paths += [path for pattern in (*STYLES, BRAND_FONTS) for path in sorted(root.glob(pattern))]
    said += [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


class Press:
    """This process's printing process, started when first needed, and again after it died or we forked."""

    def __init__(self):
        self.process = None
        self.lock = threading.Lock()

    def do(self, job):
        """Return the outcome of a job and its detail; one document at a time, threads queue."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.start()
            try:
                answer = self.ask(job)
            except BaseException:
                # Interrupted by a task's time limit: the late answer must not be taken for the next one's.
                self.stop()
                raise
            if not answer:
                self.stop()
                return "interrupted", "the press does not answer"
            return json.loads(answer)

    def ask(self, job):
        """Return the line the press answers, empty if it died or is late."""
        try:
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
        except BrokenPipeError:
            return b""
        patience = job["wall_seconds"] + GRACE_SECONDS
        ready, _, _ = select.select([self.process.stdout], [], [], patience)
        return self.process.stdout.readline() if ready else b""

    def start(self):
        """Start a press, letting go of the one that died if any."""
        self.stop()
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "documents.press"],
            cwd=Path(__file__).resolve().parents[1],
            # The project's fonts and no other; they carry dates unless told otherwise.
            env={**environment, "FONTCONFIG_FILE": str(FONTS / "fonts.conf"), "SOURCE_DATE_EPOCH": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Unbuffered, so that closing a forked copy of a pipe never writes into it.
            bufsize=0,
            # A Ctrl-C in the terminal is for the worker; the press leaves when its standard input closes.
            start_new_session=True,
        )

    def stop(self):
        """End the press, which ends the document in hand."""
        if self.process is None:
            return
        self.process.stdin.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process = None

    def forget(self):
        """Leave the press to the process that this one was forked from."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.returncode = 0  # Not ours to wait for.
            self.process = None
        self.lock = threading.Lock()


press = Press()
atexit.register(press.stop)
os.register_at_fork(after_in_child=press.forget)
