"""Someone recused has no trace of a dossier: not in a book, nor in a total, whenever the recusal came."""

from decimal import Decimal

import pytest

from accounts.models import Membership
from applications.models import Recusal
from documents.pdf import PdfFailed
from selection import rules, tally
from selection.access import book_key, items_readable_by, whole_book_key
from selection.actions import scoring
from selection.actions import session as actions
from selection.book import committee_book
from selection.models import AgendaItem
from tests.factories import FundFactory, agenda_item, chair_of, committee_session, member_of, officer_of


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


def recuse(user, item):
    Recusal.objects.create(application=item.case.application, user=user, reason="Ancien employeur")


def test_the_book_of_before_a_recusal_is_no_longer_theirs(session):
    member = member_of(session.committee).user
    _, other = agenda_item(session), agenda_item(session)
    before, whole = book_key(member, session), whole_book_key(session)

    recuse(member, other)

    assert (before == whole, before == book_key(member, session)) == (True, False)


@pytest.mark.parametrize("change", ["removed", "amount"])
def test_the_whole_book_is_no_longer_served_nor_made_once_the_agenda_changed(session, change, tmp_path):
    item, officer = agenda_item(session), officer_of(session.fund)
    other = agenda_item(session)
    before = book_key(officer, session)

    if change == "removed":
        actions.remove_from_agenda(other, by=officer)
    else:
        AgendaItem.objects.filter(pk=item.pk).update(proposed_amount=Decimal("12"))

    assert book_key(officer, session) != before
    with pytest.raises(PdfFailed):
        committee_book(before, tmp_path / "livre.pdf")


def test_a_book_asked_for_before_a_recusal_is_not_made_after_it(session, tmp_path):
    member = member_of(session.committee).user
    first, second, _ = agenda_item(session), agenda_item(session), agenda_item(session)
    recuse(member, first)
    key = book_key(member, session)
    recuse(member, second)

    with pytest.raises(PdfFailed):
        committee_book(key, tmp_path / "livre.pdf")


def test_a_recused_officer_does_not_read_the_item(session):
    officer = officer_of(session.fund)
    item, other = agenda_item(session), agenda_item(session)

    recuse(officer, item)

    assert list(items_readable_by(officer, session)) == [other]


def test_an_officer_does_not_review_the_body_they_belong_to(session):
    officer = officer_of(session.fund)
    item = agenda_item(session)

    Membership.objects.create(
        user=officer, organisation=item.case.application.organisation, role="contributor"
    )

    assert rules.can_review(officer, item.case.application) is False


def test_scores_given_before_a_recusal_leave_the_average(session):
    item = agenda_item(session)
    seats = [member_of(session.committee), member_of(session.committee)]
    criteria = list(item.case.application.call.criteria.all())
    for seat, value in zip(seats, (5, 1), strict=True):
        scoring.score(item, scores=dict.fromkeys(criteria, value), comment="", by=seat.user)
    scoring.reveal(item, by=chair_of(session))
    item.refresh_from_db()

    recuse(seats[1].user, item)

    [line] = tally.table([item])
    assert (line.average, line.scorecards) == (Decimal("5.000"), 1)
