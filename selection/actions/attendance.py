"""Who is in the room: a member enters by stating their interests, leaves, comes back."""

from django.db import transaction

from applications.models import Application
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import conflict_emails, conflicts, rules
from selection.actions.chairing import refuse_unless_sitting
from selection.actions.conflicts import put_to_settle
from selection.models import (
    Attendance,
    CommitteeSeat,
    CommitteeSession,
    ConflictDeclaration,
    SessionStatement,
)

State = ConflictDeclaration.State
NOT_STATED = "Qui n’a pas encore fait sa déclaration d’intérêts entre en séance en la faisant."


@transaction.atomic(durable=True)
def state_interests(session, seat, *, text="", tied=(), by):
    """Keep what a member declares as a session opens, which signs them in; return what is to be settled of it.

    `tied`: the items of the agenda that the text is about. The portal adds what it finds itself on every item: a
    supervising ministry, a declared link. Who leads the session settles each; nobody has to agree that the member is
    there. The secretariat may write it down for a member without a screen: the journal says who did.
    """
    applications = _locked_agenda(session, seat)
    session, seat = _locked(session, seat, by)
    refuse_unless_sitting(session)
    refuse_unless(
        not session.statements.filter(seat=seat).exists(),
        "La déclaration d’intérêts de cette séance est déjà faite. Un lien découvert depuis se déclare sur la page des"
        " présences.",
    )
    tied = {item.case.application_id for item in tied}
    refuse_unless(text.strip() or not tied, "Dites quel lien vous attache aux dossiers cochés.")
    statement = SessionStatement.objects.create(session=session, seat=seat, text=text.strip())
    raised = []
    for application in applications:
        said = [{"kind": "said", "text": text.strip()}] if application.pk in tied else []
        grounds = _unsettled(application, seat.user, said)
        if grounds:
            raised.append(put_to_settle(application, seat.user, grounds, by=by))
    journal.record(
        "session.interests_stated", statement, by=by, seat=seat.pk, ties=[each.pk for each in raised]
    )
    _enter(session, seat, by)
    journal.post(*conflict_emails.ties_to_settle(session, seat, raised))
    return raised


@transaction.atomic(durable=True)
def declare_tie(session, seat, *, text, tied, by):
    """Put to be settled what a member finds out after their statement; return what is to be settled of it.

    Until it is, they vote on none of these dossiers.
    """
    asked = {item.pk for item in tied}
    applications = _locked_agenda(session, seat, asked)
    session, seat = _locked(session, seat, by)
    refuse_unless_sitting(session)
    statement = session.statements.filter(seat=seat).first()
    refuse_unless(statement, NOT_STATED)
    refuse_unless(text.strip() and applications, "Dites quel lien, et avec quel dossier.")
    said = [{"kind": "said", "text": text.strip()}]
    raised = [
        put_to_settle(each, seat.user, _unsettled(each, seat.user, said), by=by) for each in applications
    ]
    journal.record(
        "session.tie_declared",
        statement,
        by=by,
        seat=seat.pk,
        text=text.strip(),
        ties=[each.pk for each in raised],
    )
    journal.post(*conflict_emails.ties_to_settle(session, seat, raised))
    return raised


@transaction.atomic(durable=True)
def mark_left(session, seat, *, by):
    """Note that a member left the room: they vote on nothing until they are back."""
    session, seat = _locked(session, seat, by)
    refuse_unless_sitting(session)
    stay = session.attendances.present().filter(seat=seat).first()
    refuse_unless(stay, f"{seat.user} n’est pas en séance.")
    stay.left_at = clock.now()
    stay.save(update_fields=["left_at"])
    journal.record("attendance.left", stay, by=by, seat=seat.pk)


@transaction.atomic(durable=True)
def mark_back(session, seat, *, by):
    """Note that a member is back in the room."""
    session, seat = _locked(session, seat, by)
    refuse_unless_sitting(session)
    refuse_unless(session.statements.filter(seat=seat).exists(), NOT_STATED)
    refuse_unless(
        not session.attendances.present().filter(seat=seat).exists(), f"{seat.user} est déjà en séance."
    )
    _enter(session, seat, by)


# Steps


def _enter(session, seat, by):
    stay = Attendance.objects.create(session=session, seat=seat)
    journal.record("attendance.arrived", stay, by=by, seat=seat.pk)


def _locked(session, seat, by):
    """The session and the seat, locked: two devices that sign the same member in give one presence."""
    session = CommitteeSession.objects.select_for_update(of=["self"], no_key=True).get(pk=session.pk)
    found = session.committee.seats.sitting().select_related("user").filter(pk=seat.pk).first()
    refuse_unless(found, "Ce siège a pris fin : rechargez la page.")
    CommitteeSeat.objects.select_for_update(of=["self"], no_key=True).get(pk=found.pk)
    require(rules.can_mark_presence(by, session, found))
    return session, found


def _locked_agenda(session, seat, asked=None):
    """The dossiers of the agenda that this member deals with, locked before the session is; of the items asked."""
    items = session.items.within_scope_of(seat)
    items = items if asked is None else items.filter(pk__in=asked)
    asked = items.values("case__application")
    return list(Application.objects.filter(pk__in=asked).order_by("pk").select_for_update(of=["self"]))


def _unsettled(application, user, said):
    """What is to be settled, as a declaration keeps it; nothing where it waits already or was all settled before."""
    found = [{"kind": each.kind, "text": each.text} for each in conflicts.to_settle(user, application)]
    before = application.declarations.filter(user=user).first()
    if before and before.state == State.TO_SETTLE:
        return [*before.grounds, *said] if said else []
    known = {ground["text"] for ground in before.grounds} if before else set()
    new = [ground for ground in found if ground["text"] not in known]
    return [*found, *said] if new or said else []
