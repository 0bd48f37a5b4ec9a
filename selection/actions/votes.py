"""Votes: opened by the chair, cast by name, closed by the chair; closed is closed.

Nothing opens or closes without the quorum of the item. One that is lost in the middle leaves the vote open, with the
ballots already cast: it closes once enough voters are there again.
"""

from django.db import transaction

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import quorum, rules, tally
from selection.actions.chairing import locked_for_chair, move, refuse_unless_sitting
from selection.lifecycle import Item
from selection.models import AgendaItem, Ballot, Case, CommitteeSession, Vote, VoteMode


@transaction.atomic(durable=True)
def open_vote(item, *, by):
    """Open the vote on one item whose scores are known, or a second one before anything is decided.

    Where the session votes by consensus, the roll call is for when the chair hears none.
    """
    item = locked_for_chair(item, by)
    refuse_unless_quorum(item)
    _open(item, by)


@transaction.atomic(durable=True)
def open_all_votes(session, *, by):
    """Open the vote on every item whose scores are known and that has its quorum."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_chair(by, session))
    refuse_unless_sitting(session)
    opened = 0
    for item in session.items.select_for_update().filter(state=Item.REVEALED):
        if rules.can_chair_item(by, item) and quorum.reached(item):
            _open(item, by)
            opened += 1
    return opened


@transaction.atomic(durable=True)
def vote(item, *, choice, by, amount=None, number=None):
    """Cast or change one's vote, by name, while the vote is open; `amount` is the most that a vote for grants.

    What is sent again, because its answer was lost, is told as kept, once the vote is closed too, and is not a second
    ballot. `number` says which vote was on the page: what was meant for the first is not counted in the second.
    """
    item = AgendaItem.objects.locked(item)
    require(rules.can_vote(by, item))
    seat = rules.seat_of(by, item.session)
    votes = item.votes.order_by("-number")
    asked = votes.first() if number is None else votes.filter(number=number).first()
    kept = Ballot.objects.filter(vote=asked, seat=seat).first()
    if kept and (kept.choice, kept.amount) == (choice, amount):
        return kept
    refuse_unless_sitting(item.session)
    counted = kept and item.state in (Item.VOTED, Item.DECIDED)
    counts = (
        f" Votre vote « {kept.get_choice_display()} », donné avant la clôture, compte." if counted else ""
    )
    refuse_unless(item.state == Item.VOTE_OPEN, f"Le vote sur ce dossier n’est pas ouvert.{counts}")
    refuse_unless(
        asked and asked.closed_at is None,
        "Un autre vote est ouvert sur ce dossier : ce bulletin n’y compte pas. Votez de nouveau.",
    )
    refuse_unless(
        amount is None or choice == Ballot.Choice.FOR, "Un montant accompagne un vote pour, et lui seul."
    )
    hindrance = quorum.hindrance(item, seat)
    refuse_unless(not hindrance, f"Ce vote n’est pas enregistré. {hindrance}")
    ballot, _ = Ballot.objects.update_or_create(
        vote=asked, seat=seat, defaults={"choice": choice, "amount": amount, "cast_at": clock.now()}
    )
    journal.record(
        "ballot.cast", ballot, by=by, item=item.pk, vote=asked.number, choice=choice, amount=amount
    )
    return ballot


@transaction.atomic(durable=True)
def close_vote(item, *, by):
    """Close the vote that is open on an item: its ballots no longer change, and its result is kept."""
    item = locked_for_chair(item, by)
    vote = item.votes.select_for_update().filter(closed_at=None).first()
    refuse_unless(vote, "Aucun vote n’est ouvert sur ce dossier.")
    Case.objects.locked(item.case)  # a recusal that is being written is counted, or waits
    refuse_unless_quorum(item, kept=True)
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
    refuse_unless_quorum(item)
    refuse_unless(carried or amount is None, "Un montant accompagne un projet adopté, et lui seul.")
    now = clock.now()
    vote = Vote.objects.create(
        item=item,
        number=item.votes.count() + 1,
        mode=VoteMode.CONSENSUS,
        opened_at=now,
        opened_by=by,
        closed_at=now,
        closed_by=by,
        carried=carried,
        amount=amount,
        note=note,
    )
    move(item, Item.VOTED, by, carried=carried, amount=amount, note=note)
    return vote


# Steps


def refuse_unless_quorum(item, *, kept=False):
    """Say how many are missing, and what to do."""
    missing = quorum.missing_text(item)
    stays = " Le vote reste ouvert, les bulletins sont gardés." if kept else ""
    refuse_unless(
        not missing,
        f"{missing}{stays} Faites noter les arrivées, ou passez à un autre dossier et revenez à celui-ci ensuite.",
    )


def _open(item, by):
    move(item, Item.VOTE_OPEN, by)
    Vote.objects.create(item=item, number=item.votes.count() + 1, mode=VoteMode.ROLL_CALL, opened_by=by)
