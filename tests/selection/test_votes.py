"""Votes by name: who casts one, what they come to, what happens when the quorum, the network or the chair is late."""

from decimal import Decimal

import pytest
from django.urls import reverse

from journal.models import Entry
from journal.refusals import Refused
from selection import tally
from selection.actions import votes
from selection.models import AgendaItem, Ballot
from tests.database import in_parallel
from tests.factories import FundFactory, agenda_item, chair_of, committee_session, member_of
from tests.selection.attendance_factories import all_present, present_member

Item = AgendaItem.State


@pytest.fixture
def session(db):
    return all_present(committee_session(FundFactory()))


def of_quorum(session, count):
    session.quorum = count
    session.save()


def leave(seat):
    seat.attendances.update(left_at=seat.attendances.get().arrived_at)


def address(name, item):
    return reverse(f"selection:{name}", args=[item.session_id, item.case.application.reference])


def test_closing_keeps_whether_it_is_carried_and_for_how_much(session):
    item = agenda_item(session, state=Item.VOTE_OPEN)
    for limit in (Decimal(300_000), Decimal(200_000), None):
        votes.vote(item, choice="for", amount=limit, by=present_member(session).user)
    votes.vote(item, choice="against", by=chair_of(session))

    vote = votes.close_vote(item, by=chair_of(session))

    assert (vote.carried, vote.amount) == (True, Decimal(200_000))


# Who votes


def test_who_is_not_in_the_room_does_not_vote(session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), member_of(session.committee)

    with pytest.raises(Refused) as refusal:
        votes.vote(item, choice="for", by=seat.user)

    assert refusal.value.reason == (
        "Ce vote n’est pas enregistré. Vous n’êtes pas noté présent à la séance : signalez votre présence, puis votez."
    )


