"""What a session waits for from one of its members, told where they come in."""

import pytest
from django.utils import timezone

from applications.models import Recusal
from selection import reading
from selection.models import AgendaItem, Ballot, CommitteeSession, ConflictDeclaration, Scorecard
from tests.factories import (
    FundFactory,
    ThemeFactory,
    agenda_item,
    chair_of,
    committee_session,
    member_of,
    moved_to,
)

Item = AgendaItem.State


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


@pytest.fixture
def seat(session):
    return member_of(session.committee)


def part_of(seat, session):
    return reading.part_of(seat, session, list(session.items.all()))


def test_a_member_has_to_vote_where_a_vote_is_open_and_to_score_what_is_sealed(session, seat):
    sealed, scored = agenda_item(session), agenda_item(session)
    Scorecard.objects.create(item=scored, seat=seat, scored_at=timezone.now())
    open_vote, _ = agenda_item(session, state=Item.VOTE_OPEN), agenda_item(session, state=Item.REVEALED)

    part = part_of(seat, session)

    assert (part.to_vote, part.to_score) == ([open_vote], [sealed])


def test_a_ballot_of_the_vote_before_is_no_vote(session, seat):
    item = agenda_item(session, state=Item.VOTE_OPEN)
    vote = item.votes.get()
    Ballot.objects.create(vote=vote, seat=seat, choice="for", cast_at=timezone.now())
    before = part_of(seat, session)
    item.votes.update(closed_at=timezone.now(), closed_by=vote.opened_by, carried=True)
    moved_to(item, Item.VOTE_OPEN)

    again = part_of(seat, session)

    assert (before.voted, again.voted, again.to_vote) == ({item.pk}, set(), [item])


def test_who_only_advises_has_no_vote_to_cast(session, seat):
    seat.is_voting = False
    seat.save()
    agenda_item(session, state=Item.VOTE_OPEN)

    part = part_of(seat, session)

    assert part.to_vote == []


def test_nothing_waits_before_the_session_opens(session, seat, client):
    item = agenda_item(session)
    CommitteeSession.objects.update(state=CommitteeSession.State.CONVENED)
    session.refresh_from_db()

    part = part_of(seat, session)

    item.refresh_from_db()
    assert (part.to_score, item.get_state_display()) == ([], "inscrit")


def test_the_chair_is_asked_before_all_is_revealed_and_told_how_many_scored(session, client):
    member, _ = member_of(session.committee), member_of(session.committee, scope=ThemeFactory())
    item = agenda_item(session)
    Scorecard.objects.create(item=item, seat=member, scored_at=timezone.now())
    Recusal.objects.create(application=item.case.application, user=member_of(session.committee).user)
    client.force_login(chair_of(session))

    asked = client.get(f"/comite/seances/{session.pk}/reveler/")

    item.refresh_from_db()
    [told] = asked.context["items"]
    chair = session.committee.seats.get(is_chair=True)
    assert (told.given, set(told.expected), item.state) == ([member.pk], {chair.pk, member.pk}, Item.SCORING)


def test_who_has_not_come_in_is_led_to_their_declaration_from_the_dossier(session, seat, client):
    item = agenda_item(session, state=Item.VOTE_OPEN)
    address = f"/comite/seances/{session.pk}/dossiers/{item}/"
    declaration = f"/comite/seances/{session.pk}/presences/{seat.pk}/declaration/"
    client.force_login(seat.user)

    before = declaration in client.get(address).content.decode()
    client.post(declaration, {"has_ties": "non"})

    assert (before, declaration in client.get(address).content.decode()) == (True, False)


def test_a_tie_is_told_with_one_full_stop(session, seat):
    grounds = [{"text": "le cabinet l’a conseillé."}, {"text": "même ministère"}]

    words = ConflictDeclaration(grounds=grounds).words

    assert words == "Le cabinet l’a conseillé ; Même ministère."


def test_the_chair_is_told_when_nothing_was_revealed(session, client):
    agenda_item(session)
    client.force_login(chair_of(session))

    response = client.post(f"/comite/seances/{session.pk}/reveler/", follow=True)

    [told] = response.context["messages"]
    assert (told.level_tag, str(told)[:20]) == ("warning", "Rien n’est révélé : ")
