"""Who may do what from filing to announcement."""

from applications.models import Application
from calls.models import FundRole
from calls.rules import has_role, is_in_secretariat
from selection.models import AgendaItem

Role = FundRole.Role


def is_recused(user, application):
    return not Application.objects.not_recusing(user).filter(pk=application.pk).exists()


def can_check_eligibility(user, application):
    return is_in_secretariat(user, application.call.fund) and not is_recused(user, application)


can_review = can_check_eligibility

# The secretariat's own order
can_keep_in_order = can_check_eligibility


def can_keep_labels(user, fund):
    return is_in_secretariat(user, fund)


def can_delete_note(user, note):
    """Its author alone, and while they still deal with the dossier."""
    return note.written_by_id == user.pk and can_keep_in_order(user, note.application)


def can_shortlist(user, call):
    return is_in_secretariat(user, call.fund)


can_hold_hearings = can_shortlist


def can_prepare_session(user, fund):
    return is_in_secretariat(user, fund)


def can_open_session(user, session):
    return has_role(user, session.fund, Role.HEAD)


def seat_of(user, session):
    """The seat of this person in the session's committee, or None."""
    if not user.is_authenticated:
        return None
    return session.committee.seats.filter(user=user).select_related("user").first()


def deals_with(seat, item):
    """Whether a seat scores and votes on an item: its scope, minus its recusals."""
    return AgendaItem.objects.within_scope_of(seat).filter(pk=item.pk).exists()


def can_score(user, item):
    seat = seat_of(user, item.session)
    return seat is not None and deals_with(seat, item)


can_vote = can_score


def can_chair(user, session):
    seat = seat_of(user, session)
    return seat is not None and (seat.is_chair or seat.is_deputy_chair)


def can_chair_item(user, item):
    """The chair; the deputy only when the chair is recused from this very item."""
    seat = seat_of(user, item.session)
    if seat is None or not deals_with(seat, item):
        return False
    if seat.is_chair:
        return True
    chair = item.session.committee.seats.filter(is_chair=True).first()
    return seat.is_deputy_chair and (chair is None or not deals_with(chair, item))


def can_prepare_announcement(user, call):
    return is_in_secretariat(user, call.fund)


def can_publish_announcement(user, announcement):
    """Two people: who prepared the announcement does not publish it."""
    return has_role(user, announcement.call.fund, Role.HEAD) and announcement.prepared_by_id != user.pk


def reads_some_fund(user):
    return user.fund_roles.exclude(role=Role.OPERATOR).exists()


def sits_somewhere(user):
    return user.seats.exists()