def test_an_advisory_seat_has_no_vote(client, session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    seat.is_voting = False
    seat.save()
    client.force_login(seat.user)

    answer = client.post(address("vote", item), {"number": 1, "choice": "for"})

    assert (answer.status_code, Ballot.objects.count()) == (403, 0)


# The quorum


def test_a_vote_does_not_open_without_its_quorum_and_says_who_is_missing(session):
    of_quorum(session, 3)
    item = agenda_item(session, state=Item.REVEALED)
    present_member(session)

    with pytest.raises(Refused) as refusal:
        votes.open_vote(item, by=chair_of(session))

    assert (refusal.value.reason, item.votes.count()) == (
        "Le quorum n’est pas atteint sur ce dossier : 2 votants présents, pour 3 exigés. Faites noter les arrivées, ou"
        " passez à un autre dossier et revenez à celui-ci ensuite.",
        0,
    )


def test_a_quorum_lost_in_the_middle_leaves_the_vote_open_and_its_ballots_kept(session):
    of_quorum(session, 2)
    item, seat = agenda_item(session, state=Item.REVEALED), present_member(session)
    votes.open_vote(item, by=chair_of(session))
    votes.vote(item, choice="for", by=seat.user)
    leave(seat)

    with pytest.raises(Refused) as refusal:
        votes.close_vote(item, by=chair_of(session))
    item.refresh_from_db()
    kept = item.state, Ballot.objects.count()
    present_member(session)
    vote = votes.close_vote(item, by=chair_of(session))

    assert "Le vote reste ouvert, les bulletins sont gardés." in refusal.value.reason
    assert (kept, vote.carried) == ((Item.VOTE_OPEN, 1), True)


def test_opening_all_votes_leaves_what_lacks_its_quorum_and_says_so(client, session):
    of_quorum(session, 2)
    item = agenda_item(session, state=Item.REVEALED)
    client.force_login(chair_of(session))

    page = client.post(reverse("selection:open_all_votes", args=[session.pk]), follow=True)

    item.refresh_from_db()
    assert item.state == Item.REVEALED
    assert [str(message) for message in page.context["messages"]][1:] == [
        f"{item} : Le quorum n’est pas atteint sur ce dossier : 1 votant présent, pour 2 exigés."
        " Faites noter les arrivées, puis ouvrez son vote."
    ]


# Sent again, sent twice, sent late


def test_a_ballot_sent_again_is_one_ballot_even_once_the_vote_is_closed(session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    sent = {"choice": "for", "amount": Decimal(5), "number": 1, "by": seat.user}
    kept = votes.vote(item, **sent)
    votes.vote(item, **sent)
    votes.close_vote(item, by=chair_of(session))

    again = votes.vote(item, **sent)

    assert (again, Ballot.objects.count()) == (kept, 1)
    assert Entry.objects.filter(event="ballot.cast").count() == 1


def test_a_changed_ballot_after_closing_is_refused_and_the_one_kept_stays(session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    votes.vote(item, choice="for", number=1, by=seat.user)
    votes.close_vote(item, by=chair_of(session))

    with pytest.raises(Refused) as refusal:
        votes.vote(item, choice="against", number=1, by=seat.user)

    assert refusal.value.reason == (
        "Le vote sur ce dossier n’est pas ouvert. Votre vote « pour », donné avant la clôture, compte."
    )
    assert Ballot.objects.get().choice == "for"


def test_of_two_devices_the_last_counts_and_both_are_in_the_journal(session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)

    votes.vote(item, choice="for", amount=Decimal(5), number=1, by=seat.user)
    votes.vote(item, choice="abstain", number=1, by=seat.user)

    told = Entry.objects.filter(event="ballot.cast").order_by("id")
    on = {"item": item.pk, "vote": 1}
    assert [each.details.content for each in told] == [
        on | {"choice": "for", "amount": "5"},
        on | {"choice": "abstain", "amount": None},
    ]
    assert (Ballot.objects.get().choice, Ballot.objects.get().amount) == ("abstain", None)


def test_a_ballot_meant_for_the_first_vote_is_not_counted_in_the_second(session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    votes.close_vote(item, by=chair_of(session))
    votes.open_vote(item, by=chair_of(session))

    with pytest.raises(Refused) as refusal:
        votes.vote(item, choice="for", number=1, by=seat.user)
    votes.vote(item, choice="against", number=2, by=seat.user)

    assert refusal.value.reason.startswith("Un autre vote est ouvert sur ce dossier")
    assert [(each.vote.number, each.choice) for each in Ballot.objects.all()] == [(2, "against")]


@pytest.mark.django_db(transaction=True)
def test_whoever_was_told_that_their_vote_is_kept_is_counted_even_when_the_chair_closes_meanwhile():
    session = committee_session(FundFactory())
    item = agenda_item(session, state=Item.VOTE_OPEN)
    seats = [present_member(session) for _ in range(5)]
    chair = chair_of(all_present(session))
    cast = [lambda user=seat.user: votes.vote(item, choice="for", by=user) for seat in seats]

    *told, closed = in_parallel(*cast, lambda: votes.close_vote(item, by=chair))

    acknowledged = {each.seat_id for each in told if isinstance(each, Ballot)}
    assert acknowledged == set(closed.ballots.values_list("seat", flat=True))
    assert tally.outcome(closed).votes["for"] == len(acknowledged)


# On the page


def test_a_limit_on_a_vote_against_is_told_beside_its_field_and_nothing_is_cast(client, session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    client.force_login(seat.user)

    page = client.post(address("vote", item), {"number": 1, "choice": "against", "amount": "500 000"})

    form = page.context["form"]
    assert (list(form.errors), form["amount"].value(), Ballot.objects.count()) == (["amount"], "500 000", 0)


def test_the_page_tells_every_vote_by_name_with_its_amounts(client, session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    client.force_login(seat.user)
    client.post(address("vote", item), {"number": 1, "choice": "for", "amount": "500 000"})
    votes.close_vote(item, by=chair_of(session))
    votes.open_vote(item, by=chair_of(session))

    page = client.get(address("item", item)).text

    assert page.count("Vote n° 1") == 1
    assert page.count("Membre : pour, jusqu’à 500\u202f000\u00a0€") == 1
    assert page.count("Montant majoritaire : 500\u202f000\u00a0€.") == 1


# Consensus


def test_the_chair_notes_a_consensus_where_the_session_votes_so(client, session):
    session.vote_mode = "consensus"
    session.save()
    item = agenda_item(session, state=Item.REVEALED)
    client.force_login(chair_of(session))

    said = {"carried": "oui", "amount": "1,2 M€", "note": "Accord de tous."}
    answer = client.post(address("note_consensus", item), said)

    item.refresh_from_db()
    vote = item.votes.get()
    assert (answer.url, item.state) == (address("decide", item), Item.VOTED)
    assert (vote.mode, vote.carried, vote.amount, vote.note) == (
        "consensus",
        True,
        1_200_000,
        "Accord de tous.",
    )


def test_the_amount_that_the_page_proposed_does_not_hinder_a_consensus_against(client, session):
    session.vote_mode = "consensus"
    session.save()
    item = agenda_item(session, state=Item.REVEALED)
    AgendaItem.objects.update(proposed_amount=Decimal(5))
    client.force_login(chair_of(session))

    client.post(address("note_consensus", item), {"carried": "non", "amount": "5", "note": "Trop tôt."})

    assert (item.votes.get().carried, item.votes.get().amount) == (False, None)


def test_a_session_that_votes_by_roll_call_hears_no_consensus(session):
    item = agenda_item(session, state=Item.REVEALED)

    with pytest.raises(Refused) as refusal:
        votes.note_consensus(item, carried=True, note="Accord.", by=chair_of(session))

    assert refusal.value.reason == "Cette séance vote par appel nominal : ouvrez le vote."
