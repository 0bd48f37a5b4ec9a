"""The deliberation board: what the room sees of a session, as one person may read it.

Nothing of a dossier that they must have nothing to do with, nor any total that it could be read from. Of the scores,
how many there are before the reveal, never whose; the raw means after it.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import JSONObject

from applications.models import Application
from journal import clock
from selection import envelope, proposals, quorum, reviewing, simulation, tally
from selection.access import items_readable_by, numbered, reads_every_decision
from selection.models import (
    AgendaItem,
    Attendance,
    Ballot,
    CommitteeSeat,
    CommitteeSession,
    Decision,
    Scorecard,
)


def stamp(user, pk):
    """What someone's board is made of, summed up, in one query; None to who may not see that session.

    The board's own number says that something of the session moved. The rest is what changes beside it: what this
    person may not read, the seats, and what other sessions draw on the same envelope.
    """
    readable = Application.objects.not_recusing(user)
    unread = AgendaItem.objects.filter(session=OuterRef("pk")).exclude(case__application__in=readable)
    seats = CommitteeSeat.objects.filter(committee=OuterRef("committee")).order_by("pk")
    told = JSONObject(
        **{name: name for name in ("user", "title", "scope", "is_chair", "is_voting", "ended_at")}
    )
    drawn = Decision.objects.standing().filter(envelope=OuterRef("envelope"))
    total = drawn.kept().order_by().values("envelope").annotate(total=Sum("amount")).values("total")
    row = (
        CommitteeSession.objects.visible_to(user)
        .filter(pk=pk)
        .values_list(
            F("board__stir"),
            F("envelope__commitments"),
            ArraySubquery(unread.order_by("pk").values("pk")),
            ArraySubquery(seats.values(row=told)),
            Subquery(total),
            Exists(drawn.exclude(item__case__application__in=readable)),
        )
        .first()
    )
    return None if row is None else hashlib.sha256(repr((user.pk, *row)).encode()).hexdigest()[:32]


@dataclass
class Deliberation:
    """What a board shows: the item in turn, the ranking, the money (None to who must not infer from it)."""

    session: CommitteeSession
    items: list
    turn: "Turn | None"
    is_kept: bool  # the item shown is one that this person must not see
    seats: list
    ranking: list
    money: "Money | None"
    ends_at: object
    now: object

    @property
    def there(self):
        return sum(seat.is_there for seat in self.seats)

    @property
    def sealed(self):
        return sum(item.is_sealed for item in self.items)

    @property
    def decided(self):
        return sum(item.state == AgendaItem.State.DECIDED for item in self.items)

    @property
    def announcement(self):
        """What a screen reader is told when it changes."""
        if self.turn is None:
            return "Aucun point n’est présenté."
        item = self.turn.item
        return f"Point n° {item.number} : {item.case.title}. État : {item.get_state_display()}."


@dataclass
class Turn:
    """The item being dealt with: who takes part, how far it is, what it got."""

    item: AgendaItem
    expected: list  # the seats that deal with it, there or not
    kept_away: list  # those that are recused from it
    voters: set
    lacking: str
    scores: "ScoreTable | None"
    vote: "VoteShown | None"
    proposed: AgendaItem | None  # the last one of which another committee proposed something

    @property
    def scored(self):
        return sum(seat.has_scored for seat in self.expected)


@dataclass
class ScoreTable:
    """The scores of one item once revealed: a row per member, then what they come to."""

    criteria: list
    rows: list  # (seat, values, whether after the discussion)
    means: list
    spreads: list
    result: tally.ItemTally


@dataclass
class VoteShown:
    vote: object
    cast: int
    expected: int
    ballots: list  # by name, once it is closed
    counts: Counter

    @property
    def summary(self):
        choices = Ballot.Choice
        return [(choice.label, self.counts[choice]) for choice in choices]


@dataclass
class Rank:
    """A line of the ranking: what was granted, or else what the walk down it comes to."""

    tally: tally.ItemTally
    number: int
    line: simulation.Line | None = None
    total: Decimal | None = None


@dataclass
class Money:
    commitments: Decimal
    granted: Decimal
    left: Decimal
    rest: Decimal  # what the walk down the ranking leaves


def shown_to(user, session):
    """The board of a session for one person."""
    board = session.board
    items = numbered(items_readable_by(user, session))
    item = next((item for item in items if item.pk == board.current_id), None)
    tallies = {each.item.pk: each for each in tally.table(items)}
    seats = _seats(session, item)
    ranking = [
        Rank(each, number)
        for number, each in enumerate(
            tally.ranked(each for each in tallies.values() if not each.item.is_sealed), start=1
        )
    ]
    whole = len(items) == session.items.count() and reads_every_decision(user, session.envelope)
    return Deliberation(
        session=session,
        items=items,
        turn=_turn(item, seats, tallies[item.pk]) if item else None,
        is_kept=board.current_id is not None and item is None,
        seats=seats,
        ranking=ranking,
        money=_money(session, ranking) if whole else None,
        ends_at=board.timer_ends_at,
        now=clock.now(),
    )


def _seats(session, item):
    """The sitting seats, each with `is_there`; for an item, also `deals`, `is_barred` and `has_scored`."""
    there = Attendance.objects.present().filter(session=session, seat=OuterRef("pk"))
    seats = session.committee.seats.sitting().annotate(is_there=Exists(there))
    if item is None:
        return list(seats)
    application = item.case.application
    in_scope = Q(scope=None) | Q(scope__in=application.themes.all())
    cards = Scorecard.objects.filter(item=item, seat=OuterRef("pk"))
    return list(
        seats.annotate(
            deals=in_scope,
            is_barred=quorum.Bars(Value(application.pk), F("user")),
            has_scored=Exists(cards),
        )
    )


def with_scorers(items, session):
    """Items, each with `expected`, the seats that deal with it, and `given`, those of them that scored it."""
    application = OuterRef("case__application")
    themes = Application.themes.through.objects.filter(
        application=OuterRef(application), theme=OuterRef("scope")
    )
    cards = Scorecard.objects.filter(item=OuterRef(OuterRef("pk")), seat=OuterRef("pk"))
    seats = CommitteeSeat.objects.sitting().filter(
        Q(scope=None) | Exists(themes), ~quorum.Bars(application, F("user")), committee=session.committee_id
    )
    return items.annotate(
        expected=ArraySubquery(seats.values("pk")),
        given=ArraySubquery(seats.filter(Exists(cards)).values("pk")),
    ).order_by("position")


def _turn(item, seats, result):
    voters = set(quorum.voters(item).values_list("pk", flat=True))
    return Turn(
        item=item,
        expected=[seat for seat in seats if seat.deals and not seat.is_barred],
        kept_away=[seat for seat in seats if seat.is_barred],
        voters=voters,
        lacking=quorum.missing_text(item),
        scores=None if item.is_sealed else _scores(item, result),
        vote=_vote(item, voters),
        proposed=proposals.before(item).prefetch_related(None).first(),
    )


def _scores(item, result):
    """Each member by their last card; who is recused since has none, nor whose card the reveal set aside."""
    cards = Scorecard.objects.counting().filter(item=item)
    cards = cards.select_related("seat").prefetch_related("scores").order_by("seat__position", "seat")
    criteria = list(item.case.application.call.criteria.all())
    rows = []
    for card in cards:
        values = {score.criterion_id: score.value for score in card.scores.all()}
        rows.append((card.seat, [values.get(criterion.pk) for criterion in criteria], card.round > 1))
    columns = list(zip(*(values for _, values, _ in rows), strict=True)) or [()] * len(criteria)
    return ScoreTable(
        criteria=criteria,
        rows=rows,
        means=[result.by_criterion.get(criterion.pk) for criterion in criteria],
        spreads=[reviewing.spread(values) for values in columns],
        result=result,
    )


def _vote(item, voters):
    """The last vote on an item: how many ballots while it is open, whose once it is closed."""
    vote = item.votes.order_by("number").last()
    if vote is None:
        return None
    ballots = list(
        tally.counted(vote.ballots.all()).select_related("seat").order_by("seat__position", "seat")
    )
    return VoteShown(
        vote=vote,
        cast=len(ballots),
        expected=len(voters | {ballot.seat_id for ballot in ballots}),
        ballots=ballots if vote.closed_at else [],
        counts=Counter(ballot.choice for ballot in ballots) if vote.closed_at else Counter(),
    )


def _money(session, ranking):
    """What is granted, then what a walk down the ranking would add: what is decided draws no second time."""
    told = session.envelope
    # What a committee that only proposes decides draws on nothing yet, and is counted all the same.
    proposed = sum(
        (
            rank.tally.item.decision.amount or Decimal(0)
            for rank in ranking
            if rank.tally.item.decision_id and rank.tally.item.decision.is_proposal
        ),
        Decimal(0),
    )
    granted = envelope.granted(told) + proposed
    waiting = [rank for rank in ranking if rank.tally.item.decision_id is None]
    left = told.commitments - granted
    lines, rest = simulation.simulate(
        [(rank.tally.item.case, rank.tally.item.proposed_amount) for rank in waiting], left
    )
    for rank, line in zip(waiting, lines, strict=True):
        rank.line = line
        rank.total = None if line.cumulated is None else granted + line.cumulated
    return Money(told.commitments, granted, left, rest)
