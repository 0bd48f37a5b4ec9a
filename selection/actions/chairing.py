"""Steps of what the chair does with an item."""

from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import lifecycle, rules
from selection.lifecycle import Meeting
from selection.models import AgendaItem


def locked_for_chair(item, by):
    """The item, locked for who chairs it."""
    item = AgendaItem.objects.locked(item)
    require(rules.can_chair_item(by, item))
    refuse_unless_sitting(item.session)
    return item


def refuse_unless_sitting(session):
    refuse_unless(session.state == Meeting.OPEN, f"La séance est {session.get_state_display()}.")


def move(item, state, by, **details):
    lifecycle.move_item(item, state)
    item.save(update_fields=["state"])
    journal.record(f"item.{state}", item, by=by, **details)
