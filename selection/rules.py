"""Who may do what from filing to announcement."""

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from accounts.models import User
from applications.models import Application
from calls.models import FundRole
from calls.rules import has_role, is_in_secretariat
from journal.models import Entry
from selection import quorum
from selection.models import (
    AgendaItem,
    Announcement,
    Case,
    CommitteeSeat,
    CommitteeSession,
    Laureate,
    Preview,
)

Role = FundRole.Role
# What the journal says of who wrote in an announcement.
WRITTEN = ["announcement.written", "announcement.picture_added", "announcement.picture_kept"]


def is_recused(user, application):
    return not Application.objects.not_recusing(user).filter(pk=application.pk).exists()


def can_check_eligibility(user, application):
    return is_in_secretariat(user, application.call.fund) and not is_recused(user, application)


can_review = can_assign_reviewers = can_flag = can_check_eligibility


def can_reopen_review(user, application):
    return has_role(user, application.call.fund, Role.HEAD) and not is_recused(user, application)


# The secretariat's own order
can_keep_in_order = can_check_eligibility


def can_keep_labels(user, fund):
    return is_in_secretariat(user, fund)


can_act_on_many = can_keep_labels
can_keep_templates = can_keep_labels


def can_delete_note(user, note):
    """Its author alone, and while they still deal with the dossier."""
    return note.written_by_id == user.pk and can_keep_in_order(user, note.application)


def can_settle_ineligibility(user, proposal):
    """Two people: who proposes to turn a dossier down does not decide it."""
    return can_check_eligibility(user, proposal.case.application) and user.pk != proposal.proposed_by_id


def who_settles_ineligibility(proposal):
    """The others of the fund's secretariat who may decide a proposal: told when it is made."""
    secretariat = FundRole.objects.filter(fund=proposal.case.call.fund_id, role__in=FundRole.SECRETARIAT)
    people = User.objects.filter(fund_roles__in=secretariat, is_active=True).distinct()
    return [person for person in people if can_settle_ineligibility(person, proposal)]


# Saved views


def can_keep_views(user, fund):
    return is_in_secretariat(user, fund)


def can_change_view(user, view):
    """Its owner alone, and while they are of the secretariat."""
    return view.owner_id == user.pk and can_keep_views(user, view.fund)


def secretariats_of(user):
    """The funds whose secretariat someone belongs to."""
    return FundRole.objects.filter(user=user, role__in=FundRole.SECRETARIAT).values("fund")


# Conflicts of interest


def can_raise_declaration(user, application):
    """Anyone of the secretariat, for themselves or for another."""
    return is_in_secretariat(user, application.call.fund) and not is_recused(user, application)


def settlers(user, application):
    """Who may settle whether a person deals with a dossier.

    Of a committee that has it on its agenda: who leads it, the deputy for the chair. Else, or where nobody of those
    can: the other heads of the fund, else its other officers.
    """
    session = session_deciding(user, application)
    # Nobody of them in the room yet: who declares before them is settled by them all the same.
    leaders = [*leading(session), *leading(session, present=False)] if session else []
    others = [seat.user for seat in leaders if seat.user_id != user.pk and seat.user.is_active]
    able = [person for person in others if not is_recused(person, application)]
    if able:
        return able[:1]
    roles = FundRole.objects.filter(fund=application.call.fund_id, user__is_active=True).exclude(user=user)
    for role in (Role.HEAD, Role.OFFICER):
        people = User.objects.filter(fund_roles__in=roles.filter(role=role)).distinct()
        able = [person for person in people if not is_recused(person, application)]
        if able:
            return able
    return []


def can_settle_declaration(user, declaration):
    """Nobody settles their own."""
    return user in settlers(declaration.user, declaration.application)


def knows_of(user, declaration):
    """Whether who a declaration is about ever had to know that the dossier exists; if not, they are not told of it."""
    fund = declaration.application.call.fund_id
    return (
        declaration.raised_by_id == user.pk
        or FundRole.objects.filter(fund=fund, user=user, role__in=FundRole.READERS).exists()
        or user.seats.filter(committee__fund=fund).exists()
        or user.opinion_requests.filter(case__application=declaration.application).exists()
    )


