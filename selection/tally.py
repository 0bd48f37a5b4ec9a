"""Adding up scores and votes. Pure arithmetic on what the querysets give."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef

from applications.models import Recusal
from selection.models import AgendaItem, Ballot, Scorecard, ScorecardScore, TieRule, Vote


def weighted_average(pairs):
    """The mean of (weight, value) pairs, on the values' own scale, to the thousandth; None without any weight.

    In fractions: a mean of thirds falls on the right side of half a thousandth only when nothing was rounded before.
    """
    pairs = list(pairs)
    weights = sum(weight for weight, _ in pairs)
    if not weights:
        return None
    return rounded(sum(weight * Fraction(value) for weight, value in pairs) / weights)


def rounded(fraction):
    """An exact number to the thousandth, half to even."""
    return Decimal(round(fraction * 1000)).scaleb(-3)


@dataclass
class ItemTally:
    """One line of the committee's table."""

    item: AgendaItem
    scorecards: int = 0
    average: Decimal | None = None
    by_criterion: dict = field(default_factory=dict)
    below: list = field(default_factory=list)  # sentences: the criteria whose mean is under their minimum
    votes: Counter = field(default_factory=Counter)

    @property
    def votes_for(self):
        return self.votes[Ballot.Choice.FOR]

    @property
    def votes_against(self):
        return self.votes[Ballot.Choice.AGAINST]

    @property
    def abstentions(self):
        return self.votes[Ballot.Choice.ABSTAIN]


def table(items):
    """The tally of each item, in three queries; nothing is told of the scores of an item still sealed.

    A member's criteria are averaged over the members who scored, then weighted by the call's weights. Each member
    counts by their last card, that of after the discussion where there is one; what was scored or voted by someone
    recused since, and what the reveal set aside, is left out.
    """
    tallies = {item.pk: ItemTally(item) for item in items}
    revealed = [pk for pk, tally in tallies.items() if not tally.item.is_sealed]
    sums = defaultdict(lambda: defaultdict(list))
    weights, minimums = {}, {}
    cards = Scorecard.objects.counting().filter(item__in=revealed)
    rows = ScorecardScore.objects.filter(scorecard__in=cards).values_list(
        "scorecard__item_id",
        "criterion_id",
        "criterion__weight",
        "criterion__label",
        "criterion__minimum",
        "value",
    )
    for item, criterion, weight, label, minimum, value in rows:
        sums[item][criterion].append(value)
        weights[criterion] = weight
        if minimum is not None:
            minimums[criterion] = label, minimum
    for item, criteria in sums.items():
        means = {criterion: Fraction(sum(values), len(values)) for criterion, values in criteria.items()}
        tallies[item].scorecards = max(len(values) for values in criteria.values())
        tallies[item].by_criterion = {criterion: rounded(mean) for criterion, mean in means.items()}
        tallies[item].below = [
            f"« {label} » : {f'{tallies[item].by_criterion[criterion].normalize():f}'.replace('.', ',')},"
            f" sous la note minimale de {minimum}"
            for criterion, (label, minimum) in minimums.items()
            if criterion in means and means[criterion] < minimum
        ]
        tallies[item].average = weighted_average(
            (weights[criterion], mean) for criterion, mean in means.items()
        )
    # The last vote of an item, once it is closed.
    last = Vote.objects.filter(item__in=tallies, closed_at__isnull=False).order_by("item_id", "-number")
    last = last.distinct("item_id").values("pk")
    for item, choice in counted(Ballot.objects.filter(vote__in=last)).values_list("vote__item_id", "choice"):
        tallies[item].votes[choice] += 1
    return list(tallies.values())


def counted(ballots):
    """The ballots that count: those of who is not recused from the dossier, whenever they cast them."""
    recused = Recusal.objects.filter(
        application=OuterRef("vote__item__case__application"), user=OuterRef("seat__user")
    )
    return ballots.filter(~Exists(recused))


@dataclass
class Outcome:
    """What a vote comes to; `amount` is what `majority_amount` says of it."""

    votes: Counter
    carried: bool
    amount: Decimal | None = None


def outcome(vote):
    """What the ballots that count come to."""
    ballots = counted(vote.ballots.all()).values_list("choice", "amount", "seat__is_chair")
    return result_of(list(ballots), vote.item.session.tie_rule)


def last_vote(item):
    """The last vote of an item that was closed with a result, None before any."""
    return item.votes.filter(carried__isnull=False).order_by("-number").first()


def not_carried(item):
    """Why no vote lets an item be selected, in a sentence; empty where the last one carried it."""
    last = last_vote(item)
    if last and standing(last).carried:
        return ""
    since = " depuis qu’un membre s’est déporté" if last and last.carried else ""
    # What is decided already is not voted on again.
    again = "" if item.decision_id else "ouvrez un nouveau vote, ou "
    return f"Le dernier vote ne l’a pas adopté{since} : {again}décidez autrement."


def standing(vote):
    """What a closed vote comes to now: as its closing kept it, or added up again without who was recused since."""
    ballots = vote.ballots.all()
    if counted(ballots).count() == ballots.count():
        return Outcome(Counter(), vote.carried, vote.amount)
    return outcome(vote)


def overturned(vote, ballots, tie_rule):
    """What a closed vote comes to by the `ballots` that count still, None where that is what its closing kept.

    `vote.cast` is how many were cast, those of who was recused since included.
    """
    if vote.carried is None or len(ballots) == vote.cast:
        return None
    again = result_of([(each.choice, each.amount, each.seat.is_chair) for each in ballots], tie_rule)
    return None if (again.carried, again.amount) == (vote.carried, vote.amount) else again


def result_of(ballots, tie_rule):
    """Of (choice, limit, is the chair's) triples: more for than against; a tie follows the written rule."""
    votes = Counter(choice for choice, _, _ in ballots)
    difference = votes[Ballot.Choice.FOR] - votes[Ballot.Choice.AGAINST]
    limits = [limit for choice, limit, _ in ballots if choice == Ballot.Choice.FOR]
    carried = difference > 0
    if not difference and tie_rule == TieRule.CHAIR:
        carried = any(choice == Ballot.Choice.FOR and is_chair for choice, _, is_chair in ballots)
    return Outcome(votes, carried, majority_amount(limits, votes[Ballot.Choice.AGAINST]))


def majority_amount(limits, against):
    """The highest amount, in euros, that has a majority of the votes cast.

    `limits` holds, of each vote for, the most that it grants, None where it sets no limit; `against` is how many are
    against. It is the greatest amount A such that the votes for whose limit is at least A, or who set none, are
    strictly more than half of the votes for and against; abstentions are not votes cast. None where nobody set a
    limit, where those without any are that majority alone (no amount is too high for them), and where even the lowest
    limit has not that majority.
    """
    half = Fraction(len(limits) + against, 2)
    if limits.count(None) > half:
        return None
    granting = limits.count(None)
    for limit in sorted((limit for limit in limits if limit is not None), reverse=True):
        granting += 1
        if granting > half:
            return limit
    return None


def ranked(tallies):
    """By decreasing average; those without one last, in the order of the agenda."""
    return sorted(
        tallies, key=lambda tally: (tally.average is None, -(tally.average or 0), tally.item.position)
    )
