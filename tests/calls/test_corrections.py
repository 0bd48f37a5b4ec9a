"""What is said publicly of a call after its publication, and that it stays said."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from calls.actions import corrections as actions
from calls.actions import preparation
from calls.models import Correction
from journal.models import Entry
from journal.refusals import Refused
from tests.clock import from_now
from tests.database import in_parallel, refused_by_the_database, write
from tests.factories import CallFactory, FundFactory, auditor_of, head_of, officer_of

TEXT = "L’annexe 2 remplace la précédente."


@pytest.fixture
def call(db):
    return CallFactory(published=True)


def correction_of(call, text=TEXT):
    return Correction.objects.create(call=call, text=text, published_by=officer_of(call.fund))


@pytest.mark.parametrize("role", [officer_of, head_of])
def test_the_secretariat_publishes_a_correction(call, role):
    person = role(call.fund)

    actions.publish_correction(call, text=TEXT, by=person)

    correction = Correction.objects.get()
    assert (correction.call, correction.text, correction.published_by) == (call, TEXT, person)
    assert Entry.objects.get().event == "call.corrected"


@pytest.mark.parametrize("role", [auditor_of, lambda fund: head_of(FundFactory())])
def test_nobody_else_publishes_a_correction(call, role):
    with pytest.raises(PermissionDenied):
        actions.publish_correction(call, text=TEXT, by=role(call.fund))

    assert Correction.objects.count() == 0


def test_a_draft_call_is_changed_and_not_corrected(db):
    call = CallFactory()

    with pytest.raises(Refused) as refusal:
        actions.publish_correction(call, text=TEXT, by=officer_of(call.fund))

    assert refusal.value.reason == actions.TOO_EARLY


@pytest.mark.parametrize(
    "statement", ["UPDATE calls_correction SET text = ''", "DELETE FROM calls_correction"]
)
def test_the_database_refuses_to_rewrite_a_correction(call, statement):
    correction_of(call)

    with refused_by_the_database():
        write(statement)


def test_postponing_the_deadline_says_so_publicly(call):
    round_ = call.rounds.get()
    before, later = round_.deadline_text, from_now(days=30)

    preparation.postpone_deadline(round_, closes_at=later, by=officer_of(call.fund))

    round_.refresh_from_db()
    [correction] = Correction.objects.all()
    assert correction.text == f"La date limite est reportée du {before} au {round_.deadline_text}."


def test_the_public_reads_corrections_with_the_newest_first(call, client):
    for text in ("Ancienne.", "Récente."):
        correction_of(call, text)

    response = client.get(call.get_absolute_url())

    page = response.content.decode()
    assert [each.text for each in response.context["corrections"]] == ["Récente.", "Ancienne."]
    assert page.count('href="#corrections"') == 2


def test_a_correction_is_read_again_before_it_is_published(call, client):
    client.force_login(officer_of(call.fund))
    address = reverse("calls:corrections", args=[call.slug])

    read = client.post(address, {"text": TEXT})

    assert (read.status_code, read.context["read_again"], Correction.objects.count()) == (200, True, 0)

    published = client.post(address, {"text": TEXT, "read": TEXT, "publish": "1"})

    assert (published.status_code, Correction.objects.get().text) == (302, TEXT)


def test_what_is_published_is_what_was_read(call, client):
    client.force_login(officer_of(call.fund))
    address = reverse("calls:corrections", args=[call.slug])
    text = f"{TEXT}\r\nElle est jointe."

    changed = client.post(address, {"text": text, "read": TEXT, "publish": "1"})
    unpublished = Correction.objects.count()
    client.post(address, {"text": text, "read": text.replace("\r", ""), "publish": "1"})

    assert (changed.context["read_again"], changed.context["changed_since"], unpublished) == (True, True, 0)
    assert Correction.objects.get().text == text


@pytest.mark.django_db(transaction=True)
def test_a_double_click_publishes_once():
    call = CallFactory(published=True)
    officer = officer_of(call.fund)

    kept = in_parallel(*[lambda: actions.publish_correction(call, text=TEXT, by=officer).pk] * 5)

    assert kept == [Correction.objects.get().pk] * 5


def test_an_empty_correction_is_not_published(call, client):
    client.force_login(officer_of(call.fund))

    response = client.post(reverse("calls:corrections", args=[call.slug]), {"text": " ", "publish": "1"})

    assert list(response.context["form"].errors) == ["text"]
    assert Correction.objects.count() == 0


def test_a_correction_shows_what_was_typed_as_text(call, client):
    correction_of(call, "<script>alert(1)</script>")

    page = client.get(call.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
