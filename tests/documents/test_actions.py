"""Asking for documents, and making each exactly once, whoever dies on the way."""

import threading

import pikepdf
import pytest
from django.db import OperationalError, connection

from documents import actions, pdf, storage
from documents.models import ProducedDocument, StoredFile
from documents.pdf import PdfFailed
from documents.produced import builders
from journal.models import Entry
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import filed_application, produced

State = ProducedDocument.State
KIND = "essai.document"
FAILURE = (
    "Le document n’a pas pu être fabriqué. L’équipe du portail est prévenue ; vous pouvez le redemander."
)


@pytest.fixture
def made(monkeypatch):
    """A kind of document of two pages; the list of the subjects it was made for."""
    subjects = []

    def build(subject_key, target):
        subjects.append(subject_key)
        document = pikepdf.new()
        document.add_blank_page()
        document.add_blank_page()
        document.save(target)

    monkeypatch.setitem(builders, KIND, build)
    return subjects


def fails_with(monkeypatch, error):
    def build(subject_key, target):
        raise error

    monkeypatch.setitem(builders, KIND, build)


# Asking


def test_a_document_that_is_being_made_is_not_asked_for_again(db):
    first = actions.order(KIND, "1")

    assert actions.order(KIND, "1") == first


@pytest.mark.parametrize("state", [State.DONE, State.FAILED])
def test_a_document_that_is_finished_may_be_asked_for_anew(db, made, state):
    first = actions.order(KIND, "1")
    actions.produce(first.pk)
    ProducedDocument.objects.update(state=state)

    assert actions.order(KIND, "1").revision == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_together_wait_for_the_same_document():
    asked = in_parallel(*[lambda: actions.order(KIND, "1").pk] * 5)

    assert asked == [ProducedDocument.objects.get().pk] * 5


# Making


def test_a_document_is_made_and_kept(db, made):
    document = produced(KIND, "1")

    actions.produce(document.pk)

    document.refresh_from_db()
    assert (document.state, document.pages, document.error) == (State.DONE, 2, "")
    assert storage.path_of(document.file).read_bytes()[:5] == b"%PDF-"
    assert [entry.event for entry in Entry.objects.all()] == ["document.produced"]


def test_a_document_made_twice_in_a_row_is_made_once(db, made):
    document = produced(KIND, "1")

    actions.produce(document.pk)
    actions.produce(document.pk)

    assert made == ["1"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_it_once(made):
    document = produced(KIND, "1")

    in_parallel(*[lambda: actions.produce(document.pk)] * 4)

    assert (made, StoredFile.objects.count(), Entry.objects.count()) == (["1"], 1, 1)


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_is_making_is_left_to_it(monkeypatch, made):
    quick = builders[KIND]
    working, may_finish = threading.Event(), threading.Event()

    def slow(subject_key, target):
        working.set()
        may_finish.wait(10)
        quick(subject_key, target)

    monkeypatch.setitem(builders, KIND, slow)
    document = produced(KIND, "1")

    def second():
        working.wait(10)
        actions.produce(document.pk)
        may_finish.set()
        return list(made)

    _, seen = in_parallel(lambda: actions.produce(document.pk), second)

    assert (seen, made) == ([], ["1"])


def left_by_a_worker(attempts=1):
    """A document that a worker claimed and did not finish; it is dead, as nobody holds its lock."""
    document = produced(KIND, "1", state=State.MAKING)
    document.started_at, document.attempts = from_now(seconds=-1), attempts
    document.save()
    return document


def test_what_a_dead_worker_left_is_taken_over(db, made):
    document = left_by_a_worker()

    actions.produce(document.pk)

    document.refresh_from_db()
    assert (document.state, document.attempts) == (State.DONE, 2)


def test_what_workers_die_of_time_and_again_has_failed(db, made):
    document = left_by_a_worker(attempts=3)

    actions.produce(document.pk)

    document.refresh_from_db()
    assert (document.state, document.error, made) == (
        State.FAILED,
        "La fabrication de ce document s’est arrêtée en route à chaque essai. Vous pouvez le redemander.",
        [],
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_finishes_late_changes_nothing(monkeypatch, made):
    """The first one loses the database while it works; its claim is taken over; what the second kept stays."""
    quick = builders[KIND]
    working, may_finish = threading.Event(), threading.Event()

    def slow(subject_key, target):
        monkeypatch.setitem(builders, KIND, quick)
        connection.close()
        working.set()
        may_finish.wait(10)
        pikepdf.open(b"not a PDF")

    monkeypatch.setitem(builders, KIND, slow)
    document = produced(KIND, "1")

    def second():
        working.wait(10)
        actions.produce(document.pk)
        may_finish.set()

    in_parallel(lambda: actions.produce(document.pk), second)

    document.refresh_from_db()
    assert (document.state, document.pages, document.error) == (State.DONE, 2, "")


# Failing


def test_a_document_that_cannot_be_printed_says_why(db, monkeypatch):
    fails_with(monkeypatch, PdfFailed("time"))
    document = produced(KIND, "1")

    actions.produce(document.pk)

    document.refresh_from_db()
    assert (document.state, document.error) == (
        State.FAILED,
        "Ce document est trop long ou trop complexe : sa mise en page a été arrêtée.",
    )


def test_after_a_document_that_was_stopped_the_next_one_is_made(db, monkeypatch):
    def build(subject_key, target):
        page, seconds = {"1": ("<p>long</p>" * 20_000, 0.5), "2": ("<p>court</p>", 60)}[subject_key]
        target.write_bytes(pdf.render(page, title="Essai", limits=pdf.Limits(wall_seconds=seconds)))

    monkeypatch.setitem(builders, KIND, build)
    asked = [produced(KIND, "1"), produced(KIND, "2")]

    for document in asked:
        actions.produce(document.pk)

    assert [each.state for each in ProducedDocument.objects.order_by("pk")] == [State.FAILED, State.DONE]


def test_an_unexpected_failure_is_told_in_french_and_logged(db, monkeypatch, caplog):
    fails_with(monkeypatch, KeyError("secret"))
    document = produced(KIND, "1")

    actions.produce(document.pk)

    document.refresh_from_db()
    assert (document.state, document.error, document.file) == (State.FAILED, FAILURE, None)
    assert [record.getMessage() for record in caplog.records] == [f"document {document.pk} could not be made"]


@pytest.mark.parametrize("error", [PdfFailed("interrupted"), OSError("no space"), OperationalError("away")])
def test_what_fails_for_another_reason_than_itself_is_tried_again(db, monkeypatch, error):
    fails_with(monkeypatch, error)
    document = produced(KIND, "1")

    states = []
    for _ in range(3):
        actions.produce(document.pk)
        document.refresh_from_db()
        states.append(document.state)

    assert states == [State.REQUESTED, State.REQUESTED, State.FAILED]


def test_a_failed_document_is_not_tried_again_by_itself(db, made):
    document = produced(KIND, "1", state=State.FAILED)

    actions.produce(document.pk)

    assert made == []


def test_the_page_of_a_failed_document_says_so(db, client):
    application = filed_application()
    ProducedDocument.objects.update(state=State.FAILED, error=FAILURE)
    client.force_login(application.created_by)

    page = client.get(f"/dossiers/{application.key}/documents/accuse/")

    assert page.content.decode().count(FAILURE) == 1
