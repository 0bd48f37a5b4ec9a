"""The words that letters begin with, of a fund or of one of its calls."""

from django.db import transaction

from calls.models import Fund
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import letters, message_templates, rules
from selection.models import LetterWording


@transaction.atomic(durable=True)
def keep_wording(fund, *, outcome, text, by, call=None):
    """Keep the words of an outcome, for a call where one is given; with none, come back to the wider ones."""
    require(rules.can_keep_templates(by, fund))
    Fund.objects.select_for_update(no_key=True).get(pk=fund.pk)  # two who change it wait for each other
    refuse_unless(
        not message_templates.unknown_fields(text, letters.FIELDS), "Un champ de ce texte n’existe pas."
    )
    which = {"fund": fund, "call": call, "outcome": outcome}
    if text:
        said = {"text": text, "changed_at": clock.now(), "changed_by": by}
        LetterWording.objects.update_or_create(**which, defaults=said)
    else:
        LetterWording.objects.filter(**which).delete()
    journal.record("letters.worded", fund, by=by, outcome=outcome, call=call and call.pk, text=text)
