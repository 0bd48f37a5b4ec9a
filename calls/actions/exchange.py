"""A call that begins with what another one holds: a template, an earlier call, a file."""

from django.db import IntegrityError, transaction

from calls import rules
from calls.exchange.schema import PLAIN
from calls.models import (
    Call,
    CallDocument,
    CarrierRule,
    Criterion,
    FormDraft,
    Outcome,
    Round,
    Theme,
)
from calls.questionnaire.schema import plain
from journal import actions as journal
from journal.refusals import refuse_unless, require

TAKEN = "Un appel porte déjà cette référence : rien n’a été enregistré. Choisissez-en une autre."


@transaction.atomic(durable=True)
def begin_from(content, *, fund, code, title, files, source, by):
    """Begin a call with everything that a document says, or with nothing of it.

    Args:
        content: a `CallContent`. Its programme is left out where the fund has none of that name.
        files: the `StoredFile` of each of its documents, by hash.
        source: where it comes from, for the journal.
    """
    fields = {name: _or_default(name, getattr(content, name)) for name in PLAIN}
    fields |= {"title": title, "sources": [plain(each) for each in content.sources]}
    programme = fund.programmes.filter(slug=content.programme).first() if content.programme else None
    call = Call(fund=fund, programme=programme, prepared_by=by, code=code, slug=code.lower(), **fields)
    require(rules.can_prepare_call(by, call))
    refuse_unless(_is_new(call), TAKEN)
    call.themes.set(Theme.objects.filter(slug__in=content.themes))
    Round.objects.bulk_create(
        Round(call=call, number=number, closes_at=closes_at)
        for number, closes_at in enumerate(content.rounds, start=1)
    )
    _add_rows(call, content)
    CallDocument.objects.bulk_create(
        CallDocument(
            call=call, added_by=by, file=files[row.sha256], kind=row.kind, title=row.title, name=row.name
        )
        for row in content.documents
    )
    FormDraft.objects.create(call=call, definition=_definition(content.form), changed_by=by)
    journal.record("call.prepared", call, by=by, code=call.code, source=source)
    return call


# Steps


def _is_new(call):
    """Whether the call could be written: two people may choose one code at the same time."""
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError:
        return False
    return True


def _add_rows(call, content):
    for model, rows in (
        (CarrierRule, content.carriers),
        (Criterion, content.criteria),
        (Outcome, content.outcomes),
    ):
        numbered = any(field.name == "position" for field in model._meta.fields)
        model.objects.bulk_create(
            model(call=call, **plain(row), **({"position": position} if numbered else {}))
            for position, row in enumerate(rows, start=1)
        )


def _definition(form):
    return {"sections": [], "checks": []} | plain(form)


def _or_default(name, value):
    """The value, or what the model says of an unknown one: an empty text where it keeps no null."""
    return Call._meta.get_field(name).get_default() if value is None else value
