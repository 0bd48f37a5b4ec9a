"""What the page of an item tells of its votes and of what was decided."""

from collections import Counter

from django.db.models import Count, Prefetch

from selection import quorum, rules, tally
from selection.forms.deciding import BallotForm
from selection.models import AgendaItem, Ballot, CommitteeSession


def context(item, user):
    """Its votes, one's own ballot and how to cast it, its decisions."""
    seat = rules.seat_of(user, item.session)
    votes = list(told(item))
    current = next((vote for vote in votes if vote.closed_at is None), None)
    mine = Ballot.objects.filter(vote=current, seat=seat).first() if current else None
    votes_here = current and item.session.state == CommitteeSession.State.OPEN and rules.can_vote(user, item)
    hindrance = quorum.hindrance(item, seat) if votes_here else ""
    return {
        "votes": [vote for vote in votes if vote.closed_at],
        "ballot": mine,
        "ballot_form": BallotForm(item=item, initial=BallotForm.initial_of(current, mine))
        if votes_here
        else None,
        "hindrance": hindrance,
        "quorum_missing": quorum.missing_text(item),
        "decisions": item.decisions.select_related("decided_by")
        .prefetch_related("reasons__criterion")
        .order_by("-revision"),
        "can_correct": can_correct(item, user),
    }


def told(item):
    """The votes of an item, each with its `standing_ballots`, their `counts`, and how many a recusal has set aside.

    `overturned` is what it comes to without those, where its closing had kept something else.
    """
    ballots = tally.counted(Ballot.objects.select_related("seat")).order_by("seat__position", "seat")
    votes = item.votes.annotate(cast=Count("ballots")).prefetch_related(
        Prefetch("ballots", ballots, to_attr="standing_ballots")
    )
    for vote in votes.order_by("number"):
        counts = Counter(ballot.choice for ballot in vote.standing_ballots)
        vote.counts = [(choice.label, counts[choice]) for choice in Ballot.Choice]
        vote.set_aside = vote.cast - len(vote.standing_ballots)
        vote.overturned = tally.overturned(vote, vote.standing_ballots, item.session.tie_rule)
        yield vote


def can_correct(item, user):
    """Whether the chair is offered to correct a decision; the action says the rest."""
    unsigned = item.session.state in (CommitteeSession.State.OPEN, CommitteeSession.State.CLOSED)
    return item.state == AgendaItem.State.DECIDED and unsigned and rules.can_correct(user, item)
