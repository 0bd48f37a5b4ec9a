"""A real worker that is killed while it makes a document, then its press: exactly one file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from calls.questionnaire.definition import BLANK_FORM
from documents import actions, storage
from documents.models import ProducedDocument, StoredFile
from journal.models import Entry
from tests.calls.questionnaire.forms import every_type
from tests.conftest import WEB_ROLE
from tests.factories import CallFactory

SECONDS = 60


@pytest.fixture
def worker(settings):
    """The process that makes documents, below a real Celery worker on this test's database, queue and files."""
    place = urlsplit(os.environ["DATABASE_URL"])
    query = "&".join(filter(None, [place.query, f"options=-c%20role%3D{WEB_ROLE}"]))
    argv = ["celery", "-q", "-A", "fondsportal", "worker", "-c", "1", "-l", "ERROR"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "fondsportal.settings.test",
        "DATABASE_URL": place._replace(path=f"/{connection.settings_dict['NAME']}", query=query).geturl(),
        "FILES_ROOT": str(settings.FILES_ROOT),
    }
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen([sys.executable, "-m", *argv, *lonely], env=environment)
    yield process
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def below(pid):
    """The processes that this one started, alive."""
    return [
        int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in said(path).split()
    ]


def said(path):
    try:
        return Path(path).read_text()
    except OSError:  # the process has ended
        return ""


def printing(worker, *, besides=None):
    """The pool's process and the child of its press, while it prints: it is held there, as it may end before a kill."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        for maker in set(below(worker.pid)) - {besides}:
            for child in [child for press in below(maker) for child in below(press)]:
                time.sleep(0.1)  # what its libraries look up as it starts is gone by then
                if "documents.press" in said(f"/proc/{child}/cmdline"):
                    os.kill(child, signal.SIGSTOP)
                    return maker, child
        time.sleep(0.005)
    raise AssertionError("nobody prints")


def made(document):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        document.refresh_from_db()
        if document.state in (ProducedDocument.State.DONE, ProducedDocument.State.FAILED):
            break
        time.sleep(0.1)
    return document.state, document.attempts


@pytest.mark.django_db(transaction=True)
def test_a_worker_then_its_press_killed_in_the_middle_of_a_document_leave_exactly_one_file(worker, settings):
    form = every_type()
    form["sections"][0]["help"] = "Une aide de plusieurs pages. " * 3_000
    call = CallFactory(published=True, form=form)
    document = actions.order(BLANK_FORM, str(call.form_versions.get().pk))

    maker, _ = printing(worker)
    os.kill(maker, signal.SIGKILL)
    _, child = printing(worker, besides=maker)
    os.kill(child, signal.SIGKILL)

    assert made(document) == (ProducedDocument.State.DONE, 3)
    assert Entry.objects.filter(event="document.produced").count() == 1
    kept = [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]
    assert kept == [storage.path_of(StoredFile.objects.get())]