def can_recuse_oneself(user, application):
    """Anyone who deals with it: of the secretariat, or of a committee of the fund."""
    seated = user.seats.filter(committee__fund=application.call.fund_id).exists()
    deals = is_in_secretariat(user, application.call.fund) or seated
    return deals and not is_recused(user, application)


can_ask_opinions = can_check_eligibility


def can_suggest_meeting(user, first, second):
    """Of the secretariat of both funds, and recused from neither dossier."""
    return can_check_eligibility(user, first) and can_check_eligibility(user, second)


def can_shortlist(user, call):
    return is_in_secretariat(user, call.fund)


can_hold_hearings = can_shortlist


def may_sit(call):
    """Those a panel is made of: the secretariat of the fund and the members of its committees."""
    roles = FundRole.objects.filter(fund=call.fund, role__in=FundRole.SECRETARIAT).values("user")
    seats = CommitteeSeat.objects.sitting().filter(committee__fund=call.fund).values("user")
    return User.objects.filter(pk__in=roles.union(seats), is_active=True).order_by("name", "pk")


def can_export(user, call):
    return has_role(user, call.fund, *FundRole.READERS)


def can_have_export(user, export):
    """Who asked for it, still of the fund, and who may read today all that they might read when it was made."""
    if export.asked_by_id != user.pk or not can_export(user, export.call):
        return False
    made = Case.objects.filter(call=export.call_id, opened_at__lte=export.finished_at)
    return not made.exclude(pk__in=export.left_out).hidden_from(user).exists()


def can_prepare_session(user, fund):
    return is_in_secretariat(user, fund)


def secretariat_of(fund):
    """The people of a fund's secretariat who have an account still."""
    roles = FundRole.objects.filter(fund=fund, role__in=FundRole.SECRETARIAT)
    return User.objects.filter(fund_roles__in=roles, is_active=True).distinct().order_by("name", "pk")


def reads_fund(user, fund):
    """Of its secretariat or its audit."""
    return user.is_authenticated and fund.roles.filter(user=user, role__in=FundRole.READERS).exists()


def can_open_session(user, session):
    return has_role(user, session.fund, Role.HEAD)


def seat_of(user, session):
    """The seat that this person holds in the session's committee, or None."""
    if not user.is_authenticated:
        return None
    return session.committee.seats.sitting().filter(user=user).select_related("user").first()


# Committees and attendance


def can_keep_committees(user, fund):
    """A head: who sits, and how many must, is not for who prepares the agenda."""
    return has_role(user, fund, Role.HEAD)


def can_mark_presence(user, session, seat):
    """One's own; anyone's for the chair and the secretariat."""
    return seat.user_id == user.pk or can_chair(user, session) or can_prepare_session(user, session.fund)


def session_deciding(user, application):
    """The session not yet closed of a committee this person sits in that has the dossier on its agenda, or None."""
    State = CommitteeSession.State
    sessions = CommitteeSession.objects.seating(user).filter(state__in=[State.CONVENED, State.OPEN])
    return sessions.filter(items__case__application=application).order_by("held_on", "pk").first()


def leading(session, present=True):
    """The seats that may lead a session, the chair first; only those present, once somebody signed in."""
    signed_in = present and session.attendances.exists()
    seats = quorum.present(session) if signed_in else session.committee.seats.sitting()
    seats = seats.filter(Q(is_chair=True) | Q(is_deputy_chair=True))
    return seats.select_related("user").order_by("-is_chair")


def deals_with(seat, item):
    """Whether a seat scores and votes on an item: its scope, minus its recusals."""
    return AgendaItem.objects.within_scope_of(seat).filter(pk=item.pk).exists()


def can_score(user, item):
    return seat_scoring(user, item).exists()


def seat_scoring(user, item):
    """The seat with which someone scores an item, in one query: none where it is not theirs to score."""
    application = item.case.application_id
    theme = Application.themes.through.objects.filter(application=application, theme=OuterRef("scope"))
    dealt_with = Application.objects.not_recusing(user).filter(pk=application)
    return CommitteeSeat.objects.sitting().filter(
        Q(scope=None) | Exists(theme), Exists(dealt_with), committee=item.session.committee_id, user=user
    )


