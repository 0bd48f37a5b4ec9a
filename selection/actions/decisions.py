"""Decisions of the chair: each draws on the envelope, under its lock; a correction is a new one that stands instead."""

from django.db import transaction

from applications.models import Application
from calls.models import Envelope
from calls.money import euros
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import envelope, lifecycle, reserve, rules, tally
from selection.actions.chairing import locked_for_chair
from selection.lifecycle import Item, Meeting, State
from selection.models import (
    AgendaItem,
    Announcement,
    Case,
    CommitteeSession,
    Decision,
    DecisionReason,
    Laureate,
    MinutesSignature,
    Promotion,
    Withdrawal,
)

Outcome = Decision.Outcome


class BeyondVote(Refused):
    """The amount is more than what the vote grants."""


@transaction.atomic(durable=True)
def decide(item, *, outcome, by, reasons=None, **said):
    """Decide an item whose vote is closed: its case takes the outcome, a grant draws on the envelope.

    A committee that only proposes draws on nothing, and leaves the case to be put on the agenda of one that decides.

    `said` holds the other columns of a decision that go with the outcome; its `label` says the outcome in the call's
    own words. A project is selected only where the last vote carried it, for no more than what that vote grants.
    `reasons` maps each criterion of the call to why the project is not selected. What is under a minimum
    of its call is not selected. A call that pays nobody, a contest, selects without an amount. Without a rank, a
    project of the reserve list takes the next one.
    """
    item = locked_for_chair(item, by)
    lifecycle.move_item(item, Item.DECIDED)
    decision = _stand(item, outcome=outcome, by=by, reasons=reasons or {}, **said)
    event = "item.proposed" if decision.is_proposal else "item.decided"
    journal.record(event, item, by=by, **_told(decision, reasons))
    return decision


@transaction.atomic(durable=True)
def correct(item, *, correction, outcome, by, reasons=None, **said):
    """Decide again, with the reason why, what was decided; the decision that no longer stands is kept.

    Until somebody has signed the minutes, or announced the project, or another session has taken the dossier up.
    """
    session = CommitteeSession.objects.locked(item.session)
    item = AgendaItem.objects.locked(item)
    require(rules.can_correct(by, item))
    refuse_unless(item.decision, "Ce dossier n’est pas décidé : il n’y a rien à corriger.")
    refuse_unless(correction.strip(), "Dites pourquoi la décision est corrigée.")
    signed = MinutesSignature.objects.filter(minutes__session=session).exists()
    refuse_unless(
        session.state in (Meeting.OPEN, Meeting.CLOSED) and not signed,
        "Le relevé de décisions est signé : ses décisions ne se corrigent plus.",
    )
    refuse_unless(
        not item.case.agenda_items.filter(pk__gt=item.pk).exists(),
        "Ce dossier est depuis à l’ordre du jour d’une autre séance : c’est là qu’il se décide.",
    )
    announced = Laureate.objects.filter(case=item.case).exclude(
        announcement__state=Announcement.State.WITHDRAWN
    )
    refuse_unless(
        not announced.exists(),
        "Ce projet figure dans une annonce : qu’elle soit d’abord retirée, puis corrigez la décision.",
    )
    decision = _stand(
        item,
        outcome=outcome,
        by=by,
        reasons=reasons or {},
        correction=correction,
        replaced=item.decision,
        **said,
    )
    event = "item.proposal_corrected" if decision.is_proposal else "item.corrected"
    journal.record(event, item, by=by, correction=correction, **_told(decision, reasons))
    return decision


# Steps


