"""What a member reads and notes for themselves alone.

The journal, which auditors read, says nothing of it: how far one has read is nobody else's business.
"""

from django.db import transaction

from journal import clock
from journal.refusals import Refused, require
from selection import rules
from selection.models import Reading


class NoteConflict(Refused):
    """The note was saved from elsewhere since its page was read; `reading` is what is kept."""

    def __init__(self, reading):
        self.reading = reading
        super().__init__(
            "Vous avez changé cette note depuis une autre page ou un autre appareil : comparez les deux textes."
        )


@transaction.atomic(durable=True)
def mark(item, *, read, by):
    """Note that a member has read an item, or that they have still to."""
    reading = _locked(item, by)
    reading.read_at = (reading.read_at or clock.now()) if read else None
    reading.save(update_fields=["read_at"])


@transaction.atomic(durable=True)
def write_note(item, *, note, version, by):
    """Keep, and return, what a member notes for themselves; `version` is that of the note that their page had read."""
    reading = _locked(item, by)
    if reading.note == note:
        return reading
    if reading.version != version:
        raise NoteConflict(reading)
    reading.note = note
    reading.version += 1
    reading.save(update_fields=["note", "version"])
    return reading


# Steps


def _locked(item, by):
    seat = rules.seat_scoring(by, item).first()
    require(seat)
    reading, _ = Reading.objects.select_for_update().get_or_create(item=item, seat=seat)
    return reading
