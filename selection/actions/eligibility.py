"""Letting a filed application through to its review, or turning it down."""

from django.db import transaction

from applications.actions import take_up
from applications.models import Application
from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import emails, lifecycle, rules
from selection.actions.standing import locked_case
from selection.lifecycle import State
from selection.models import EligibilityCheck


@transaction.atomic(durable=True)
def declare_eligible(application, *, by, reason=""):
    """Let an application through to its review."""
    case = _check(application, eligible=True, reason=reason, by=by)
    lifecycle.move(case, State.ELIGIBLE)
    case.save(update_fields=["state"])
    journal.record("case.declared_eligible", case, by=by, reason=reason)
    return case


@transaction.atomic(durable=True)
def declare_ineligible(application, *, reason, by):
    """Turn down an application that fails the eligibility check, and tell its applicant why."""
    case = _check(application, eligible=False, reason=reason, by=by)
    lifecycle.move(case, State.INELIGIBLE)
    case.save(update_fields=["state"])
    journal.record("case.declared_ineligible", case, by=by, reason=reason)
    for email in emails.ineligibility_notice(case, reason):
        journal.post(email)
    return case


# Steps


def _check(application, *, eligible, reason, by):
    application = Application.objects.locked(application)
    require(rules.can_check_eligibility(by, application))
    stands = Application.objects.filed().filter(pk=application.pk).exists()
    refuse_unless(stands, "Ce dossier n’est pas déposé, ou il a été retiré.")
    take_up(application)
    case = locked_case(application)
    refuse_unless(case.state == State.TO_CHECK, "La recevabilité de ce dossier est déjà décidée.")
    EligibilityCheck.objects.create(case=case, eligible=eligible, reason=reason, checked_by=by)
    return case
