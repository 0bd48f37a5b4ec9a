"""A document that cannot be made: who is told, once, and from where it is asked for again."""

import pytest

from applications.models import Recusal
from documents import actions
from documents.models import ProducedDocument
from documents.produced import builders, concerns
from journal.models import OutgoingEmail
from selection.access import book_key, whole_book_key
from selection.models import CommitteeSession
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    FundFactory,
    agenda_item,
    committee_session,
    filed_application,
    head_of,
    officer_of,
    produced,
)

State = ProducedDocument.State
WHY = "Ce document est trop long ou trop complexe : sa mise en page a été arrêtée."
QUERIES = 7
PAGE = "/secretariat/documents/"


@pytest.fixture
def item(db):
    session = committee_session(FundFactory(), state=CommitteeSession.State.CONVENED)
    return agenda_item(session, title="Guichet clair")


@pytest.fixture
def officer(item):
    return officer_of(item.session.fund)


def failed(kind, key):
    """The first revision of a document, which filing asked for if it is the carrier's."""
    facts = {"state": State.FAILED, "error": WHY, "done_at": from_now()}
    return ProducedDocument.objects.update_or_create(kind=kind, subject_key=key, revision=1, defaults=facts)[
        0
    ]


def told():
    return {
        email.to: email.body for email in OutgoingEmail.objects.filter(template="documents/emails/failed.txt")
    }


def test_every_kind_of_document_says_who_is_told(db):
    assert sorted(set(builders) - set(concerns)) == []


def test_the_secretariat_is_told_once_of_all_that_failed_and_why(item, officer):
    head, other = head_of(item.session.fund), officer_of(FundFactory())
    failed("applications.receipt", item.case.submission_id)
    failed("selection.committee_book", book_key(officer, item.session))

    for _ in range(2):
        actions.tell_failures()

    assert {officer.email, head.email} < set(told())
    assert other.email not in told()
    assert OutgoingEmail.objects.filter(to=officer.email).count() == 1
    assert (
        f"- Accusé de dépôt – {item} : {WHY}\n- Livre du comité – {item.session} : {WHY}"
        in told()[officer.email]
    )


def test_the_same_document_that_fails_again_is_not_told_of_twice_in_a_day(item, officer):
    failed("applications.receipt", item.case.submission_id)
    actions.tell_failures()
    again = actions.retry(
        ProducedDocument.objects.latest("applications.receipt", str(item.case.submission_id))
    )
    ProducedDocument.objects.filter(pk=again.pk).update(state=State.FAILED, error=WHY, done_at=from_now())

    actions.tell_failures()

    assert OutgoingEmail.objects.filter(to=officer.email).count() == 1


def test_who_is_recused_from_a_dossier_is_told_nothing_of_it(item, officer, client):
    Recusal.objects.create(application=item.case.application, user=officer, reason="Ancien employeur")
    failed("applications.dossier", item.case.submission_id)
    client.force_login(officer)

    actions.tell_failures()

    assert (officer.email in told(), str(item) in client.get(PAGE).text) == (False, False)


def test_a_document_asked_for_again_is_no_failure_any_more(item, officer, client):
    document = failed("applications.dossier", item.case.submission_id)
    client.force_login(officer)
    before = client.get(PAGE).text

    client.post(PAGE, {"document": document.pk})

    assert (before.count(WHY), client.get(PAGE).text.count(WHY)) == (1, 0)
    assert ProducedDocument.objects.latest(document.kind, document.subject_key).revision == 2


def test_only_who_is_told_of_a_failure_asks_again(item, client):
    document = failed("applications.dossier", item.case.submission_id)
    client.force_login(officer_of(FundFactory()))

    answer = client.post(PAGE, {"document": document.pk})

    assert (answer.status_code, ProducedDocument.objects.filter(revision=2).count()) == (404, 0)


def test_the_door_of_the_secretariat_tells_of_what_failed(item, officer, client):
    failed("selection.committee_book", whole_book_key(item.session))
    client.force_login(officer)

    assert "1 document n’a pas pu être fabriqué" in " ".join(client.get("/secretariat/").text.split())


def test_the_book_of_an_agenda_that_was_is_missed_by_nobody(item, officer, client):
    failed("selection.committee_book", whole_book_key(item.session))
    client.force_login(officer)
    before = client.get(PAGE).text

    agenda_item(item.session, title="Arrivé depuis")
    actions.tell_failures()

    assert (before.count(WHY), client.get(PAGE).text.count(WHY), told()) == (1, 0, {})


@pytest.mark.parametrize("dossiers", [1, 3])
def test_the_page_asks_as_many_queries_whatever_fails(db, client, django_assert_num_queries, dossiers):
    call = CallFactory(published=True)
    officer = officer_of(call.fund)
    for _ in range(dossiers):
        failed("applications.dossier", filed_application(call=call).submissions.get().pk)
    client.force_login(officer)
    client.get(PAGE)

    with django_assert_num_queries(QUERIES):
        page = client.get(PAGE)

    assert page.text.count(WHY) == dossiers


def test_the_page_of_a_book_that_nobody_asked_for_asks_for_it(item, officer, client):
    client.force_login(officer)
    page = f"{item.session.get_absolute_url()}livre/"

    offered = client.get(page).text.count("Demander le document")
    client.post(page)

    assert (offered, client.get(page).text.count("Demander le document")) == (1, 0)


def test_the_waiting_page_says_how_far_the_parts_of_a_book_are(item, officer, client):
    produced("selection.committee_book", book_key(officer, item.session))
    ProducedDocument.objects.filter(kind="selection.committee_book").update(parts_total=122, parts_done=37)
    client.force_login(officer)

    page = client.get(f"{item.session.get_absolute_url()}livre/")

    assert "37 pièces sur 122, puis l’assemblage" in page.text
