"""Who may give up a grant, who comes next on the reserve list, and what there is left to give it.

The list is that of an envelope, as its ranks are (`reserve`): whatever their calls, the committee ranked its projects
together.
"""

from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from applications.models import Application
from selection import envelope, rules, tally
from selection.models import (
    AgendaItem,
    Case,
    CommitteeSeat,
    CommitteeSession,
    Decision,
    Laureate,
    Letter,
    Promotion,
)

OVER = (CommitteeSession.State.CLOSED, CommitteeSession.State.MINUTES_SIGNED)


def awards(**of):
    """The decisions that select a project, of sessions that are over, and that nobody gave up."""
    found = Decision.objects.standing().deciding().kept().filter(outcome=Decision.Outcome.SELECTED)
    return found.filter(item__session__state__in=OVER, **of).select_related("item__case__application__call")


def award_of(application):
    """The decision that selects a dossier for good, or None."""
    return awards(item__case__application=application).order_by("-decided_at", "-pk").first()


def told_award_of(application):
    """The same, once its carrier knows of it: by its letter, or as everyone does."""
    award = award_of(application)
    if award is None:
        return None
    notified = Letter.objects.sent().filter(decision=award).exists()
    announced = Laureate.objects.public().filter(case__application=application).exists()
    return award if notified or announced else None


def waiting(withdrawal):
    """The decisions of the reserve list that may take the place of a laureate, the first ranked first.

    Without who was refused for this very place, who holds another, and who gave up.
    """
    refused = Promotion.objects.filter(
        reserve=OuterRef("pk"), withdrawal=withdrawal, state=Promotion.State.REFUSED
    )
    return (
        Decision.objects.filter(
            ~Exists(Promotion.objects.live().filter(reserve=OuterRef("pk"))),
            ~Exists(refused),
            standing_of__isnull=False,
            outcome=Decision.Outcome.RESERVE,
            envelope=withdrawal.decision.envelope_id,
            item__session__state__in=OVER,
            item__case__state=Case.State.RESERVE,
            item__case__withdrawn=False,
        )
        .select_related("item__session", "item__case__application__call")
        .order_by("rank", "pk")
    )


def room_of(purse):
    """The euros that an envelope still holds."""
    return envelope.remaining(purse)


def expected(reserve):
    """The grant that a project of the reserve list would have: what its vote grants, else what was asked."""
    item = reserve.item
    last = tally.last_vote(item)
    voted = tally.standing(last).amount if last else None
    found = [each for each in (voted, item.proposed_amount, item.case.requested_grant) if each]
    return min(found) if found else None


def most(reserve):
    """The most that a chair alone may grant to a project of the list: what its vote grants, else what was asked."""
    last = tally.last_vote(reserve.item)
    voted = tally.standing(last).amount if last else None
    return reserve.item.case.requested_grant if voted is None else voted


def proposed_amount(reserve, room):
    """What is proposed of it: as much as was expected, within what is left; None where the call pays nobody."""
    if not reserve.item.case.application.call.pays:
        return None
    wanted = expected(reserve)
    return max(min(wanted, room), Decimal(0)) if wanted else None


def to_settle_by(user):
    """The proposals that wait for this person, who leads the committee."""
    seats = CommitteeSeat.objects.sitting().filter(
        Q(is_chair=True) | Q(is_deputy_chair=True),
        committee=OuterRef("reserve__item__session__committee"),
        user=user,
    )
    found = (
        Promotion.objects.proposed()
        .filter(Exists(seats))
        .select_related("reserve__item__session__committee__fund", "reserve__item__case__application__call")
    )
    return [each for each in found if rules.can_settle_promotion(user, each.reserve.item)]


def given_up_unseen():
    """The awards whose carrier withdrew its dossier otherwise: nothing is drawn from it yet."""
    return awards(item__case__application__state=Application.State.WITHDRAWN)


def reads(user, application):
    """Whether a dossier is not kept from someone by a recusal."""
    return Application.objects.not_recusing(user).filter(pk=application.pk).exists()


def item_of(promotion):
    return AgendaItem.objects.select_related("session__committee__fund", "case__application__call").get(
        pk=promotion.reserve.item_id
    )
