"""Documents put together from others: their parts are made first, by whichever worker is free."""

import pikepdf
import pytest

from documents import actions, produced
from documents.actions import rendering
from documents.models import ProducedDocument
from documents.pdf import PdfFailed
from journal import actions as journal
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import produced as asked_for

State = ProducedDocument.State
WHOLE, PART = "essai.livre", "essai.piece"


@pytest.fixture
def made(monkeypatch):
    """A kind of document put together from three others, « 1 », « 2 », « 3 »; the keys of what was built."""
    keys = []

    def build(subject_key, target):
        keys.append(subject_key)
        document = pikepdf.new()
        document.add_blank_page()
        document.save(target)

    for kind in (WHOLE, PART):
        monkeypatch.setitem(produced.builders, kind, build)
    monkeypatch.setitem(produced.parts_of, WHOLE, lambda key: [(PART, number) for number in "123"])
    return keys


@pytest.fixture
def rung(monkeypatch):
    """The keys of the documents for which the worker is rung, instead of ringing."""
    keys = []
    monkeypatch.setattr(journal, "ring", lambda task, pk: keys.append(pk))
    return keys


def parts():
    return ProducedDocument.objects.filter(kind=PART).order_by("subject_key")


def state_of(document):
    document.refresh_from_db()
    return document.state, document.parts_done, document.parts_total


def test_the_parts_are_asked_for_first_and_the_whole_waits(db, made):
    whole = asked_for(WHOLE, "livre")

    for _ in range(2):
        actions.produce(whole.pk)

    assert (state_of(whole), made) == ((State.REQUESTED, 0, 3), [])
    assert [(part.subject_key, part.state) for part in parts()] == [(key, "requested") for key in "123"]


def test_each_part_that_is_made_counts_and_the_last_rings(db, made, rung):
    whole = asked_for(WHOLE, "livre")
    actions.produce(whole.pk)
    rung.clear()

    progress = []
    for part in parts():
        actions.produce(part.pk)
        progress.append((state_of(whole)[1], list(rung)))

    assert progress == [(1, []), (2, []), (3, [whole.pk])]


def test_the_whole_is_made_once_its_parts_are(db, made):
    whole = asked_for(WHOLE, "livre")
    actions.produce(whole.pk)
    for part in parts():
        actions.produce(part.pk)

    actions.produce(whole.pk)

    assert (state_of(whole), made) == ((State.DONE, 3, 3), ["1", "2", "3", "livre"])


def test_what_is_made_already_is_not_made_again(db, made):
    for key in "123":
        actions.produce(asked_for(PART, key).pk)
    whole = asked_for(WHOLE, "livre")

    actions.produce(whole.pk)

    assert (state_of(whole), made) == ((State.DONE, 3, 3), ["1", "2", "3", "livre"])


def test_a_part_that_fails_fails_the_whole_which_says_why(db, made, monkeypatch):
    build = produced.builders[PART]

    def fail_second(subject_key, target):
        if subject_key == "2":
            raise PdfFailed("time")
        build(subject_key, target)

    monkeypatch.setitem(produced.builders, PART, fail_second)
    whole = asked_for(WHOLE, "livre")
    actions.produce(whole.pk)
    for part in parts():
        actions.produce(part.pk)

    actions.produce(whole.pk)

    assert (state_of(whole), whole.error) == (
        (State.FAILED, 3, 3),
        "Une pièce : Ce document est trop long ou trop complexe : sa mise en page a été arrêtée.",
    )


def test_asking_again_makes_only_the_part_that_failed(db, made):
    for key in "123":
        actions.produce(asked_for(PART, key).pk)
    ProducedDocument.objects.filter(subject_key="2").update(state=State.FAILED)
    failed = asked_for(WHOLE, "livre", state=State.FAILED)

    again = actions.retry(failed)
    actions.produce(again.pk)

    assert [(part.subject_key, part.revision, part.state) for part in parts().order_by("pk")][3:] == [
        ("2", 2, "requested")
    ]


def test_what_is_made_for_wholes_alone_serves_the_next_one_and_goes_after_a_month(db, made, monkeypatch):
    monkeypatch.setattr(rendering, "passing", {PART})
    for days, key in ((31, "1"), (29, "2")):
        asked = asked_for(PART, key)
        ProducedDocument.objects.filter(pk=asked.pk).update(requested_at=from_now(days=-days))

    actions.sweep_renderings()

    assert [part.subject_key for part in parts()] == ["2"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_finish_the_last_parts_together_ring_once(made, rung):
    whole = asked_for(WHOLE, "livre")
    actions.produce(whole.pk)
    rung.clear()

    in_parallel(*[lambda part=part: actions.produce(part.pk) for part in parts()])

    assert (state_of(whole), rung) == ((State.REQUESTED, 3, 3), [whole.pk])


def test_the_bell_is_not_needed(db, made):
    whole = asked_for(WHOLE, "livre")
    actions.produce(whole.pk)
    for part in parts():
        actions.produce(part.pk)

    assert list(ProducedDocument.objects.waiting()) == [whole]
