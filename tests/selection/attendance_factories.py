"""Who is in the room."""

from selection.models import Attendance
from tests.factories import member_of


def present(session, seat):
    """The seat, its member signed in."""
    Attendance.objects.create(session=session, seat=seat)
    return seat


def present_member(session, **fields):
    return present(session, member_of(session.committee, **fields))


def all_present(session):
    """The session, everybody who sits signed in."""
    for seat in session.committee.seats.sitting():
        Attendance.objects.get_or_create(session=session, seat=seat, left_at=None)
    return session
