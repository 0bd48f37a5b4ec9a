"""Votes: opened by the chair, cast by name, closed by the chair; closed is closed."""

from django.db import transaction

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import rules, tally
from selection.actions.chairing import locked_for_chair, move, refuse_unless_sitting
from selection.lifecycle import Item
from selection.models import AgendaItem, Ballot, CommitteeSession, Vote, VoteMode


@transaction.atomic(durable=True)
def open_vote(item, *, by):
    """Open the vote on one item whose scores are known."""
    item = locked_for_chair(item, by)
    _open(item, by)


@transaction.atomic(durable=True)
def open_all_votes(session, *, by):
    """Open the vote on every item whose scores are known."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_chair(by, session))
    refuse_unless_sitting(session)
    opened = 0
    for item in session.items.select_for_update().filter(state=Item.REVEALED):
        if rules.can_chair_item(by, item):
            _open(item, by)
            opened += 1
    return opened


@transaction.atomic(durable=True)
def vote(item, *, choice, by, amount=None):
    """Cast or change one's vote, by name, while the vote is open; `amount` is the most that a vote for grants."""
    item = AgendaItem.objects.locked(item)
    require(rules.can_vote(by, item))
    refuse_unless_sitting(item.session)
    refuse_unless(item.state == Item.VOTE_OPEN, "Le vote sur ce dossier n’est pas ouvert.")
    ballot, _ = Ballot.objects.update_or_create(
        vote=item.votes.get(closed_at=None),
        seat=rules.seat_of(by, item.session),
        defaults={"choice": choice, "amount": amount, "cast_at": clock.now()},
    )
    journal.record("ballot.cast", ballot, by=by, choice=choice, amount=amount)
    return ballot


@transaction.atomic(durable=True)
def close_vote(item, *, by):
    """Close the vote that is open on an item: its ballots no longer change, and its result is kept."""
    item = locked_for_chair(item, by)
    vote = item.votes.select_for_update().filter(closed_at=None).first()
    refuse_unless(vote, "Aucun vote n’est ouvert sur ce dossier.")
    result = tally.outcome(vote)
    vote.closed_at, vote.closed_by = clock.now(), by
    vote.carried, vote.amount = result.carried, result.amount
    vote.save(update_fields=["closed_at", "closed_by", "carried", "amount"])
    move(item, Item.VOTED, by, carried=vote.carried, amount=vote.amount)
    return vote


@transaction.atomic(durable=True)
def note_consensus(item, *, carried, note, by, amount=None):
    """Keep the agreement that the chair hears, where the session votes so; nobody casts a ballot."""
    item = locked_for_chair(item, by)
    refuse_unless(
        item.session.vote_mode == VoteMode.CONSENSUS,
        "Cette séance vote par appel nominal : ouvrez le vote.",
    )
    vote = Vote.objects.create(
        item=item,
        number=item.votes.count() + 1,
        mode=VoteMode.CONSENSUS,
        opened_by=by,
        closed_at=clock.now(),
        closed_by=by,
        carried=carried,
        amount=amount,
        note=note,
    )
    move(item, Item.VOTED, by, carried=carried, amount=amount, note=note)
    return vote


# Steps


def _open(item, by):
    move(item, Item.VOTE_OPEN, by)
    Vote.objects.create(item=item, number=item.votes.count() + 1, mode=VoteMode.ROLL_CALL, opened_by=by)
