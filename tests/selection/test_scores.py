"""Scores under seal, by those who deal with the dossier: their scope, minus their recusals."""

import pytest
from django.core.exceptions import PermissionDenied

from applications.models import Recusal
from documents import storage
from documents.models import ProducedDocument
from journal import clock
from journal.refusals import Refused
from selection import rules
from selection.access import book_key
from selection.actions import scoring, votes
from selection.models import (
    AgendaItem,
    CommitteeSession,
    Scorecard,
    ScorecardScore,
)
from tests.database import refused_by_the_database, write
from tests.factories import (
    FundFactory,
    ThemeFactory,
    agenda_item,
    auditor_of,
    chair_of,
    committee_session,
    head_of,
    member_of,
    moved_to,
    officer_of,
    produced,
)

Item = AgendaItem.State
Meeting = CommitteeSession.State


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


def notes(item, *values):
    return dict(zip(item.case.application.call.criteria.all(), values, strict=True))


def score(item, seat, *values, comment=""):
    return scoring.score(item, scores=notes(item, *values), comment=comment, by=seat.user)


def test_a_member_scores_and_may_change_until_the_reveal(session):
    item, seat = agenda_item(session), member_of(session.committee)
    score(item, seat, 1, 1, 1, 1)

    score(item, seat, 5, 4, 3, 2, comment="Mieux")

    [card] = Scorecard.objects.all()
    assert card.comment == "Mieux"
    assert [each.value for each in card.scores.order_by("criterion__position")] == [5, 4, 3, 2]


@pytest.mark.parametrize("state", [Item.REVEALED, Item.VOTE_OPEN, Item.DECIDED])
def test_revealed_scores_do_not_change(session, state):
    item, seat = agenda_item(session), member_of(session.committee)
    score(item, seat, 1, 1, 1, 1)
    moved_to(item, state)

    with pytest.raises(Refused):
        score(item, seat, 5, 5, 5, 5)


REVEALED_WRITES = {
    "change": "UPDATE selection_scorecardscore SET value = 5",
    "delete": "DELETE FROM selection_scorecardscore",
    "move": "UPDATE selection_scorecardscore SET scorecard_id = (SELECT max(id) FROM selection_scorecard)",
    "comment": "UPDATE selection_scorecard SET comment = 'autre' WHERE comment = 'révélé'",
    "move the card": "UPDATE selection_scorecard SET item_id = (SELECT max(id) FROM selection_agendaitem)",
    "delete the card": "DELETE FROM selection_scorecard",
}


@pytest.mark.parametrize("sql", REVEALED_WRITES.values(), ids=REVEALED_WRITES)
def test_revealed_scores_are_refused_by_the_database(session, sql):
    item, seat = agenda_item(session), member_of(session.committee)
    score(item, seat, 1, 1, 1, 1, comment="révélé")
    moved_to(item, Item.REVEALED)
    sealed = agenda_item(session)
    Scorecard.objects.create(
        item=sealed, seat=member_of(session.committee), scored_at=Scorecard.objects.get().scored_at
    )

    with refused_by_the_database():
        write(sql)


def test_a_new_score_on_a_revealed_card_is_refused_by_the_database(session):
    item, seat = agenda_item(session), member_of(session.committee)
    card = score(item, seat, 1, 1, 1, 1)
    criterion = card.scores.first().criterion
    card.scores.filter(criterion=criterion).delete()
    moved_to(item, Item.REVEALED)

    with refused_by_the_database():
        ScorecardScore.objects.create(scorecard=card, criterion=criterion, value=5)


@pytest.mark.parametrize("role", [officer_of, head_of, auditor_of])
def test_only_members_score_and_vote(session, role):
    item = agenda_item(session)

    with pytest.raises(PermissionDenied):
        scoring.score(item, scores={}, comment="", by=role(session.fund))
    with pytest.raises(PermissionDenied):
        votes.vote(item, choice="for", by=role(session.fund))


