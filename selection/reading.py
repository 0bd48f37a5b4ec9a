"""How far a member is with an agenda: what they read, what comes before and after, what they note for themselves."""

from dataclasses import dataclass
from math import ceil

from django.db.models import Sum, TextField
from django.db.models.functions import Cast, Length

from applications.models import Submission
from selection.models import AgendaItem, Ballot, CommitteeSession, Reading, Scorecard

# Characters read in a minute: 238 words of six, the mean of Brysbaert, « How many words do we read per minute? »,
# Journal of Memory and Language 109 (2019).
PACE = 1400


@dataclass
class Progress:
    """What someone reads of an agenda, in its order; `read` holds the numbers of the items that a member has read."""

    items: list
    read: set

    @property
    def words(self):
        count = len(self.read)
        return f"{count} lu{'s' if count > 1 else ''} sur {len(self.items)}"

    @property
    def unread(self):
        return [item for item in self.items if item.pk not in self.read]

    @property
    def next_unread(self):
        return next(iter(self.unread), None)


@dataclass
class Part:
    """What a member did of an agenda and what it waits for, in its order; nothing waits in a session that is not open.

    `scored` and `voted` hold numbers of items: of a vote taken again, a ballot of the one before is no vote.
    """

    scored: set
    voted: set
    to_vote: list
    to_score: list


def part_of(seat, session, items):
    """A member's part in these items of a session."""
    ballots = Ballot.objects.filter(seat=seat, vote__item__in=items)
    of_before = {"vote__closed_at__isnull": False, "vote__item__state": AgendaItem.State.VOTE_OPEN}
    voted = set(ballots.exclude(**of_before).values_list("vote__item", flat=True))
    scored = set(Scorecard.objects.filter(seat=seat, item__in=items).values_list("item", flat=True))
    if session.state != CommitteeSession.State.OPEN:
        return Part(scored, voted, [], [])
    items = sorted(items, key=lambda item: item.position)
    open_votes = [item for item in items if item.state == AgendaItem.State.VOTE_OPEN and seat.is_voting]
    return Part(
        scored,
        voted,
        to_vote=[item for item in open_votes if item.pk not in voted],
        to_score=[item for item in items if item.is_sealed and item.pk not in scored],
    )


def minutes_left(progress):
    """About how long it takes to read what a member has not yet, to the next five minutes, from what was filed."""
    filed = Submission.objects.filter(pk__in=[item.case.submission_id for item in progress.unread])
    length = Length(Cast("content__sections", TextField()))
    total = filed.aggregate(total=Sum(length))["total"] or 0
    return 5 * ceil(total / PACE / 5)


@dataclass
class Place:
    """An item among those that someone reads: its rank from 1, and its neighbours, None at the ends."""

    progress: Progress
    rank: int
    previous: AgendaItem | None
    following: AgendaItem | None


def progress(items, seat):
    """How far a member is with these items, in the order of the agenda; who has no seat has read none."""
    items = sorted(items, key=lambda item: item.position)
    readings = Reading.objects.filter(seat=seat, item__in=items, read_at__isnull=False) if seat else ()
    return Progress(items, {reading.item_id for reading in readings})


def place(item, items, seat):
    """Where an item is among `items`, which hold it."""
    found = progress(items, seat)
    rank = next(rank for rank, each in enumerate(found.items) if each.pk == item.pk)
    before, after = found.items[:rank], found.items[rank + 1 :]
    return Place(found, rank + 1, before[-1] if before else None, after[0] if after else None)
