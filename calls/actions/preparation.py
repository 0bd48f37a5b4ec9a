"""What the secretariat does with a call, until it is public."""

from django.db import transaction

from calls import rules
from calls.actions import corrections, publication
from calls.lifecycle import State
from calls.models import (
    Call,
    CallDocument,
    CarrierRule,
    Criterion,
    FormDraft,
    Round,
    deadline_text,
)
from calls.questionnaire.definition import empty_definition
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require

FROZEN = "Cet appel est publié : ses règles ne changent plus sans une correction publique et datée."


@transaction.atomic(durable=True)
def prepare_call(*, fund, by, closes_at=None, themes=(), form=None, **fields):
    """Begin a call of a fund; nobody outside its secretariat sees it before publication.

    Args:
        form: the definition that its form starts with; by default a form that asks nothing yet.
    """
    call = Call(fund=fund, prepared_by=by, slug=fields["code"].lower(), **fields)
    require(rules.can_prepare_call(by, call))
    call.save()
    call.themes.set(themes)
    if closes_at:
        Round.objects.create(call=call, closes_at=closes_at)
    FormDraft.objects.create(call=call, definition=form or empty_definition(), changed_by=by)
    journal.record("call.prepared", call, by=by, code=call.code)
    return call


@transaction.atomic(durable=True)
def change_call(call, *, by, closes_at=None, themes=(), **fields):
    """Change the identity, the dates or the money rules of a call that is not yet public."""
    call = _locked_draft(call, by)
    for name, value in fields.items():
        setattr(call, name, value)
    call.slug = call.code.lower()
    call.prepared_by = by
    call.save()
    call.themes.set(themes)
    if closes_at is None:
        call.rounds.all().delete()
    else:
        Round.objects.update_or_create(call=call, number=1, defaults={"closes_at": closes_at})
    journal.record("call.changed", call, by=by, fields=sorted(fields))
    return call


@transaction.atomic(durable=True)
def set_criteria(call, criteria, *, by):
    """Replace the criteria of a draft call by a list of {label, guidance, weight}, in their order."""
    call = _locked_draft(call, by)
    call.prepared_by = by
    call.save(update_fields=["prepared_by"])
    call.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(call=call, position=position, **{"key": f"critere-{position}"} | criterion)
        for position, criterion in enumerate(criteria, start=1)
    )
    journal.record("call.criteria_set", call, by=by, weights=[criterion["weight"] for criterion in criteria])


@transaction.atomic(durable=True)
def set_carrier_rules(call, rows, *, by):
    """Replace who may apply to a draft call by a list of {kind, threshold, ceiling}; none says nothing of it."""
    call = _locked_draft(call, by)
    call.prepared_by = by
    call.save(update_fields=["prepared_by"])
    call.carrier_rules.all().delete()
    CarrierRule.objects.bulk_create(CarrierRule(call=call, **row) for row in rows)
    journal.record("call.carriers_set", call, by=by, kinds=[row["kind"] for row in rows])


@transaction.atomic(durable=True)
def add_document(call, *, kind, title, file, name, by):
    """Attach a file to a call; on a published call it shows at once, with its date."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    require(rules.can_prepare_call(by, call))
    publication.refuse_while_waiting(call)
    document = CallDocument.objects.create(
        call=call, kind=kind, title=title, file=file, name=name, added_by=by
    )
    journal.record("call.document_added", call, by=by, title=title, sha256=file.sha256)
    return document


@transaction.atomic(durable=True)
def remove_document(document, *, by):
    """Take a file off a draft call; what was once public stays."""
    call = _locked_draft(document.call, by)
    document.delete()
    journal.record("call.document_removed", call, by=by, title=document.title)


@transaction.atomic(durable=True)
def postpone_deadline(round_, *, closes_at, by):
    """Give applicants more time, and say so publicly: a published deadline may be postponed, never advanced."""
    call = Call.objects.select_for_update().get(pk=round_.call_id)
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    require(rules.can_postpone_deadline(by, call))
    publication.refuse_while_waiting(call)
    refuse_unless(
        call.state == State.PUBLISHED, "Cet appel n’est pas publié : modifiez sa date limite dans sa fiche."
    )
    refuse_unless(
        clock.now() < round_.closes_at,
        f"La date limite était le {round_.deadline_text} : un appel clos ne rouvre pas.",
    )
    refuse_unless(
        closes_at > round_.closes_at,
        f"La date limite publiée est le {round_.deadline_text} : elle peut être reportée, jamais avancée.",
    )
    before, round_.closes_at = round_.closes_at, closes_at
    round_.save(update_fields=["closes_at"])
    journal.record("call.deadline_postponed", call, by=by, before=before, after=closes_at)
    corrections.correct(
        call,
        text=f"La date limite est reportée du {deadline_text(before)} au {round_.deadline_text}.",
        by=by,
    )


# Steps


def _locked_draft(call, by):
    call = Call.objects.select_for_update().get(pk=call.pk)
    require(rules.can_prepare_call(by, call))
    publication.refuse_while_waiting(call)
    refuse_unless(call.state == State.DRAFT, FROZEN)
    return call
