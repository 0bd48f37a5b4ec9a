"""What keeps a session from deciding an item: a vote that did not carry it, a recusal after it, a lost quorum."""

from decimal import Decimal

import pytest
from django.urls import reverse

from journal.models import Entry
from journal.refusals import Refused
from selection import opinions, tally
from selection.actions import conflicts, decisions, scoring, votes
from selection.actions import session as sessions
from selection.models import AgendaItem, Ballot, Board, Case, Vote
from tests.factories import FundFactory, agenda_item, chair_of, committee_session
from tests.selection.attendance_factories import all_present, present_member
from tests.selection.deciding_factories import said_of

Item = AgendaItem.State


@pytest.fixture
def session(db):
    return all_present(committee_session(FundFactory(), state="open"))


@pytest.fixture
def voted(session):
    """An item that one member carries alone, up to 300 000 euros: the chair abstains."""
    item = agenda_item(session, state=Item.VOTE_OPEN)
    member = present_member(session).user
    votes.vote(item, choice="for", amount=Decimal(300_000), by=member)
    votes.vote(item, choice="abstain", by=chair_of(session))
    votes.close_vote(item, by=chair_of(session))
    item.refresh_from_db()
    return item, member


def select(item, amount):
    return decisions.decide(item, outcome="selected", amount=Decimal(amount), by=chair_of(item.session))


# The vote


def test_a_project_is_not_granted_more_than_its_vote_grants(voted):
    item, _ = voted

    with pytest.raises(decisions.BeyondVote):
        select(item, 300_001)
    item.refresh_from_db()
    select(item, 300_000)

    assert item.decisions.get().amount == 300_000


def test_what_the_vote_did_not_carry_is_not_selected_but_may_be_decided_otherwise(session, client):
    item = agenda_item(session, state=Item.VOTE_OPEN)
    votes.vote(item, choice="against", by=chair_of(session))
    votes.close_vote(item, by=chair_of(session))
    client.force_login(chair_of(session))
    item.refresh_from_db()

    address = reverse("selection:decide", args=[session.pk, item.case.application.reference])
    page = client.post(address, {"outcome": "selected", "amount": "5"})
    decisions.decide(item, outcome="deferred", by=chair_of(session), **said_of(item, "deferred"))

    assert page.context["form"].errors["outcome"] == [
        "Ce dossier ne peut pas être retenu. Le dernier vote ne l’a pas adopté : ouvrez un nouveau vote, ou décidez"
        " autrement."
    ]
    assert item.decisions.get().outcome == "deferred"


def test_a_recusal_after_the_vote_takes_its_majority_away_and_the_journal_says_so(voted, client):
    item, member = voted

    conflicts.recuse_oneself(item.case.application, reason="Conjointe au sein du porteur.", by=member)

    with pytest.raises(Refused) as refusal:
        select(item, 1)
    client.force_login(chair_of(item.session))
    page = client.get(reverse("selection:item", args=[item.session_id, item.case.application.reference]))
    assert refusal.value.reason == (
        "Ce dossier ne peut pas être retenu. Le dernier vote ne l’a pas adopté depuis qu’un membre s’est déporté :"
        " ouvrez un nouveau vote, ou décidez autrement."
    )
    assert "Depuis la clôture, un déport a changé le résultat : non adopté." in page.content.decode()
    ballot = Ballot.objects.get(seat__user=member)
    assert Entry.objects.get(event="item.member_set_aside").details.content == {
        "user": member.pk,
        "scorecards": [],
        "ballots": [ballot.pk],
    }


def test_a_recusal_after_scoring_takes_the_score_out_of_the_mean_and_the_journal_says_so(session):
    item, member = agenda_item(session), present_member(session).user
    criteria = item.case.application.call.criteria.all()
    for someone, value in ((member, 1), (chair_of(session), 5)):
        scoring.score(item, scores=dict.fromkeys(criteria, value), comment="", by=someone)
    scoring.reveal(item, by=chair_of(session))
    [before] = tally.table([AgendaItem.objects.get()])

    conflicts.recuse_oneself(item.case.application, reason="Conjointe au sein du porteur.", by=member)

    [after] = tally.table([AgendaItem.objects.get()])
    card = item.scorecards.get(seat__user=member)
    assert (before.average, after.average) == (3, 5)
    assert Entry.objects.get(event="item.member_set_aside").details.content["scorecards"] == [card.pk]


