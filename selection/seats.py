"""Who sat in a session, as they sat then: a seat is given another function, voice or scope between two sessions."""

from journal.models import Entry


def seats_when_closed(session):
    """The seats of the committee of a session, in their order, with what they were when it was closed, unsaved.

    What was changed since is undone from the journal, the last change first; a session that is not closed yet has them
    as they are.
    """
    seats = list(session.committee.seats.select_related("user", "scope").order_by("position", "pk"))
    if session.closed_at is None:
        return seats
    by_key = {str(seat.pk): seat for seat in seats}
    changes = Entry.objects.filter(
        event="seat.changed",
        subject_type="selection.committeeseat",
        subject_id__in=by_key,
        at__gt=session.closed_at,
        details__isnull=False,
    )
    for entry in changes.select_related("details").order_by("-pk"):
        for name, value in entry.details.content["before"].items():
            setattr(by_key[entry.subject_id], name, value)
    return seats
