"""Public notes on a published call: what changed since, or was made clear."""

from django.db import transaction

from calls import rules
from calls.actions import publication
from calls.lifecycle import State
from calls.models import Call, Correction
from journal import actions as journal
from journal.refusals import refuse_unless, require

TOO_EARLY = "Cet appel n’est pas publié : modifiez-le, personne ne l’a encore lu."


@transaction.atomic(durable=True)
def publish_correction(call, *, text, by):
    """Add a note to a published call; it shows at once with its date, and is never rewritten. A double click is one."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    require(rules.can_publish_correction(by, call))
    publication.refuse_while_waiting(call)
    refuse_unless(call.state == State.PUBLISHED, TOO_EARLY)
    last = call.corrections.first()
    if last and last.text == text:
        return last
    return correct(call, text=text, by=by)


# Steps


def correct(call, *, text, by, form=None):
    """The note alone, for another action that changes the call; `form` is the version that it publishes."""
    correction = Correction.objects.create(call=call, text=text, published_by=by, form=form)
    journal.record("call.corrected", call, by=by, correction=correction.pk, text=text)
    return correction
