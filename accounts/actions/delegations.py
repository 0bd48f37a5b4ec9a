"""Lending one's visa to a colleague, for some days, and taking it back."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import emails, rules
from accounts.models import Delegation
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require


@transaction.atomic(durable=True)
def delegate_visa(organisation, *, delegate, first_day, last_day, by):
    """Let a colleague give the visa and file from the first instant of a day to the last one of another, in Paris."""
    require(rules.can_delegate(by, organisation))
    require(delegate != by and organisation.memberships.filter(user=delegate).exists())
    ends_at = _midnight(last_day + timedelta(days=1))
    refuse_unless(first_day <= last_day and ends_at > clock.now(), "Ces jours sont déjà passés.")
    delegation = Delegation.objects.create(
        organisation=organisation,
        certifier=by,
        delegate=delegate,
        begins_at=_midnight(first_day),
        ends_at=ends_at,
    )
    journal.record(
        "visa.lent", delegation, by=by, delegate=delegate.pk, first_day=first_day, last_day=last_day
    )
    journal.post(emails.visa_lent(delegation))
    return delegation


@transaction.atomic(durable=True)
def revoke_delegation(delegation, *, by):
    """Take one's visa back at once."""
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    require(delegation.certifier == by)
    over = delegation.revoked_at or delegation.ends_at <= clock.now()
    refuse_unless(not over, "Cette délégation est déjà finie.")
    delegation.revoked_at = clock.now()
    delegation.save(update_fields=["revoked_at"])
    journal.record("visa.taken_back", delegation, by=by, delegate=delegation.delegate_id)
    journal.post(emails.visa_taken_back(delegation))


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
