"""Who sits: committees are made, their rules change for the sessions to come, seats are given, changed, ended."""

from django.db import transaction
from django.utils.timezone import localdate

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import rules, session_emails
from selection.models import Attendance, Committee, CommitteeSeat, CommitteeSession, Vote


@transaction.atomic(durable=True)
def make_committee(fund, *, by, **terms):
    """A new committee of a fund; `terms`: name, power, quorum, vote_mode, tie_rule."""
    require(rules.can_keep_committees(by, fund))
    committee = Committee.objects.create(fund=fund, **terms)
    journal.record("committee.made", committee, by=by, **terms)
    return committee


@transaction.atomic(durable=True)
def change_committee(committee, *, by, **terms):
    """Give a committee other rules: those of a session already convened stay as its members were told."""
    committee = _locked(committee, by)
    refuse_unless(
        terms["power"] == committee.power or not committee.sessions.exists(),
        "Ce comité a déjà des séances : son pouvoir ne change plus. Créez un autre comité.",
    )
    before = {name: getattr(committee, name) for name in terms}
    for name, value in terms.items():
        setattr(committee, name, value)
    committee.save(update_fields=list(terms))
    journal.record("committee.changed", committee, by=by, before=before, after=terms)
    return committee


@transaction.atomic(durable=True)
def give_seat(committee, user, *, title, part, is_voting, scope, by):
    """Seat someone, or seat them again: the sessions to come are told to them alone."""
    committee = _locked(committee, by)
    seat = committee.seats.filter(user=user).first() or CommitteeSeat(committee=committee, user=user)
    refuse_unless(seat.pk is None or seat.ended_at is not None, f"{user} siège déjà à ce comité.")
    _refuse_second(committee, part, but=seat)
    seat.ended_at = None
    if seat.pk is None:
        last = committee.seats.order_by("-position").values_list("position", flat=True).first()
        seat.position = 0 if last is None else last + 1
    _write(seat, title, part, is_voting, scope)
    journal.record("seat.given", seat, by=by, user=user.pk, **_said(seat))
    for session in _to_come(committee):
        journal.post(*session_emails.convocation(session, [seat], at=clock.now()))
    return seat


@transaction.atomic(durable=True)
def change_seat(seat, *, title, part, is_voting, scope, by):
    """Give a seat another function, voice or scope; never while its committee votes."""
    committee, seat = _locked_seat(seat, by)
    _refuse_second(committee, part, but=seat)
    before = _said(seat)
    _write(seat, title, part, is_voting, scope)
    journal.record("seat.changed", seat, by=by, before=before, after=_said(seat))
    return seat


@transaction.atomic(durable=True)
def end_seat(seat, *, by):
    """Note that someone sits no more: they leave the room, see nothing more of it; what they voted stands.

    The sessions to come leave their calendar.
    """
    sessions = list(_to_come(seat.committee).select_for_update(of=["self"]).order_by("pk"))
    _, seat = _locked_seat(seat, by)
    seat.ended_at = clock.now()
    seat.save(update_fields=["ended_at"])
    # Who was there when a session was closed stayed to its end, which its minutes say.
    for stay in Attendance.objects.present().filter(seat=seat, session__state=CommitteeSession.State.OPEN):
        stay.left_at = seat.ended_at
        stay.save(update_fields=["left_at"])
    journal.record("seat.ended", seat, by=by, user=seat.user_id)
    for session in sessions if seat.user.is_active else ():
        session.notices += 1
        session.save(update_fields=["notices"])
        journal.post(session_emails.no_longer_convened(session, seat, at=clock.now()))


# Steps


def _locked(committee, by):
    committee = Committee.objects.select_for_update(of=["self"]).select_related("fund").get(pk=committee.pk)
    require(rules.can_keep_committees(by, committee.fund))
    return committee


def _to_come(committee):
    """The sessions that its members are convened to, today's included."""
    to_come = committee.sessions.filter(
        state__in=[CommitteeSession.State.CONVENED, CommitteeSession.State.OPEN],
        held_on__gte=localdate(clock.now()),
    )
    return to_come.select_related("committee__fund", "prepared_by")


def _locked_seat(seat, by):
    committee = _locked(seat.committee, by)
    seat = committee.seats.select_for_update(of=["self"]).select_related("user").get(pk=seat.pk)
    refuse_unless(seat.ended_at is None, "Ce siège a pris fin : attribuez-le de nouveau.")
    voting = Vote.objects.filter(item__session__committee=committee, closed_at=None)
    refuse_unless(not voting.exists(), "Un vote est ouvert dans ce comité : attendez qu’il soit clos.")
    return committee, seat


def _refuse_second(committee, part, but):
    """One chair, one deputy."""
    if part == "member":
        return
    name = f"is_{part}"
    other = committee.seats.sitting().filter(**{name: True}).exclude(pk=but.pk).select_related("user").first()
    called = "préside" if part == "chair" else "supplée"
    refuse_unless(
        other is None,
        f"{other.user if other else ''} {called} déjà ce comité : changez d’abord son siège, ou mettez-y fin.",
    )


def _write(seat, title, part, is_voting, scope):
    seat.title, seat.is_voting, seat.scope = title, is_voting, scope
    seat.is_chair, seat.is_deputy_chair = part == "chair", part == "deputy_chair"
    seat.save()


def _said(seat):
    names = ("title", "is_chair", "is_deputy_chair", "is_voting", "scope_id")
    return {name: getattr(seat, name) for name in names}
