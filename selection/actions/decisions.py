"""Decisions of the chair: each draws on the envelope, under its lock."""

from django.db import transaction

from applications.models import Application
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless
from selection import envelope, lifecycle, tally
from selection.actions.chairing import locked_for_chair
from selection.lifecycle import Item
from selection.models import Case, Decision


@transaction.atomic(durable=True)
def decide(item, *, outcome, by, label="", amount=None, reason=""):
    """Decide an item whose vote is closed: its case takes the outcome, a grant draws on the envelope.

    `label` says the outcome in the call's own words. What is under a minimum of its call is not selected. A call that
    pays nobody, a contest, selects without an amount.
    """
    item = locked_for_chair(item, by)
    lifecycle.move_item(item, Item.DECIDED)
    application = item.case.application
    if outcome == Decision.Outcome.SELECTED:
        withdrawn = application.state == Application.State.WITHDRAWN
        refuse_unless(not withdrawn, "Le porteur a retiré ce dossier : il ne peut plus être retenu.")
        refuse_unless(
            amount or not application.call.pays, "Un projet retenu par cet appel reçoit un montant."
        )
        [result] = tally.table([item])
        refuse_unless(not result.below, f"Ce dossier ne peut pas être retenu. {' ; '.join(result.below)}.")
    purse = envelope.draw(item.session.envelope_id, amount) if amount else item.session.envelope
    case = Case.objects.locked(item.case)
    lifecycle.move(case, outcome)
    case.save(update_fields=["state"])
    decision = Decision.objects.create(
        item=item,
        envelope=purse,
        outcome=outcome,
        label=label,
        amount=amount,
        reason=reason,
        decided_by=by,
        decided_at=clock.now(),
    )
    item.decision = decision
    item.save(update_fields=["state", "decision"])
    journal.record("item.decided", item, by=by, outcome=outcome, label=label, amount=amount, reason=reason)
    return decision