# Put off


def test_an_item_without_a_quorum_is_put_off_its_vote_without_a_result_and_the_session_closes(session):
    item = agenda_item(session, state=Item.VOTE_OPEN)
    listed = Case.State.SHORTLISTED if item.case.application.call.has_shortlist else Case.State.UNDER_REVIEW
    votes.vote(item, choice="for", by=chair_of(session))
    session.quorum = 2
    session.save()

    sessions.put_off(item, reason="Le quorum n’est pas revenu.", by=chair_of(session))
    sessions.close_session(session, by=chair_of(session))

    item.refresh_from_db()
    vote = Vote.objects.get()
    assert (item.state, item.put_off_because) == (Item.PUT_OFF, "Le quorum n’est pas revenu.")
    assert (vote.closed_at is None, vote.carried, vote.ballots.count()) == (False, None, 1)
    assert Case.objects.get().state == listed
    assert Entry.objects.get(event="item.put_off").details.content == {
        "reason": "Le quorum n’est pas revenu."
    }


def test_scores_that_nobody_saw_are_revealed_before_an_item_is_put_off(session):
    item = agenda_item(session)
    criteria = item.case.application.call.criteria.all()
    scoring.score(item, scores=dict.fromkeys(criteria, 3), comment="", by=chair_of(session))

    with pytest.raises(Refused) as refusal:
        sessions.put_off(item, reason="Il est tard.", by=chair_of(session))
    scoring.reveal(item, by=chair_of(session))
    sessions.put_off(item, reason="Il est tard.", by=chair_of(session))

    assert refusal.value.reason == ("Des notes sont scellées sur ce dossier : révélez-les, puis renvoyez-le.")
    assert AgendaItem.objects.get().state == Item.PUT_OFF


def test_what_was_put_off_may_go_on_the_agenda_of_another_session(session):
    item = agenda_item(session, state=Item.REVEALED)
    sessions.put_off(item, reason="Il est tard.", by=chair_of(session))
    other = committee_session(session.fund, state="convened")

    sessions.add_to_agenda(other, [item.case.application.reference], by=session.prepared_by)

    assert other.items.get().case == item.case
    assert Case.objects.get().state == Case.State.ON_AGENDA
    assert opinions.sessions_closing(item.case).get() == other


def test_the_chair_puts_an_item_off_from_its_page_and_what_is_decided_stays(session, client):
    item = agenda_item(session, state=Item.REVEALED)
    address = reverse("selection:put_off", args=[session.pk, item.case.application.reference])
    client.force_login(chair_of(session))

    empty = client.post(address, {"reason": " "})
    kept = client.post(address, {"reason": "Il est tard."}, follow=True)
    again = client.post(address, {"reason": "Il est tard."})

    assert empty.context["form"].errors["reason"] == ["Ce champ est obligatoire."]
    assert "Aucune : renvoyé" in kept.content.decode()
    assert again.status_code == 409


def test_who_leads_from_the_room_goes_back_to_it_once_the_item_shown_is_decided(session, client):
    shown, other = agenda_item(session, state=Item.VOTED), agenda_item(session, state=Item.VOTED)
    Board.objects.filter(session=session).update(current=shown)
    client.force_login(chair_of(session))

    after = [
        client.post(
            reverse("selection:put_off", args=[session.pk, item.case.application.reference]),
            {"reason": "L’heure est passée."},
        ).url
        for item in (shown, other)
    ]

    assert after == [reverse("selection:conduct", args=[session.pk]), session.get_absolute_url()]


def test_a_correction_does_not_send_to_a_vote_that_cannot_be_opened(session):
    item = agenda_item(session, state=Item.VOTE_OPEN)
    votes.vote(item, choice="against", by=chair_of(session))
    votes.close_vote(item, by=chair_of(session))
    item.refresh_from_db()
    decisions.decide(item, outcome="deferred", by=chair_of(session), **said_of(item, "deferred"))
    item.refresh_from_db()

    assert tally.not_carried(item) == "Le dernier vote ne l’a pas adopté : décidez autrement."
