"""What a committee that only proposes came to on a dossier, for the committee that decides."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse

from selection import tally
from selection.access import items_readable_by
from selection.models import AgendaItem, CommitteeSession, Decision


@dataclass
class Proposal:
    """A proposal with what it rests on: the mean and the votes of the committee that made it."""

    item: AgendaItem
    tally: tally.ItemTally
    url: str  # of where it was made, for who may read it there

    @property
    def decision(self):
        return self.item.decision


def items():
    """The items of which a proposal stands, the last first, with all that it says."""
    return (
        AgendaItem.objects.filter(decision__in=Decision.objects.standing().filter(envelope=None))
        .select_related("session__committee", "decision", "case__application")
        .prefetch_related("decision__reasons__criterion")
        .order_by("-decision__decided_at", "-pk")
    )


def prefetched():
    """For a queryset of cases: their items of which a proposal stands, as `proposed`."""
    return Prefetch("agenda_items", items(), to_attr="proposed")


def before(item):
    """What was proposed on the dossier of an item before it came on this agenda, the last first."""
    return items().filter(case=item.case_id, pk__lt=item.pk)


def told(item, user=None):
    """The same, with the means and the votes, for the pages that tell all of it; `user` reads them."""
    return told_of_each([item], user)[item.pk]


def told_of_each(read, user=None):
    """{key of an item: the same}, in as many queries as of one."""
    found = tally.table(items().filter(case__in={item.case_id for item in read}))
    return {
        item.pk: [
            Proposal(each.item, each, _url(each.item, user))
            for each in found
            if each.item.case_id == item.case_id and each.item.pk < item.pk
        ]
        for item in read
    }


def _url(item, user):
    """The address of an item for who reads it there; empty for the others, and on paper."""
    sessions = CommitteeSession.objects.visible_to(user).filter(pk=item.session_id) if user else ()
    reads = any(items_readable_by(user, session).filter(pk=item.pk).exists() for session in sessions)
    return reverse("selection:item", args=[item.session_id, item.case.application.reference]) if reads else ""


def amount_of(case, proposed):
    """The grant to propose of a case: what the last committee proposes, or else its review.

    `proposed` holds its items of which a proposal stands, the last first.
    """
    amounts = (item.decision.amount for item in proposed[:1])
    return next(filter(None, amounts), case.proposed_amount)