def can_vote(user, item):
    """A member with a vote, for whom this item is; whether they are in the room is a matter of the moment."""
    seat = seat_of(user, item.session)
    return seat is not None and seat.is_voting and deals_with(seat, item)


def can_chair(user, session):
    seat = seat_of(user, session)
    return seat is not None and (seat.is_chair or seat.is_deputy_chair)


def can_chair_item(user, item):
    """The chair; the deputy only when the chair is recused from this very item, or not in the room."""
    first = next((seat for seat in leading(item.session) if deals_with(seat, item)), None)
    return first is not None and first.user_id == user.pk


def can_correct(user, item):
    """Who leads the item; once the room is empty, the chair, or the deputy where the chair is recused."""
    if item.session.state == CommitteeSession.State.OPEN:
        return can_chair_item(user, item)
    return can_settle_promotion(user, item)


# After the decision


can_record_withdrawal = can_check_eligibility


def who_settles_promotion(item):
    """The chair, or the deputy where the chair is kept from the project: nobody is in the room any more."""
    seats = item.session.committee.seats.sitting().filter(Q(is_chair=True) | Q(is_deputy_chair=True))
    seats = seats.filter(user__is_active=True).select_related("user").order_by("-is_chair")
    return [seat.user for seat in seats if deals_with(seat, item)][:1]


def can_settle_promotion(user, item):
    return user in who_settles_promotion(item)


# The evidence


def can_ask_evidence(user, session):
    """Who may have it besides, such as an auditor, takes what the secretariat had made."""
    return is_in_secretariat(user, session.fund)


# Letters


def can_prepare_letters(user, session):
    return is_in_secretariat(user, session.fund)


def can_send_letters(user, session):
    """A head: what a letter tells is told for good."""
    return has_role(user, session.fund, Role.HEAD)


# The deliberation board


def can_lead(user, session):
    """Who chairs a session, or prepares it, chooses what its board shows."""
    return can_chair(user, session) or can_prepare_session(user, session.fund)


# The secretariat's annex and its scenarios


def reads_annex(user, session):
    """Of the secretariat or the audit, and not of the committee: who decides, decides by what the room sees."""
    return reads_fund(user, session.fund) and seat_of(user, session) is None


def can_calibrate(user, session):
    return is_in_secretariat(user, session.fund) and seat_of(user, session) is None


can_simulate = can_calibrate


# Announcements


def can_prepare_announcement(user, call):
    return is_in_secretariat(user, call.fund)


def can_write_announcement(user, announcement):
    return can_prepare_announcement(user, announcement.call) and reads_announcement(user, announcement)


def can_open_preview(user, announcement, purpose):
    """The secretariat shows it to the cabinet; its head alone, to the press."""
    if purpose == Preview.Purpose.PRESS and not has_role(user, announcement.call.fund, Role.HEAD):
        return False
    return can_write_announcement(user, announcement)


def can_publish_announcement(user, announcement):
    """Two people: who prepared the announcement, or wrote any of what it says, does not publish it."""
    return can_withdraw_announcement(user, announcement) and not wrote_in(user, announcement)


def can_withdraw_announcement(user, announcement):
    """Another head than who prepared it; one who wrote in it may give it up, and have it prepared again."""
    return (
        has_role(user, announcement.call.fund, Role.HEAD)
        and announcement.prepared_by_id != user.pk
        and reads_announcement(user, announcement)
    )


def reads_announcement(user, announcement):
    """Whether nothing that it announces is kept from this person."""
    return Announcement.objects.visible_to(user).filter(pk=announcement.pk).exists()


def wrote_in(user, announcement):
    """Whether the journal says that someone wrote in it or described one of its laureates, whoever did after them."""
    laureates = announcement.laureates.values(text=Cast("pk", CharField()))
    described = Q(
        event="laureate.described", subject_type=Laureate._meta.label_lower, subject_id__in=laureates
    )
    written = Q(
        event__in=WRITTEN, subject_type=Announcement._meta.label_lower, subject_id=str(announcement.pk)
    )
    return Entry.objects.filter(described | written, actor_id=user.pk).exists()


def reads_some_fund(user):
    return user.fund_roles.exclude(role=Role.OPERATOR).exists()


def sits_somewhere(user):
    return user.seats.sitting().exists()
