"""The committee's book, frozen: nothing of it changes, and what comes late makes a supplement."""

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from applications.models import Recusal, Submission
from journal.refusals import Refused
from selection.access import whole_book_key
from selection.actions import agenda as actions
from selection.book import committee_book
from selection.models import AgendaItem, Case, CommitteeBook
from tests.factories import FundFactory, agenda_item, committee_session, officer_of


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


@pytest.fixture
def officer(session):
    return officer_of(session.fund)


def freeze(session, by):
    waiting = session.items.filter(book=None).order_by("position")
    return actions.freeze_book(session, seen=[str(item) for item in waiting], by=by)


def file_again(case, title):
    """A next submission of the same dossier, under another title."""
    last = case.submission
    Submission.objects.create(
        application=case.application,
        revision=last.revision + 1,
        content=last.content | {"title": title},
        sha256="0" * 64,
        requested_grant=last.requested_grant,
        total_cost=last.total_cost,
        promised_savings=last.promised_savings,
        filed_at=last.filed_at,
        filed_by=last.filed_by,
    )


def words_of(path):
    return " ".join(page.extract_text() for page in PdfReader(path).pages)


def test_a_book_keeps_the_order_the_filing_the_amount_and_the_score(session, officer):
    first, second = agenda_item(session, value=3), agenda_item(session, value=5)
    AgendaItem.objects.filter(pk=second.pk).update(proposed_amount=900)

    book = freeze(session, officer)

    submission = second.case.submission
    assert [row["reference"] for row in book.content] == [str(first), str(second)]
    assert book.content[1] == {
        "position": 2,
        "reference": str(second),
        "submission": submission.pk,
        "sha256": submission.sha256,
        "proposed_amount": "900.00",
        "review_score": "5.000",
    }


def test_late_additions_make_a_numbered_supplement_and_leave_the_book_alone(session, officer):
    agenda_item(session)
    book = freeze(session, officer)
    late = agenda_item(session)

    supplement = freeze(session, officer)

    assert [book.called, supplement.called] == ["Livre du comité", "Supplément n° 1 au livre du comité"]
    assert [row["reference"] for row in supplement.content] == [str(late)]
    assert CommitteeBook.objects.get(number=1).sha256 == book.sha256


def test_the_database_refuses_to_change_what_is_frozen(session, officer):
    agenda_item(session)
    freeze(session, officer)

    with pytest.raises(DatabaseError), transaction.atomic():
        CommitteeBook.objects.update(content=[])


def test_what_changed_since_it_was_read_is_not_frozen(session, officer):
    seen = [str(agenda_item(session))]
    agenda_item(session)

    with pytest.raises(Refused):
        actions.freeze_book(session, seen=seen, by=officer)

    assert CommitteeBook.objects.count() == 0


def test_a_frozen_item_keeps_its_rank_and_its_amount(session, officer):
    frozen = agenda_item(session)
    freeze(session, officer)
    late = agenda_item(session)

    actions.keep_ranking(session, added=[], amounts={str(frozen): 12}, by=officer)
    with pytest.raises(Refused):
        actions.move_item(late, up=True, by=officer)

    frozen.refresh_from_db()
    assert (frozen.proposed_amount, frozen.position) == (None, 1)


def test_a_filing_after_the_freezing_changes_no_book(session, officer, tmp_path, client):
    item = agenda_item(session, title="Titre figé")
    book = freeze(session, officer)
    file_again(item.case, "Titre redéposé")
    client.force_login(officer)

    for key in (f"book/{book.pk}", whole_book_key(session)):
        committee_book(key, tmp_path / "livre.pdf")
        words = words_of(tmp_path / "livre.pdf")
        assert ("Titre figé" in words, "Titre redéposé" in words) == (True, False)

    assert Case.objects.get().submission.content["title"] == "Titre redéposé"
    assert (
        "redéposé : le livre garde le dépôt figé"
        in client.get(f"/secretariat/seances/{session.pk}/livre/").text
    )


def test_who_is_recused_reads_a_book_without_the_dossier_and_not_the_pdf_of_the_whole(
    session, officer, client
):
    item = agenda_item(session, title="Marqueur du dossier")
    agenda_item(session)
    freeze(session, officer)
    recused = officer_of(session.fund)
    Recusal.objects.create(application=item.case.application, user=recused, reason="Ancien employeur")
    client.force_login(recused)

    response = client.get(f"/secretariat/seances/{session.pk}/livre/")
    page = response.text
    pdf = client.get(f"/secretariat/seances/{session.pk}/livre/1.pdf")

    assert (page.count("Marqueur"), page.count(str(item)), pdf.status_code) == (0, 0, 404)
    assert [row["number"] for row, _ in response.context["books"][0].rows] == [1]
