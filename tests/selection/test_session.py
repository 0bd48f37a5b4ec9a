"""The session itself: reveal, votes, decisions."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse

from applications import actions as applications
from calls.models import Outcome
from journal.models import Entry
from journal.refusals import Refused
from selection.actions import decisions, scoring, votes
from selection.actions import session as actions
from selection.models import (
    AgendaItem,
    Ballot,
    CommitteeSession,
    Decision,
)
from tests.database import refused_by_the_database, write
from tests.factories import (
    FundFactory,
    agenda_item,
    certifier_of,
    chair_of,
    committee_session,
    member_of,
)
from tests.selection.attendance_factories import all_present, present_member
from tests.selection.deciding_factories import said_of

Item = AgendaItem.State
Meeting = CommitteeSession.State


@pytest.fixture
def session(db):
    return all_present(committee_session(FundFactory()))


def notes(item, *values):
    return dict(zip(item.case.application.call.criteria.all(), values, strict=True))


def score(item, seat, *values, comment=""):
    return scoring.score(item, scores=notes(item, *values), comment=comment, by=seat.user)


# Reveal and votes


def test_scores_are_revealed_by_the_chair_once_there_are_some(session):
    item, seat = agenda_item(session), member_of(session.committee)

    with pytest.raises(Refused) as refusal:
        scoring.reveal(item, by=chair_of(session))
    score(item, seat, 1, 1, 1, 1)
    scoring.reveal(item, by=chair_of(session))

    item.refresh_from_db()
    assert refusal.value.reason == "Aucun membre n’a encore noté ce dossier."
    assert item.state == Item.REVEALED


@pytest.mark.parametrize("act", [scoring.reveal, votes.open_vote])
def test_a_member_does_not_chair(session, act):
    item, seat = agenda_item(session), member_of(session.committee)

    with pytest.raises(PermissionDenied):
        act(item, by=seat.user)


def test_revealing_all_leaves_what_nobody_scored(session):
    scored, unscored = agenda_item(session), agenda_item(session)
    score(scored, member_of(session.committee), 1, 1, 1, 1)

    count = scoring.reveal_all(session, by=chair_of(session))

    assert count == 1
    assert dict(AgendaItem.objects.values_list("pk", "state")) == {
        scored.pk: Item.REVEALED,
        unscored.pk: Item.SCORING,
    }


def test_a_vote_is_by_name_and_may_change_while_it_is_open(session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)

    votes.vote(item, choice="against", by=seat.user)
    votes.vote(item, choice="for", by=seat.user)

    [ballot] = Ballot.objects.all()
    assert (ballot.seat, ballot.choice) == (seat, "for")
    assert Entry.objects.filter(event="ballot.cast").count() == 2


@pytest.mark.parametrize("state", [Item.SCORING, Item.REVEALED, Item.DECIDED])
def test_nobody_votes_while_the_vote_is_not_open(session, state):
    item, seat = agenda_item(session, state=state), member_of(session.committee)

    with pytest.raises(Refused):
        votes.vote(item, choice="for", by=seat.user)


CLOSED_WRITES = {
    "change": "UPDATE selection_ballot SET choice = 'against'",
    "delete": "DELETE FROM selection_ballot",
    "move": "UPDATE selection_ballot SET vote_id = (SELECT max(id) FROM selection_vote)",
}


@pytest.mark.parametrize("sql", CLOSED_WRITES.values(), ids=CLOSED_WRITES)
def test_a_closed_vote_is_refused_by_the_database(session, sql):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    votes.vote(item, choice="for", by=seat.user)
    votes.close_vote(item, by=chair_of(session))
    agenda_item(session, state=Item.VOTE_OPEN)

    with refused_by_the_database():
        write(sql)


def test_a_vote_after_closing_is_refused_by_the_database(session):
    item, seat = agenda_item(session, state=Item.VOTED), member_of(session.committee)

    with refused_by_the_database():
        Ballot.objects.create(
            vote=item.votes.get(), seat=seat, choice="for", cast_at=session.held_on.isoformat() + "T12:00Z"
        )


# Decisions


@pytest.mark.parametrize(
    ("outcome", "amount"),
    [("selected", Decimal("500000")), ("reserve", None), ("deferred", None), ("rejected", None)],
)
def test_the_case_takes_the_outcome_of_the_decision(session, outcome, amount):
    item = agenda_item(session, state=Item.VOTED)

    decisions.decide(item, outcome=outcome, amount=amount, by=chair_of(session), **said_of(item, outcome))

    item.refresh_from_db()
    assert (item.state, item.case.state, item.decision.amount) == (Item.DECIDED, outcome, amount)
    assert Entry.objects.get(event="item.decided").details.content["outcome"] == outcome


@pytest.mark.parametrize(
    ("outcome", "amount"), [("reserve", Decimal(1)), ("rejected", Decimal(1)), ("deferred", Decimal(1))]
)
def test_an_amount_goes_with_a_selected_project_alone(session, outcome, amount):
    item = agenda_item(session, state=Item.VOTED)

    with pytest.raises(IntegrityError, match="decision_amount_goes_with_selection"):
        decisions.decide(item, outcome=outcome, amount=amount, by=chair_of(session), **said_of(item, outcome))


def scored_under_a_minimum(session, *values, minimum=3):
    """An item that the chair's vote carries, each member having given one of these values to every criterion."""
    item = agenda_item(session)
    criterion = item.case.application.call.criteria.first()
    criterion.minimum = minimum
    criterion.save()
    for value in values:
        score(item, member_of(session.committee), *[value] * 4)
    scoring.reveal(item, by=chair_of(session))
    votes.open_vote(item, by=chair_of(session))
    votes.vote(item, choice="for", by=chair_of(session))
    votes.close_vote(item, by=chair_of(session))
    return item