def test_nobody_scores_outside_a_session(session):
    item, seat = agenda_item(session), member_of(session.committee)
    CommitteeSession.objects.update(state=Meeting.CONVENED)

    with pytest.raises(Refused) as refusal:
        score(item, seat, 1, 1, 1, 1)

    assert refusal.value.reason == "La séance est convoquée."


# Scope and recusal


def test_a_digital_seat_deals_with_digital_projects_alone(session):
    digital = ThemeFactory(label="Numérique")
    seat = member_of(session.committee, scope=digital)
    inside, outside = agenda_item(session, themes=[digital]), agenda_item(session)

    assert list(AgendaItem.objects.within_scope_of(seat)) == [inside]
    with pytest.raises(PermissionDenied):
        score(outside, seat, 1, 1, 1, 1)
    assert score(inside, seat, 1, 1, 1, 1).seat == seat


def recused_from(item, seat):
    Recusal.objects.create(application=item.case.application, user=seat.user, reason="Conjoint")
    return seat


def test_a_recused_member_neither_scores_nor_votes(session):
    item = agenda_item(session)
    seat = recused_from(item, member_of(session.committee))

    with pytest.raises(PermissionDenied):
        score(item, seat, 1, 1, 1, 1)
    with pytest.raises(PermissionDenied):
        votes.vote(moved_to(item, Item.VOTE_OPEN), choice="for", by=seat.user)


def test_a_member_of_the_carrier_is_recused_without_appeal(session):
    item, seat = agenda_item(session), member_of(session.committee)
    item.case.application.organisation.memberships.create(user=seat.user, role="contributor")

    assert list(AgendaItem.objects.within_scope_of(seat)) == []


def test_a_recused_member_sees_no_trace_of_the_dossier(session, client):
    item = agenda_item(session, title="Marqueur du dossier")
    agenda_item(session, title="Un autre dossier")
    seat = recused_from(item, member_of(session.committee))
    client.force_login(seat.user)
    base = f"/comite/seances/{session.pk}/"

    pages = [client.get(address).content.decode() for address in ("/comite/", base, "/espace/")]
    hidden = client.get(f"{base}dossiers/{item.case.application.reference}/")

    assert [page.count("Marqueur") + page.count(item.case.application.reference) for page in pages] == [
        0,
        0,
        0,
    ]
    assert pages[1].count("Un autre dossier") == 1
    assert hidden.status_code == 404


@pytest.mark.parametrize("seated", [True, False])
def test_who_is_recused_is_told_no_total_it_could_be_read_from(session, client, seated):
    item = agenda_item(session)
    user = member_of(session.committee).user if seated else officer_of(session.fund)
    client.force_login(user)
    address = f"/comite/seances/{session.pk}/"
    before = [label for label, _ in client.get(address).context["facts"]]

    Recusal.objects.create(application=item.case.application, user=user, reason="Conjoint")

    after = [label for label, _ in client.get(address).context["facts"]]
    assert [label for label in before if label not in after] == ["Déjà accordé", "Reste disponible"]


def test_the_book_made_before_a_recusal_is_no_longer_ones_own(session, client):
    item, seat = agenda_item(session), member_of(session.committee)
    agenda_item(session)
    file = storage.store([b"%PDF-1.7 Marqueur"], content_type="application/pdf")
    produced("selection.committee_book", book_key(seat.user, session))
    ProducedDocument.objects.update(state="done", file=file, pages=1, done_at=clock.now())
    client.force_login(seat.user)
    address = f"/comite/seances/{session.pk}/livre.pdf"

    before = client.get(address)
    recused_from(item, seat)
    after = client.get(address)

    assert (b"".join(before), after.status_code) == (b"%PDF-1.7 Marqueur", 404)


def test_the_deputy_chairs_what_the_chair_is_recused_from_and_nothing_else(session):
    item, other = agenda_item(session), agenda_item(session)
    deputy = member_of(session.committee)
    deputy.is_deputy_chair = True
    deputy.save()
    recused_from(item, session.committee.seats.get(is_chair=True))

    assert [rules.can_chair_item(deputy.user, each) for each in (item, other)] == [True, False]
    assert [rules.can_chair_item(chair_of(session), each) for each in (item, other)] == [False, True]
