"""A session that is over, its minutes, and who signs them."""

from accounts.actions import confirmation
from accounts.models import ConfirmationCode
from selection.actions import minutes as actions
from selection.models import AgendaItem, CommitteeSession
from tests.factories import FundFactory, agenda_item, chair_of, committee_session, member_of, moved_to
from tests.selection.attendance_factories import all_present

CODE = "123456"


def closed_session(fund=None, *, items=1):
    """A session that ended with its decisions, everybody who sits still there."""
    session = committee_session(fund or FundFactory())
    member_of(session.committee)
    for _ in range(items):
        moved_to(agenda_item(session), AgendaItem.State.DECIDED)
    all_present(session)
    session.state = CommitteeSession.State.CLOSED
    session.save()
    return session


def minutes_of(session):
    """Minutes just produced, by who prepared the session."""
    session.refresh_from_db()
    return actions.produce(session, by=session.prepared_by)


def code_for(minutes, user, **fields):
    """The code that a signer was sent."""
    subject = actions.subject_of(minutes)
    fields = {"hashed": confirmation._hashed(user, subject, CODE), **fields}
    actions.send_code(minutes, by=user)
    ConfirmationCode.objects.filter(pk=user.confirmation_codes.first().pk).update(**fields)
    return CODE


def signed(minutes, user):
    """The minutes, signed by someone with their code."""
    minutes.refresh_from_db()
    code = code_for(minutes, user)
    assert actions.sign(minutes, version=minutes.version, code=code, by=user) == ""
    minutes.refresh_from_db()
    return minutes


def signed_by_both(session):
    minutes = signed(minutes_of(session), session.prepared_by)
    return signed(minutes, chair_of(session))
