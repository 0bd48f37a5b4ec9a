"""Who is in the room."""

from selection.models import Attendance
from tests.factories import member_of


def present(session, seat):
    """The seat, its member signed in."""
    Attendance.objects.create(session=session, seat=seat)
    return seat


def present_member(session, **fields):
    return present(session, member_of(session.committee, **fields))
