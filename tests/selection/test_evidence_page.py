"""Asking for the evidence of a session, seeing how far it is, having it; and what the journal keeps of that."""

import zipfile

import pytest
from django.urls import reverse

from applications.models import Recusal
from documents import actions as documents
from documents import storage
from documents.models import ProducedDocument
from journal import actions as journal
from journal.models import Entry
from journal.refusals import Refused
from selection.actions import evidence as actions
from selection.evidence import archive, extract
from selection.models import CommitteeSession, Scenario
from tests.database import write
from tests.factories import FundFactory, agenda_item, auditor_of, committee_session, head_of, officer_of

State = ProducedDocument.State


@pytest.fixture
def session(db):
    held = committee_session(FundFactory())
    agenda_item(held, state="decided")
    CommitteeSession.objects.update(state="closed")
    held.refresh_from_db()
    return held


@pytest.fixture
def officer(session):
    return officer_of(session.fund)


def page(session):
    return reverse("selection:evidence", args=[session.pk])


def made(session, by):
    """The evidence, asked for by someone and made by the worker."""
    document = actions.ask_evidence(session, by=by)
    documents.produce(document.pk)
    document.refresh_from_db()
    return document


def told(event):
    return Entry.objects.get(event=event).details.content


def test_the_worker_makes_it_and_the_journal_says_the_hash_of_its_manifest(session, officer):
    document = made(session, officer)

    path = storage.path_of(document.file)
    assert (document.state, document.pages, document.file.content_type) == (State.DONE, 0, "application/zip")
    assert told("document.produced") == {
        "kind": "selection.evidence",
        "sha256": document.file.sha256,
        "session": session.pk,
        "manifest": archive.manifest_of(path),
    }


def test_asked_twice_it_is_made_once(session, officer):
    first = actions.ask_evidence(session, by=officer)
    second = actions.ask_evidence(session, by=head_of(session.fund))

    assert (first, Entry.objects.filter(event="session.evidence_asked").count()) == (second, 1)


def test_it_is_not_made_before_the_session_is_closed(session, officer):
    CommitteeSession.objects.update(state="open")

    with pytest.raises(Refused, match="une fois qu’elle est close"):
        actions.ask_evidence(session, by=officer)


def test_made_again_of_the_same_session_it_is_the_same_file(session, officer):
    first, second = made(session, officer), made(session, officer)

    assert (second.revision, second.file_id) == (2, first.file_id)


def test_the_page_shows_the_hash_to_note_and_how_to_check(client, session, officer):
    document = made(session, officer)
    client.force_login(officer)

    response = client.get(page(session))

    assert response.context["manifest"] == archive.manifest_of(storage.path_of(document.file))
    assert "Vérifier le dossier, sans le portail" in response.content.decode()


def test_the_page_says_that_something_came_since(client, session, officer):
    made(session, officer)
    client.force_login(officer)
    before = client.get(page(session)).context["has_changed"]
    write("UPDATE documents_produceddocument SET requested_at = requested_at - interval '1 minute'")
    journal.record("item.corrected", session.items.get(), by=officer)

    assert (before, client.get(page(session)).context["has_changed"]) == (False, True)


def test_an_auditor_takes_it_and_the_journal_keeps_who(client, session, officer):
    document = made(session, officer)
    auditor = auditor_of(session.fund)
    client.force_login(auditor)

    response = client.post(reverse("selection:evidence_file", args=[session.pk]))

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == storage.path_of(document.file).read_bytes()
    assert told("session.evidence_handed_out") == {"revision": 1, "sha256": document.file.sha256}
    assert Entry.objects.get(event="session.evidence_handed_out").actor_id == auditor.pk


def test_who_is_recused_from_one_dossier_since_has_nothing_of_it(client, session, officer):
    made(session, officer)
    Recusal.objects.create(
        application=session.items.get().case.application, user=officer, reason="Ancien employeur"
    )
    client.force_login(officer)

    answers = [
        client.get(page(session)),
        client.post(page(session)),
        client.post(reverse("selection:evidence_file", args=[session.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert page(session) not in client.get(session.get_absolute_url()).content.decode()


def test_a_making_that_fails_is_told_and_asked_again(client, session, officer, monkeypatch):
    monkeypatch.setattr(extract, "LINKS_A_LINE", 0)  # a fault in the middle of the writing
    journal.record("essai", officer)
    journal.record("item.corrected", session.items.get(), by=officer)
    journal.record("essai", officer)
    journal.record("session.closed", session, by=officer)
    document = made(session, officer)
    client.force_login(officer)

    content = client.get(page(session)).content.decode()

    assert (document.state, "Redemander le dossier" in content) == (State.FAILED, True)
    monkeypatch.undo()
    assert made(session, officer).state == State.DONE


def test_its_own_making_is_not_in_it(session, officer, tmp_path):
    made(session, officer)
    actions.hand_out_evidence(session, by=officer)
    journal.seal()

    archive.write(tmp_path / "dossier.zip", session.pk)

    with zipfile.ZipFile(tmp_path / "dossier.zip") as book:
        assert b"evidence" not in book.read("journal.jsonl")


def test_of_a_scenario_it_says_what_the_committee_was_shown_not_what_it_asked(session, officer):
    scenario = Scenario.objects.create(session=session, name="A", settings={}, result={}, saved_by=officer)
    for event in ("scenario.saved", "scenario.presented"):
        journal.record(event, scenario, by=officer)

    kept = Entry.objects.filter(pk__in=extract.entries_of(session))

    assert [entry.event for entry in kept] == ["scenario.presented"]
