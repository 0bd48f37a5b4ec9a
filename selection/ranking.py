"""The ranking that an agenda is made of: what may go on it and what is on it already, by weighted score."""

from django.db.models import F, Prefetch

from selection import envelope, proposals
from selection.access import reads_every_decision
from selection.actions.session import schedulable
from selection.models import AgendaItem, Case, Decision


def candidates(session):
    """Every case that this session's agenda may hold or holds undecided, whoever looks."""
    waiting = session.items.exclude(state__in=[AgendaItem.State.DECIDED, AgendaItem.State.PUT_OFF])
    return Case.objects.filter(pk__in=schedulable(session).values("pk")) | Case.objects.filter(
        pk__in=waiting.values("case")
    )


def ranked(session, user):
    """What this person may read of it, best score first; what is still under review hides from who owes a review."""
    return (
        candidates(session)
        .filter(pk__in=Case.objects.readable_by(user))
        .with_scores_for(user)
        .select_related("application", "submission", "call")
        .prefetch_related(
            Prefetch("agenda_items", AgendaItem.objects.filter(session=session), to_attr="here"),
            Prefetch(
                "agenda_items",
                AgendaItem.objects.filter(
                    decision__in=Decision.objects.deciding().filter(outcome=Decision.Outcome.DEFERRED)
                )
                .select_related("session", "decision")
                .order_by("-decision__decided_at"),
                to_attr="deferred",
            ),
            proposals.prefetched(),
        )
        .order_by(F("seen_score").desc(nulls_last=True), "pk")
    )


def left_for(session, user, seen):
    """What the envelope still holds, or None to who is recused from something it could be inferred from."""
    whole = candidates(session).count() == seen and reads_every_decision(user, session.envelope)
    return envelope.remaining(session.envelope) if whole else None


def amount_of(case):
    """The amount the simulation begins with: what the agenda says, or else what is proposed to the committee."""
    if case.here and case.here[0].proposed_amount is not None:
        return case.here[0].proposed_amount
    return None if case.blind else proposals.amount_of(case, case.proposed)
