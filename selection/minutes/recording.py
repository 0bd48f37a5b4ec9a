"""What a session recorded, gathered as plain JSON: people, then each point with its scores, votes and decisions.

Amounts and means are texts (« 600000.00 »), times ISO 8601 in UTC. What a recusal has set aside is left out and
counted, as everywhere else.
"""

from collections import Counter, defaultdict
from datetime import UTC
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Prefetch

from applications.models import Recusal
from selection import quorum, tally
from selection.models import (
    Ballot,
    CommitteeSeat,
    ConflictDeclaration,
    Decision,
    Scorecard,
    ScorecardScore,
    Vote,
)
from selection.seats import seats_when_closed


def gather(session):
    """All that was recorded of a session, in a number of queries that does not grow with its agenda."""
    seats = seats_when_closed(session)
    stays = defaultdict(list)
    for stay in session.attendances.order_by("arrived_at", "pk"):
        stays[stay.seat_id].append([moment(stay.arrived_at), moment(stay.left_at)])
    items = _items(session, seats)
    told = [seat for seat in seats if seat.ended_at is None or seat.pk in stays]
    return {
        "session": _session(session),
        "seats": _seats(session, told, stays),
        "items": items,
        "totals": _totals(items),
    }


def is_same(recorded, minutes):
    """Whether minutes were produced from what is recorded now."""
    return recorded == minutes.recorded


def moment(value):
    return value and value.astimezone(UTC).isoformat()


def money(value):
    return None if value is None else f"{value:.2f}"


def name_of(seat):
    """A seat among those present: its function, and who holds it where the function does not say."""
    title, name = seat.title, seat.user.name
    return name if name.startswith(title) else title if title.startswith(name) else f"{title} ({name})"


def short_names(seats):
    """{seat: its function}, or its whole name where two seats have the same function."""
    titles = Counter(seat.title for seat in seats)
    return {seat.pk: seat.title if titles[seat.title] == 1 else name_of(seat) for seat in seats}


def _session(session):
    committee, envelope = session.committee, session.envelope
    return {
        "id": session.pk,
        "title": session.title,
        "committee": committee.name,
        "proposes": committee.power == committee.Power.PROPOSES,
        "fund": committee.fund.name,
        "held_on": session.held_on.isoformat(),
        "place": session.place,
        "opened_at": moment(session.opened_at),
        "closed_at": moment(session.closed_at),
        "quorum": session.quorum,
        "vote_mode": session.get_vote_mode_display(),
        "tie_rule": session.get_tie_rule_display(),
        "envelope": str(envelope),
        "commitments": money(envelope.commitments),
    }


def _seats(session, seats, stays):
    stated = dict(session.statements.values_list("seat", "text"))
    return [
        {
            "seat": seat.pk,
            "name": name_of(seat),
            "is_chair": seat.is_chair,
            "is_deputy_chair": seat.is_deputy_chair,
            "is_voting": seat.is_voting,
            "scope": seat.scope.label if seat.scope else None,
            "stays": stays[seat.pk],
            "stated": stated.get(seat.pk),  # null: nothing was declared, not even that there is nothing
        }
        for seat in seats
    ]


def _items(session, seats):
    barred = CommitteeSeat.objects.filter(
        quorum.Bars(OuterRef("case__application"), F("user")), pk__in=[seat.pk for seat in seats]
    ).order_by("position", "pk")
    ballots = tally.counted(Ballot.objects.select_related("seat__user")).order_by("seat__position", "seat")
    votes = Vote.objects.filter(closed_at__isnull=False).annotate(cast=Count("ballots")).order_by("number")
    votes = votes.prefetch_related(Prefetch("ballots", ballots, to_attr="counting"))
    decisions = Decision.objects.of_sessions().select_related("decided_by")
    decisions = decisions.prefetch_related("reasons__criterion")
    items = (
        session.items.select_related("session", "case__application__organisation", "case__application__call")
        .prefetch_related(
            "case__application__call__criteria",
            Prefetch("votes", votes, to_attr="closed_votes"),
            Prefetch("decisions", decisions.order_by("revision"), to_attr="taken"),
        )
        .annotate(barred=ArraySubquery(barred.values("pk")))
        .order_by("position")
    )
    items = list(items)
    tallies = {each.item.pk: each for each in tally.table(items)}
    known = _Known(session, seats)
    return [_item(item, tallies[item.pk], known) for item in items]


class _Known:
    """What the items of a session refer to, read once for all of them."""

    def __init__(self, session, seats):
        self.names = short_names(seats)
        users = {seat.user_id: seat for seat in seats}
        applications = session.items.values("case__application")
        self.reasons, self.declarations = {}, defaultdict(list)
        for each in Recusal.objects.filter(application__in=applications, user__in=users):
            self.reasons[each.application_id, users[each.user_id].pk] = each.reason
        ties = ConflictDeclaration.objects.filter(application__in=applications, user__in=users)
        for each in ties.select_related("settled_by").order_by("pk"):
            self.declarations[each.application_id].append((users[each.user_id].pk, each))
        self.means, self.set_aside = _means(session)


