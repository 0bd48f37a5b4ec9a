"""The secretariat's annex to a session: what `calibration` is given of its revealed scores, and what comes of it.

Never on the board, in a book or on a member's page: the committee decides by the raw mean. Plain JSON in and out, so
that its hash says whether the scores are still those it was made of.
"""

from decimal import Decimal

from calls.questionnaire.definition import sha256
from selection import tally
from selection.calibration.band import band, down_to_the_line
from selection.calibration.flips import score_flips, weight_flips
from selection.calibration.intervals import draw, intervals
from selection.calibration.marks import Marks
from selection.calibration.severity import TooFewScores, correct
from selection.models import AgendaItem, Decision, Scorecard

DRAWS = 2_000
LEVEL = 0.9
MOST = 50  # flips kept of a kind: as many as anyone reads


def gathered(session):
    """What the annex of a session is computed from: the cards that count of what is revealed, nothing sealed.

    `left` is what the envelope held before this session decided anything: the line stays where it was while it does.
    """
    items = session.items.exclude(state=AgendaItem.State.SCORING).select_related("case__application__call")
    items = list(items.order_by("position").prefetch_related("case__application__call__criteria"))
    cards = Scorecard.objects.counting().filter(item__in=items).order_by("item__position", "seat")
    given = {item.pk: [] for item in items}
    for card in cards.prefetch_related("scores"):
        given[card.item_id].append((card.seat_id, card.values))
    elsewhere = Decision.objects.standing().filter(envelope=session.envelope).exclude(item__session=session)
    calls = {}
    for item in items:
        calls.setdefault(item.case.application.call, []).append(item)
    return {
        "session": session.pk,
        "left": f"{session.envelope.commitments - elsewhere.granted():.2f}",
        "order": [each.item.pk for each in tally.ranked(tally.table(items))],
        "calls": [_of_call(call, its, given) for call, its in calls.items()],
    }


def _of_call(call, items, given):
    criteria = list(call.criteria.all())
    return {
        "call": call.pk,
        "scale": call.scale_max,
        "weights": [[each.pk, each.weight] for each in criteria],
        "items": [[item.pk, None if item.case.withdrawn else item.mark or None] for item in items],
        "cards": [
            [item.pk, seat, [values[each.pk] for each in criteria]]
            for item in items
            for seat, values in given[item.pk]
            if all(each.pk in values for each in criteria)
        ],
    }


def computed(given):
    """What comes of what was `gathered`, a part for each call: members are compared on the same criteria alone."""
    amounts = {item: amount and Decimal(amount) for part in given["calls"] for item, amount in part["items"]}
    walk = down_to_the_line(amounts, Decimal(given["left"]))
    return {
        "left": given["left"],
        "calls": [_part(part, _among(given["order"], walk), given["session"]) for part in given["calls"]],
    }


def fingerprint(given):
    return sha256(given)


def _among(order, walk):
    """The walk of one call: its projects take the places that it has in the session's ranking, the others stay."""

    def select(ranked):
        mine, ranks = set(ranked), iter(ranked)
        selected = set(walk([next(ranks) if item in mine else item for item in order]))
        return [item for item in ranked if item in selected]

    return select


def _part(part, select, seed):
    told = {name: part[name] for name in ("call", "scale", "weights")}
    marks = Marks(
        projects=tuple(item for item, _ in part["items"]),
        members=tuple(sorted({seat for _, seat, _ in part["cards"]})),
        weights=tuple(weight for _, weight in part["weights"]),
        cards={(item, seat): tuple(scores) for item, seat, scores in part["cards"]},
    )
    try:
        found, draws = correct(marks), draw(marks, DRAWS, seed)
    except TooFewScores as few:
        return told | {"too_few": str(few)}
    ends = {each.project: each for each in intervals(draws, LEVEL)}
    standings = {each.project: each for each in band(draws, select, LEVEL)}
    criteria = [key for key, _ in part["weights"]]
    by_score = score_flips(marks, select, part["scale"])
    return told | {
        "too_few": "",
        "noise": found.noise,
        "spread": found.spread,
        "severity": found.severity,
        "linked": found.linked,
        "unknown": sum(amount is None for _, amount in part["items"]),
        "projects": [_project(each, ends, standings) for each in found.projects],
        "members": [
            {
                "seat": each.member,
                "cards": each.cards,
                "effect": each.effect,
                "by_criterion": list(each.by_criterion),
            }
            for each in found.severities
        ],
        "weight_flips": [
            {
                "criterion": criteria[flip.criterion],
                "before": flip.before,
                "after": flip.after,
                "enters": list(flip.enters),
                "leaves": list(flip.leaves),
            }
            for flip in weight_flips(marks, select)
        ],
        "score_flips": [
            {
                "item": flip.project,
                "criterion": criteria[flip.criterion],
                "change": flip.change,
                "members": [[seat, marks.cards[flip.project, seat][flip.criterion]] for seat in flip.members],
                "enters": list(flip.enters),
                "leaves": list(flip.leaves),
            }
            for flip in by_score[:MOST]
        ],
        "score_flip_count": len(by_score),
    }


def _project(found, ends, standings):
    told = {
        "item": found.project,
        "cards": found.cards,
        "raw": found.raw,
        "raw_rank": found.raw_rank,
        "corrected": found.corrected,
        "rank": found.rank,
    }
    if found.project not in ends:
        return told
    end, standing = ends[found.project], standings[found.project]
    return told | {
        "low": end.low,
        "high": end.high,
        "chance": standing.chance,
        "to_discuss": standing.to_discuss,
    }
