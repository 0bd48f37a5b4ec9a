"""Who answers for a section, and what becomes of the remarks made on it."""

from django.db import transaction

from applications import rules
from applications.actions.guards import locked_for_writing
from applications.models import Application, SectionAnswers
from journal import actions as journal
from journal import clock
from journal.refusals import require


@transaction.atomic(durable=True)
def assign_sections(application, owners, *, by):
    """Say who answers for each section.

    Args:
        owners: a user or None by section key; the sections left out keep theirs.
    """
    application = locked_for_writing(application, by)
    rows = {row.section_key: row for row in application.sections.select_for_update()}
    changed = {}
    for key, owner in owners.items():
        row = rows.get(key) or SectionAnswers(application=application, section_key=key)
        if row.owner_id == (owner and owner.pk):
            continue
        row.owner, changed[key] = owner, owner and owner.pk
        row.save(update_fields=["owner"] if row.pk else None)
    if changed:
        journal.record("application.sections_assigned", application, by=by, owners=changed)


@transaction.atomic(durable=True)
def settle_remark(remark, *, by):
    """Mark a remark as dealt with. It stays readable; settling it again changes nothing."""
    application = Application.objects.locked(remark.application)
    require(rules.can_write(by, application))
    remark = application.section_remarks.get(pk=remark.pk)
    if remark.settled_at is None:
        remark.settled_at, remark.settled_by = clock.now(), by
        remark.save(update_fields=["settled_at", "settled_by"])
        journal.record("application.remark_settled", application, by=by, remark=remark.pk)
