"""Alerts on a dossier: raised by someone of the secretariat, lifted with a reason."""

from django.db import transaction

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import rules
from selection.actions.standing import count_again, refuse_if_given_up
from selection.models import Case, Flag


@transaction.atomic(durable=True)
def raise_flag(case, *, kind, text, by):
    """Say what is to be watched in a dossier: its quality, or a risk."""
    case = Case.objects.locked(case)
    require(rules.can_flag(by, case.application))
    refuse_if_given_up(case)
    flag = Flag.objects.create(case=case, kind=kind, text=text, raised_by=by)
    count_again(case)
    journal.record("case.flag_raised", case, by=by, flag=flag.pk, kind=kind)
    return flag


@transaction.atomic(durable=True)
def lift_flag(flag, *, because, by):
    """Close an alert, and keep why."""
    case = Case.objects.locked(flag.case)
    require(rules.can_flag(by, case.application))
    refuse_if_given_up(case)
    flag = case.flags.select_for_update().get(pk=flag.pk)
    refuse_unless(flag.lifted_at is None, "Cette alerte est déjà levée.")
    flag.lifted_at, flag.lifted_by, flag.lifted_because = clock.now(), by, because
    flag.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    count_again(case)
    journal.record("case.flag_lifted", case, by=by, flag=flag.pk, reason=because)