def _means(session):
    """{item: the weighted mean of each member's card that counts}, and how many cards the reveal set aside of each."""
    cards = Scorecard.objects.counting().filter(item__session=session)
    pairs, items = defaultdict(list), {}
    rows = ScorecardScore.objects.filter(scorecard__in=cards).order_by("pk")
    for item, card, weight, value in rows.values_list(
        "scorecard__item", "scorecard", "criterion__weight", "value"
    ):
        pairs[card].append((weight, value))
        items[card] = item
    means = defaultdict(list)
    for card, its_pairs in pairs.items():
        means[items[card]].append(tally.weighted_average(its_pairs))
    aside = Scorecard.objects.unrecused().filter(item__session=session, set_aside=True)
    return means, Counter(aside.values_list("item", flat=True))


def _item(item, result, known):
    application = item.case.application
    return {
        "position": item.position,
        "reference": application.reference,
        "title": item.case.title,
        "carrier": application.jury_name,
        "fictitious": application.fictitious,
        "requested": money(item.case.requested_grant),
        "proposed": money(item.proposed_amount),
        "recused": [
            {"name": known.names[seat], "reason": known.reasons.get((application.pk, seat), "")}
            for seat in item.barred
        ],
        "declarations": [
            {
                "name": known.names[seat],
                "grounds": [ground["text"] for ground in each.grounds],
                "state": each.state,
                "told": each.get_state_display(),
                "reason": each.reason,
                "by": each.settled_by.name if each.settled_by else None,
            }
            for seat, each in known.declarations[application.pk]
        ],
        "scores": _scores(item, result, known),
        "votes": [_vote(vote, item.session.tie_rule, known.names) for vote in item.closed_votes],
        "put_off": item.put_off_because,
        "decisions": [_decision(each) for each in item.taken],
    }


def _scores(item, result, known):
    means = sorted(mean for mean in known.means[item.pk] if mean is not None)
    call = item.case.application.call
    return {
        "cards": result.scorecards,
        "scale": call.scale_max,
        "average": number(result.average),
        "lowest": number(means[0]) if means else None,
        "highest": number(means[-1]) if means else None,
        "set_aside": known.set_aside[item.pk],
        "criteria": [
            {"label": criterion.label, "mean": number(result.by_criterion[criterion.pk])}
            for criterion in call.criteria.all()
            if criterion.pk in result.by_criterion
        ],
    }


def number(value):
    return None if value is None else f"{value:.3f}"


def _vote(vote, tie_rule, names):
    """A closed vote; `carried` is null where it ended without a result, its item put off.

    `overturned` is what it comes to without the ballots that a recusal set aside, where that is something else.
    """
    again = tally.overturned(vote, vote.counting, tie_rule)
    counts = Counter(ballot.choice for ballot in vote.counting)
    return {
        "number": vote.number,
        "mode": vote.mode,
        "opened_at": moment(vote.opened_at),
        "closed_at": moment(vote.closed_at),
        "carried": vote.carried,
        "amount": money(vote.amount),
        "note": vote.note,
        "counts": {choice.value: counts[choice] for choice in Ballot.Choice},
        "is_tie": bool(vote.counting) and counts[Ballot.Choice.FOR] == counts[Ballot.Choice.AGAINST],
        "ballots": [
            {"name": names[ballot.seat_id], "choice": ballot.choice, "amount": money(ballot.amount)}
            for ballot in vote.counting
        ],
        "set_aside": vote.cast - len(vote.counting),
        "overturned": again and {"carried": again.carried, "amount": money(again.amount)},
    }


def _decision(decision):
    return {
        "revision": decision.revision,
        "outcome": decision.outcome,
        "words": decision.words,
        "amount": money(decision.amount),
        "rank": decision.rank,
        "reason": decision.reason,
        "conditions": decision.conditions,
        "milestones": decision.milestones,
        "asked": decision.asked,
        "reasons": [
            {"criterion": each.criterion.label, "text": each.text} for each in decision.reasons.all()
        ],
        "correction": decision.correction,
        "by": decision.decided_by.name,
        "at": moment(decision.decided_at),
    }


def _totals(items):
    """What the decisions that stand come to.

    Nothing of what other sessions drew on the envelope: who reads all of this one may be recused from a dossier there.
    """
    standing = [item["decisions"][-1] for item in items if item["decisions"]]
    return {
        "outcomes": dict(sorted(Counter(each["outcome"] for each in standing).items())),
        "granted": money(sum((Decimal(each["amount"] or 0) for each in standing), Decimal(0))),
    }