def _stand(item, *, outcome, by, reasons, replaced=None, amount=None, rank=None, **said):
    """Write a decision that the item now stands on, and make of its case what it says."""
    _refuse_unless_said(item, outcome, amount=amount, reasons=reasons, **said)
    case = Case.objects.locked(
        item.case
    )  # before its votes are read: a recusal being written changes what they carry
    if replaced:
        _refuse_followed(replaced)
    proposing = item.session.committee.proposes
    purse = None if proposing else _drawn(item.session, outcome, amount, replaced)
    if outcome == Outcome.SELECTED:
        _refuse_beyond_vote(item, amount)
    if outcome == Outcome.RESERVE:
        rank = reserve.take(item.session, rank, instead_of=replaced)
    if not proposing:
        (lifecycle.move_corrected if replaced else lifecycle.move)(case, outcome)
    elif not replaced:  # it is for the committee that decides to take it up
        lifecycle.move(case, State.SHORTLISTED if case.call.has_shortlist else State.UNDER_REVIEW)
    case.save(update_fields=["state"])
    decision = Decision.objects.create(
        item=item,
        revision=replaced.revision + 1 if replaced else 1,
        envelope=purse,
        outcome=outcome,
        amount=amount,
        rank=rank,
        decided_by=by,
        decided_at=clock.now(),
        **said,
    )
    for criterion, text in reasons.items():
        DecisionReason.objects.create(decision=decision, criterion=criterion, text=text)
    item.decision = decision
    item.save(update_fields=["state", "decision"])
    return decision


def _refuse_followed(replaced):
    """A decision that its laureate gave up, or that took its project to a place of the list, is not corrected."""
    refuse_unless(
        not Withdrawal.objects.filter(decision=replaced).exists(),
        "Le lauréat s’est désisté : cette décision ne se corrige plus.",
    )
    refuse_unless(
        not Promotion.objects.filter(reserve=replaced, state=Promotion.State.VALIDATED).exists(),
        "Ce projet est repris de la liste complémentaire : cette décision ne se corrige plus.",
    )


def _drawn(session, outcome, amount, replaced):
    """The envelope of a decision, locked where the decision draws on it or takes a rank."""
    if amount:
        given_back = replaced.amount if replaced and replaced.envelope_id == session.envelope_id else 0
        return envelope.draw(session.envelope_id, amount, given_back=given_back)
    if outcome == Outcome.RESERVE:
        return Envelope.objects.select_for_update().get(pk=session.envelope_id)
    return session.envelope


def _refuse_unless_said(
    item, outcome, *, amount, reasons, is_conditional=False, conditions="", asked="", **_
):
    """What each outcome cannot go without."""
    application = item.case.application
    if outcome == Outcome.SELECTED:
        withdrawn = application.state == Application.State.WITHDRAWN
        refuse_unless(not withdrawn, "Le porteur a retiré ce dossier : il ne peut plus être retenu.")
        refuse_unless(
            amount or not application.call.pays, "Un projet retenu par cet appel reçoit un montant."
        )
        refuse_unless(conditions or not is_conditional, "Dites à quelle condition le projet est retenu.")
        [result] = tally.table([item])
        refuse_unless(not result.below, f"Ce dossier ne peut pas être retenu. {' ; '.join(result.below)}.")
    if outcome == Outcome.DEFERRED:
        refuse_unless(asked, "Dites ce qui est demandé au porteur pour la prochaine séance.")
    if outcome == Outcome.REJECTED:
        mute = [each.label for each in application.call.criteria.all() if not reasons.get(each, "").strip()]
        refuse_unless(
            not mute, f"Un projet non retenu l’est avec un motif par critère ; manque : {', '.join(mute)}."
        )
    refuse_unless(
        outcome == Outcome.REJECTED or not reasons,
        "Un motif par critère accompagne un projet non retenu, et lui seul.",
    )


def _refuse_beyond_vote(item, amount):
    """A project is selected by the vote that carried it, for no more than that vote grants."""
    reason = tally.not_carried(item)
    refuse_unless(not reason, f"Ce dossier ne peut pas être retenu. {reason}")
    granted = tally.standing(tally.last_vote(item)).amount
    if amount and granted is not None and amount > granted:
        raise BeyondVote(
            f"Le vote n’accorde pas plus de {euros(granted)} : {euros(amount)} ne peuvent pas être accordés. Aucune"
            " décision n’a été enregistrée."
        )


def _told(decision, reasons):
    """What the journal keeps of a decision: all that it says."""
    names = (
        "outcome",
        "label",
        "amount",
        "reason",
        "is_conditional",
        "conditions",
        "milestones",
        "rank",
        "asked",
    )
    told = {name: getattr(decision, name) for name in names}
    if reasons:
        told["reasons"] = {str(criterion): text for criterion, text in reasons.items()}
    return told | {"revision": decision.revision}
