"""What the secretariat does with a call, until it is public."""

from django.db import transaction
from django.utils.text import slugify

from calls import rules, steps
from calls.actions import corrections, publication
from calls.lifecycle import State
from calls.models import (
    Call,
    CallDocument,
    CarrierRule,
    Criterion,
    FormDraft,
    Outcome,
    Round,
    deadline_text,
)
from calls.questionnaire.definition import empty_definition
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require

FROZEN = "Cet appel est publié : ses règles ne changent plus sans une correction publique et datée."


class EditConflict(Refused):
    """A colleague changed the same step meanwhile, and nothing was saved.

    `differences` are (label, their text, this person's text), `fingerprint` that of their version, and `changed` says
    who and when, or is None.
    """

    def __init__(self, differences, fingerprint, changed):
        self.differences, self.fingerprint, self.changed = differences, fingerprint, changed
        super().__init__("Cette étape a été modifiée par quelqu’un d’autre entre-temps.")


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
def save_step(call, step, fields, rows=None, *, by, fingerprint=None):
    """Keep what someone typed in a step of a call in preparation; what is the same already changes nothing.

    Args:
        fingerprint: of the step as this person read it; None, by who did not read it, replaces whatever stands.

    Raises:
        EditConflict: a colleague changed the step since; nothing is written, the caller shows both versions.
    """
    call = _locked_draft(call, by)
    fields = {name: fields[name] for name in step.fields}
    theirs = steps.content(call, step)
    changes = steps.differences(step, theirs, steps.as_content(fields, rows))
    if not changes:
        return call
    if fingerprint not in (None, steps.fingerprint(theirs)):
        changed = steps.last_change(call, step) or steps.last_change(call)
        raise EditConflict(changes, steps.fingerprint(theirs), changed)
    for name, value in fields.items():
        if name == "themes":
            call.themes.set(value)
        else:
            setattr(call, name, value)
    call.slug = call.code.lower()
    call.prepared_by = by
    call.save()
    if step.rows:
        _replace_rows(call, step.rows, rows)
    journal.record("call.changed", call, by=by, step=step.key, fields=[label for label, _, _ in changes])
    return call


@transaction.atomic(durable=True)
def set_criteria(call, criteria, *, by):
    """Replace the criteria of a draft call by a list of {label, weight, guidance…}, in their order."""
    call = _locked_draft(call, by)
    _prepared(call, by)
    _replace_rows(call, Criterion, criteria)
    journal.record("call.criteria_set", call, by=by, weights=[criterion["weight"] for criterion in criteria])


@transaction.atomic(durable=True)
def set_carrier_rules(call, rows, *, by):
    """Replace who may apply to a draft call by a list of {kind, base, threshold, ceiling}; none says nothing of it."""
    call = _locked_draft(call, by)
    _prepared(call, by)
    _replace_rows(call, CarrierRule, rows)
    journal.record("call.carriers_set", call, by=by, kinds=[row["kind"] for row in rows])


@transaction.atomic(durable=True)
def add_document(call, *, kind, title, file, name, by):
    """Attach a file to a call; on a published call it shows at once, with its date."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    require(rules.can_prepare_call(by, call))
    publication.refuse_while_waiting(call)
    _prepared(call, by)
    document = CallDocument.objects.create(
        call=call, kind=kind, title=title, file=file, name=name, added_by=by
    )
    journal.record("call.document_added", call, by=by, title=title, sha256=file.sha256)
    return document


@transaction.atomic(durable=True)
def remove_document(document, *, by):
    """Take a file off a draft call; what was once public stays."""
    call = _locked_draft(document.call, by)
    _prepared(call, by)
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
    following = call.rounds.filter(number__gt=round_.number).order_by("number").first()
    refuse_unless(
        following is None or closes_at < following.closes_at,
        "La relève suivante se termine "
        + (f"le {following.deadline_text} : celle-ci doit se terminer avant." if following else ""),
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


def _prepared(call, by):
    """Whoever changes a call in preparation has prepared it, and does not publish it."""
    if call.in_preparation:
        call.prepared_by = by
        call.save(update_fields=["prepared_by"])


# The column that keeps the order of the rows of a call.
ORDERED_BY = {Round: "number", Criterion: "position", Outcome: "position"}


def _replace_rows(call, model, rows):
    model.objects.filter(call=call).delete()
    if model is Criterion:
        rows = _keyed(rows)
    place = ORDERED_BY.get(model)
    model.objects.bulk_create(
        model(call=call, **row, **({place: number} if place else {}))
        for number, row in enumerate(rows, start=1)
    )


def _keyed(criteria):
    """Criteria with a key each: the one it had, whatever its label has become, else one made from its label."""
    keys = set()
    for criterion in criteria:
        wanted = _key_of(criterion.get("key", "")) or _key_of(criterion["label"]) or "critere"
        key = next(
            each
            for each in (wanted, *(f"{wanted}-{number}" for number in range(2, len(criteria) + 2)))
            if each not in keys
        )
        keys.add(key)
        yield criterion | {"key": key}


def _key_of(text):
    return slugify(text).replace("_", "-").strip("-")[:50].strip("-")


def refuse_unless_in_preparation(call):
    """Stop who would change a call that is settled; views call it too, so that nobody types in vain."""
    publication.refuse_while_waiting(call)
    refuse_unless(call.state == State.DRAFT, FROZEN)


def _locked_draft(call, by):
    call = Call.objects.select_for_update().get(pk=call.pk)
    require(rules.can_prepare_call(by, call))
    refuse_unless_in_preparation(call)
    return call
