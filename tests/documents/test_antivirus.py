"""What comes in is looked at before anybody may open it."""

import pytest

from documents import antivirus, storage, tasks
from documents.actions import scan
from documents.models import StoredFile
from documents.serving import serve
from journal.models import Entry
from journal.refusals import Refused
from tests.clamd import EICAR, clamd
from tests.clock import from_now


@pytest.fixture
def address(settings):
    with clamd() as address:
        settings.CLAMAV_ADDRESS = address
        yield address


def received(content=b"%PDF-1.7 sain", **options):
    return storage.store([content], content_type="application/pdf", **options)


def refusal_of(file):
    file.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        serve(file, name="note.pdf")
    return refusal.value.reason


def test_a_fresh_file_waits_for_the_antivirus_and_is_handed_to_nobody(db, address):
    file = received()

    assert file.scan_state == "pending"
    assert refusal_of(file).startswith("L’antivirus n’a pas encore analysé ce fichier")


def test_a_file_without_virus_is_handed_out_once_scanned(db, address):
    file = received(bytes(300_000))

    scan(file.pk)

    file.refresh_from_db()
    assert (file.scan_state, file.virus, file.scanned_at is None) == ("clean", "", False)
    serve(file, name="note.pdf").close()


def test_a_virus_is_quarantined_and_the_journal_says_so(db, address):
    file = received(b"%PDF-1.7 " + EICAR)

    scan(file.pk)

    assert refusal_of(file).startswith("L’antivirus a trouvé un virus dans ce fichier (Eicar-Test-Signature)")
    assert [entry.event for entry in Entry.objects.all()] == ["file.quarantined"]


def test_a_virus_sent_again_is_known_at_once(db, address):
    scan(received(EICAR).pk)

    assert received(EICAR).scan_state == "infected"


def test_while_the_antivirus_is_away_a_file_stays_pending_and_is_scanned_on_its_return(
    db, settings, monkeypatch
):
    with clamd() as address:
        settings.CLAMAV_ADDRESS = address
    file = received()
    monkeypatch.setattr(tasks.scan, "delay", tasks.scan)

    tasks.scan(file.pk)
    tasks.scan_waiting()

    assert refusal_of(file).startswith("L’antivirus n’a pas encore analysé")
    with clamd(port=int(address.partition(":")[2])):
        tasks.scan_waiting()
    file.refresh_from_db()
    assert file.scan_state == "clean"


def test_an_antivirus_that_cannot_tell_clears_nothing(db, address, monkeypatch):
    monkeypatch.setattr("tests.clamd.STREAM_MAX", 10)
    file = received()

    scan(file.pk)

    file.refresh_from_db()
    assert file.scan_state == "pending"


def test_without_an_antivirus_files_are_not_scanned_and_may_be_opened(db):
    file = received()

    assert file.scan_state == "not_scanned"
    serve(file, name="note.pdf").close()


def test_what_the_portal_makes_is_trusted(db, address):
    assert received(trusted=True).scan_state == "not_scanned"


def test_a_file_kept_before_the_antivirus_came_waits_for_it_when_sent_again(db, settings):
    received()
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"

    assert received().scan_state == "pending"


def test_nothing_waits_for_an_antivirus_that_was_taken_away(db, address, settings):
    file = received()
    settings.CLAMAV_ADDRESS = ""

    tasks.scan_waiting()

    file.refresh_from_db()
    assert file.scan_state == "not_scanned"


def test_the_antivirus_says_whether_it_is_there(address, settings):
    assert antivirus.is_there()

    settings.CLAMAV_ADDRESS = "/nulle/part/clamd.ctl"
    assert not antivirus.is_there()


def test_a_file_that_is_being_scanned_is_left_alone_unless_its_worker_is_dead(db, address, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.scan, "delay", asked.append)
    begun, dead, free = (received(b"%%PDF-1.7 %d" % number) for number in range(3))
    asked.clear()
    for file, minutes in ((begun, 1), (dead, 21)):
        StoredFile.objects.filter(pk=file.pk).update(scan_started_at=from_now(minutes=-minutes))

    tasks.scan_waiting()
    for file in (begun, dead, free):
        scan(file.pk)
        file.refresh_from_db()

    assert asked == [dead.pk, free.pk]
    assert [file.scan_state for file in (begun, dead, free)] == ["pending", "clean", "clean"]