def test_what_is_under_a_minimum_is_not_selected(session):
    item = scored_under_a_minimum(session, 2, 3)

    with pytest.raises(Refused) as refusal:
        decisions.decide(item, outcome="selected", amount=Decimal(1), by=chair_of(session))
    decisions.decide(item, outcome="reserve", by=chair_of(session))

    assert refusal.value.reason == (
        "Ce dossier ne peut pas être retenu. « Critère 1 » : 2,5, sous la note minimale de 3."
    )


def test_a_mean_that_reaches_the_minimum_may_be_selected(session):
    item = scored_under_a_minimum(session, 2, 4)

    decisions.decide(item, outcome="selected", amount=Decimal(1), by=chair_of(session))

    assert Decision.objects.get().outcome == "selected"


def test_whoever_is_selected_gets_an_amount(session):
    item = scored_under_a_minimum(session, 4)

    with pytest.raises(Refused) as refusal:
        decisions.decide(item, outcome="selected", by=chair_of(session))

    assert refusal.value.reason == "Un projet retenu par cet appel reçoit un montant."


def test_a_contest_that_pays_nobody_selects_without_an_amount(client, session):
    item = scored_under_a_minimum(session, 4)
    call = item.case.application.call
    call.paid_by = "nobody"
    call.save()
    client.force_login(chair_of(session))
    address = reverse("selection:decide", args=[session.pk, item.case.application.reference])

    asked = client.get(address).context["form"].fields
    client.post(address, {"outcome": "selected"})

    decision = Decision.objects.get()
    assert ("amount" in asked, decision.outcome, decision.amount) == (False, "selected", None)


def test_the_chair_is_told_on_the_board_and_beside_the_choice(client, session):
    item = scored_under_a_minimum(session, 2)
    client.force_login(chair_of(session))
    address = reverse("selection:decide", args=[session.pk, item.case.application.reference])

    board = client.get(session.get_absolute_url()).content.decode()
    page = client.post(address, {"outcome": "selected", "amount": "1"})

    assert board.count("sous une note minimale") == 1
    assert page.context["form"].errors["outcome"] == [
        "Ce dossier ne peut pas être retenu. « Critère 1 » : 2, sous la note minimale de 3."
    ]


def test_the_committee_decides_in_the_words_of_the_call(client, session):
    item = agenda_item(session, state=Item.VOTED)
    call = item.case.application.call
    under_conditions = Outcome.objects.create(
        call=call, position=1, label="Retenu sous conditions", state="selected"
    )
    Outcome.objects.create(call=call, position=2, label="À revoir", state="deferred")
    client.force_login(chair_of(session))
    address = reverse("selection:decide", args=[session.pk, item.case.application.reference])

    offered = [label for _, label in client.get(address).context["form"].fields["outcome"].choices]
    client.post(address, {"outcome": str(under_conditions.pk), "amount": "5"})
    board = client.get(session.get_absolute_url()).content.decode()

    decision = Decision.objects.get()
    assert offered == ["Retenu sous conditions", "À revoir"]
    assert (decision.outcome, decision.label) == ("selected", "Retenu sous conditions")
    assert board.count("Retenu sous conditions") == 1


@pytest.mark.parametrize("state", [Item.SCORING, Item.REVEALED, Item.DECIDED])
def test_a_decision_follows_the_vote(session, state):
    item = agenda_item(session, state=state)

    with pytest.raises(Refused):
        decisions.decide(item, outcome="rejected", by=chair_of(session), **said_of(item, "rejected"))


def test_what_its_carrier_withdrew_is_not_selected(session):
    item = agenda_item(session, state=Item.VOTED)
    applications.withdraw(item.case.application, by=certifier_of(item.case.application.organisation))

    with pytest.raises(Refused):
        decisions.decide(item, outcome="selected", amount=Decimal(1), by=chair_of(session))


@pytest.mark.parametrize(
    "sql", ["UPDATE selection_decision SET amount = 2", "DELETE FROM selection_decision"]
)
def test_a_decision_never_changes(session, sql):
    item = agenda_item(session, state=Item.VOTED)
    decisions.decide(item, outcome="selected", amount=Decimal(1), by=chair_of(session))

    with refused_by_the_database():
        write(sql)

    assert Decision.objects.get().amount == 1


def test_a_session_closes_once_everything_is_decided(session):
    item = agenda_item(session, state=Item.VOTED)

    with pytest.raises(Refused) as refusal:
        actions.close_session(session, by=chair_of(session))
    decisions.decide(item, outcome="rejected", by=chair_of(session), **said_of(item, "rejected"))
    actions.close_session(session, by=chair_of(session))

    session.refresh_from_db()
    assert refusal.value.reason == (
        "1 point de l’ordre du jour attend encore une décision. Ce qui n’en aura pas se renvoie à une autre séance."
    )
    assert session.state == Meeting.CLOSED


def test_one_committee_has_one_chair(session):
    with refused_by_the_database():
        member_of(session.committee, chair=True)
