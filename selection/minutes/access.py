"""Who reads minutes, and who signs them: always people who deal with every point of the agenda."""

from django.db.models import Q

from calls.rules import is_in_secretariat
from selection import quorum, rules
from selection.access import items_readable_by
from selection.models import MinutesSignature

Role = MinutesSignature.Role


def reads_all(user, session):
    """Whether every point of a session is for this person: recused from none, out of none by their scope."""
    return items_readable_by(user, session).count() == session.items.count()


def reads_draft(user, minutes):
    """The secretariat and the audit, and who signs for the chair; all others wait for the signatures."""
    session = minutes.session
    if rules.reads_fund(user, session.fund):
        return True
    seat = chair_seat(session, minutes)
    signed = minutes.signatures.filter(user=user).exists()
    return signed or (seat is not None and seat.user_id == user.pk)


def part_of(recorded, user, session):
    """What was recorded of the points that someone deals with, numbered without a gap.

    Neither totals nor what members declared: both tell of the other points.
    """
    references = set(items_readable_by(user, session).values_list("case__application__reference", flat=True))
    theirs = [item for item in recorded["items"] if item["reference"] in references]
    return {
        "session": recorded["session"],
        "seats": [seat | {"stated": None} for seat in recorded["seats"]],
        "items": [item | {"position": number} for number, item in enumerate(theirs, start=1)],
    }


def can_prepare(user, session):
    """The secretariat; whether they read everything is asked besides, and told."""
    return is_in_secretariat(user, session.fund)


def chair_seat(session, minutes=None):
    """The seat that signs for the chair: who led the session at its end, None if nobody can.

    The chair, or else the deputy, or else the first of the voting members: among those still there when it was closed
    (all who sit, where nobody signed in), the first who deals with every point. So a chair recused from one dossier,
    who may not read of it, signs nothing that tells of it; and one signs once.
    """
    seats = quorum.present(session) if session.attendances.exists() else session.committee.seats.sitting()
    seats = seats.filter(Q(is_chair=True) | Q(is_deputy_chair=True) | Q(is_voting=True), user__is_active=True)
    if minutes is not None:
        seats = seats.exclude(user__in=minutes.signatures.filter(role=Role.SECRETARY).values("user"))
    seats = seats.select_related("user").order_by("-is_chair", "-is_deputy_chair", "position", "pk")
    return next((seat for seat in seats if reads_all(seat.user, session)), None)


def secretaries(session):
    """Those of the secretariat who may sign: officers and heads who deal with every point."""
    people = rules.secretariat_of(session.fund)
    return [person for person in people if reads_all(person, session)]


def role_of(user, minutes):
    """As whom someone may sign now, None where they may not, or already did."""
    signed = dict(minutes.signatures.values_list("role", "user"))
    if user.pk in signed.values():
        return None
    if Role.CHAIR not in signed:
        seat = chair_seat(minutes.session, minutes)
        if seat is not None and seat.user_id == user.pk:
            return Role.CHAIR
    may = can_prepare(user, minutes.session) and reads_all(user, minutes.session)
    return Role.SECRETARY if may and Role.SECRETARY not in signed else None


def missing(minutes):
    """(role, who may sign it) of each signature that is still to come."""
    session, signed = minutes.session, set(minutes.signatures.values_list("role", flat=True))
    if Role.CHAIR not in signed:
        seat = chair_seat(session, minutes)
        yield Role.CHAIR, [seat.user] if seat else []
    if Role.SECRETARY not in signed:
        already = set(minutes.signatures.values_list("user", flat=True))
        chair = chair_seat(session, minutes) if Role.CHAIR not in signed else None
        already.add(chair.user_id if chair else None)
        yield Role.SECRETARY, [person for person in secretaries(session) if person.pk not in already]
