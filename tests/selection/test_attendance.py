"""Members enter a session by stating their interests; they leave, come back, are settled or recused."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from applications.models import Recusal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection import quorum, rules, tally
from selection.actions import attendance as actions
from selection.actions import conflicts
from selection.models import Attendance, ConflictDeclaration, SessionStatement
from tests.factories import (
    FundFactory,
    ThemeFactory,
    agenda_item,
    auditor_of,
    chair_of,
    committee_session,
    head_of,
    member_of,
    officer_of,
)
from tests.selection.attendance_factories import present, present_member
from tests.selection.conflicts_factories import declaration, link


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


def deputy_of(session):
    seat = member_of(session.committee)
    seat.is_deputy_chair = True
    seat.save()
    return seat


def chair_seat(session):
    return session.committee.seats.get(is_chair=True)


def told_of_ties():
    emails = OutgoingEmail.objects.filter(template="selection/emails/ties_to_settle.txt")
    return list(emails.values_list("to", flat=True))


# Statements


def test_a_member_with_nothing_to_declare_is_in_the_room(session):
    item, seat = agenda_item(session), member_of(session.committee)

    raised = actions.state_interests(session, seat, by=seat.user)

    assert (raised, SessionStatement.objects.get().text) == ([], "")
    assert list(quorum.voters(item)) == [seat]
    assert told_of_ties() == []


def test_a_tie_found_out_since_the_statement_is_settled_before_the_member_votes_again(session, client):
    item, other, seat = agenda_item(session), agenda_item(session), present_member(session)
    SessionStatement.objects.create(session=session, seat=seat)
    before = list(quorum.voters(item))
    client.force_login(seat.user)
    page = reverse("selection:declare_tie", args=[session.pk, seat.pk])

    client.post(page, {"text": "Mon ancien bureau l’a préparé.", "tied": [item.pk]})

    raised = ConflictDeclaration.objects.get()
    assert (raised.application, raised.state) == (item.case.application, "to_settle")
    assert (before, list(quorum.voters(item)), list(quorum.voters(other))) == ([seat], [], [seat])
    assert told_of_ties() == [chair_of(session).email]


def test_a_tie_is_declared_after_the_statement_and_on_what_one_deals_with(session):
    item, seat = agenda_item(session), present_member(session)
    kept = agenda_item(session)
    Recusal.objects.create(application=kept.case.application, user=seat.user, reason="Conjoint")

    for tied in ([item], [kept]):
        with pytest.raises(Refused):
            actions.declare_tie(session, seat, text="Un lien.", tied=tied, by=seat.user)
        SessionStatement.objects.get_or_create(session=session, seat=seat)

    assert ConflictDeclaration.objects.count() == 0


def test_a_tie_is_settled_by_the_chair_before_the_member_votes_on_it(session):
    tied, other, seat = agenda_item(session), agenda_item(session), member_of(session.committee)

    [raised] = actions.state_interests(
        session, seat, text="Mon conjoint y travaille.", tied=[tied], by=seat.user
    )

    assert (raised.application, raised.grounds) == (
        tied.case.application,
        [{"kind": "said", "text": "Mon conjoint y travaille."}],
    )
    assert [list(quorum.voters(item)) for item in (tied, other)] == [[], [seat]]
    assert told_of_ties() == [chair_of(session).email]
    conflicts.settle_declaration(raised, recused=False, reason="Emploi sans rapport.", by=chair_of(session))
    assert list(quorum.voters(tied)) == [seat]


def test_what_the_portal_knows_is_added_to_what_a_member_says(session):
    item, seat = agenda_item(session), member_of(session.committee)
    link(seat.user, item.case.application.organisation)

    [raised] = actions.state_interests(session, seat, by=seat.user)

    assert [ground["kind"] for ground in raised.grounds] == ["former_employer"]


def test_what_was_settled_before_is_not_asked_again(session):
    item, seat = agenda_item(session), member_of(session.committee)
    link(seat.user, item.case.application.organisation)
    [raised] = actions.state_interests(session, seat, by=seat.user)
    conflicts.settle_declaration(raised, recused=False, reason="Ancien.", by=chair_of(session))
    later = committee_session(session.fund)
    later.committee.seats.all().delete()
    later.committee = session.committee
    later.save()
    item.session, item.pk = later, None
    item.save(force_insert=True)

    assert actions.state_interests(later, seat, by=seat.user) == []


def test_a_member_of_the_carrier_is_asked_nothing_of_a_dossier_they_may_not_see(session):
    item, seat = agenda_item(session), member_of(session.committee)
    carrier = item.case.application.organisation
    Membership.objects.create(user=seat.user, organisation=carrier, role=Membership.Role.CONTRIBUTOR)

    raised = actions.state_interests(session, seat, by=seat.user)

    assert (raised, list(quorum.voters(item)), quorum.present(session).count()) == ([], [], 1)


def test_a_statement_is_made_once(session):
    seat = member_of(session.committee)
    actions.state_interests(session, seat, by=seat.user)

    with pytest.raises(Refused):
        actions.state_interests(session, seat, by=seat.user)

    assert Attendance.objects.count() == 1


def test_the_secretariat_writes_down_the_statement_of_a_member_and_the_journal_says_so(session):
    seat, officer = member_of(session.committee), officer_of(session.fund)

    actions.state_interests(session, seat, by=officer)

    assert Entry.objects.get(event="session.interests_stated").actor_id == officer.pk


@pytest.mark.parametrize("kind", ["member", "auditor"])
def test_nobody_states_or_moves_another_member(session, kind):
    seat = present_member(session)
    other = member_of(session.committee).user if kind == "member" else auditor_of(session.fund)

    for act in (actions.state_interests, actions.mark_left, actions.mark_back):
        with pytest.raises(PermissionDenied):
            act(session, seat, by=other)


def test_nobody_enters_a_session_that_is_not_open(db):
    session = committee_session(FundFactory(), state="convened")

    with pytest.raises(Refused):
        actions.state_interests(session, chair_seat(session), by=chair_of(session))


# Leaving and coming back


def test_who_leaves_and_comes_back_has_two_stays(session):
    item, seat = agenda_item(session), member_of(session.committee)
    actions.state_interests(session, seat, by=seat.user)

    actions.mark_left(session, seat, by=chair_of(session))
    away = list(quorum.voters(item))
    actions.mark_back(session, seat, by=seat.user)

    assert (away, list(quorum.voters(item))) == ([], [seat])
    assert Attendance.objects.filter(seat=seat).count() == 2


def test_nobody_comes_back_who_never_entered(session):
    seat = member_of(session.committee)

    with pytest.raises(Refused) as refusal:
        actions.mark_back(session, seat, by=seat.user)

    assert refusal.value.reason == actions.NOT_STATED


# Who leads


def test_the_deputy_leads_an_item_once_the_chair_left_the_room(session):
    item, deputy = agenda_item(session), present(session, deputy_of(session))
    present(session, chair_seat(session))
    before = rules.can_chair_item(deputy.user, item)

    actions.mark_left(session, chair_seat(session), by=chair_of(session))

    assert (before, rules.can_chair_item(deputy.user, item)) == (False, True)
    assert rules.can_chair_item(chair_of(session), item) is False


def test_the_deputy_leads_only_the_items_that_the_chair_is_recused_from(session):
    item, other = agenda_item(session), agenda_item(session)
    deputy = present(session, deputy_of(session))
    present(session, chair_seat(session))

    Recusal.objects.create(application=item.case.application, user=chair_of(session), reason="Conjoint")

    assert [rules.can_chair_item(deputy.user, each) for each in (item, other)] == [True, False]
    assert [rules.can_chair_item(chair_of(session), each) for each in (item, other)] == [False, True]


def test_a_deputy_of_another_theme_does_not_lead_what_is_out_of_their_scope(session):
    item, deputy = agenda_item(session), deputy_of(session)
    deputy.scope = ThemeFactory()
    deputy.save()

    present(session, deputy)

    assert rules.can_chair_item(deputy.user, item) is False


def test_who_sits_no_more_neither_leads_nor_votes(session):
    item, seat = agenda_item(session), chair_seat(session)
    user = seat.user

    seat.ended_at = timezone.now()
    seat.save()

    assert (rules.seat_of(user, session), rules.can_chair(user, session)) == (None, False)
    assert rules.can_chair_item(user, item) is False


# Settling


def test_a_tie_declared_before_the_chair_entered_is_settled_by_the_chair(session):
    item, seat = agenda_item(session), present_member(session)

    assert rules.settlers(seat.user, item.case.application) == [chair_of(session)]


def test_the_tie_of_the_chair_is_settled_by_the_deputy_and_by_nobody_else(session):
    item, deputy = agenda_item(session), deputy_of(session)
    head_of(session.fund)

    assert rules.settlers(chair_of(session), item.case.application) == [deputy.user]


def test_without_a_deputy_the_tie_of_the_chair_is_settled_by_a_head(session):
    item, head = agenda_item(session), head_of(session.fund)

    assert rules.settlers(chair_of(session), item.case.application) == [head]


def test_who_is_of_no_committee_deciding_on_the_dossier_is_settled_by_the_heads(session):
    item, head = agenda_item(session), head_of(session.fund)

    assert rules.settlers(officer_of(session.fund), item.case.application) == [head]


def test_a_recusal_in_the_middle_of_a_vote_takes_the_vote_and_the_quorum(session):
    session.quorum = 2
    session.save()
    item = agenda_item(session, state="vote_open")
    staying, leaving = present_member(session), present_member(session)
    vote = item.votes.get()
    for seat in (staying, leaving):
        vote.ballots.create(seat=seat, choice="for", cast_at=vote.opened_at)
    before = quorum.reached(item)

    conflicts.recuse_oneself(item.case.application, reason="Conjoint", by=leaving.user)

    assert (before, quorum.reached(item)) == (True, False)
    assert sum(tally.outcome(vote).votes.values()) == 1


# Pages


def test_a_member_enters_from_the_page_of_the_session(client, session):
    item, seat = agenda_item(session), member_of(session.committee)
    client.force_login(seat.user)
    address = reverse("selection:state_interests", args=[session.pk, seat.pk])
    shown = address in client.get(session.get_absolute_url()).content.decode()

    response = client.post(address, {"has_ties": "oui", "text": "Un lien.", "tied": [item.pk]})

    assert (shown, response.status_code) == (True, 302)
    assert ConflictDeclaration.objects.get().application == item.case.application
    assert address not in client.get(session.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": ""}, "has_ties"),
        ({"has_ties": "oui"}, "text"),
        ({"has_ties": "non", "text": "Un lien."}, "has_ties"),
    ],
)
def test_a_statement_that_contradicts_itself_is_not_kept(client, session, sent, field):
    seat = member_of(session.committee)
    client.force_login(seat.user)

    response = client.post(reverse("selection:state_interests", args=[session.pk, seat.pk]), sent)

    assert list(response.context["form"].errors) == [field]
    assert SessionStatement.objects.count() == 0


def test_another_member_reads_neither_the_words_nor_the_ties_of_a_colleague(client, session):
    item, seat, other = agenda_item(session), member_of(session.committee), member_of(session.committee)
    actions.state_interests(session, seat, text="Mon conjoint.", tied=[item], by=seat.user)
    address = reverse("selection:attendance", args=[session.pk])

    read = {}
    for name, user in (("other", other.user), ("own", seat.user), ("chair", chair_of(session))):
        client.force_login(user)
        read[name] = "Mon conjoint." in client.get(address).content.decode()

    assert read == {"other": False, "own": True, "chair": True}


def test_an_officer_recused_from_a_dossier_reads_nothing_that_is_said_of_it(client, session):
    item, seat, officer = agenda_item(session), member_of(session.committee), officer_of(session.fund)
    [tie] = actions.state_interests(session, seat, text="Mon conjoint.", tied=[item], by=seat.user)
    Recusal.objects.create(application=item.case.application, user=officer, reason="Conjoint")
    client.force_login(officer)

    page = client.get(reverse("selection:attendance", args=[session.pk])).content.decode()
    answer = client.get(reverse("selection:settle_tie", args=[session.pk, tie.pk])).status_code

    assert ("Mon conjoint." in page, answer) == (False, 404)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_presences_asks_as_much_of_the_database_for_one_as_for_many(
    client, session, django_assert_num_queries, count
):
    item = agenda_item(session)
    for _ in range(count):
        declaration(present_member(session).user, item.case.application)
    client.force_login(chair_of(session))

    with django_assert_num_queries(14):
        client.get(reverse("selection:attendance", args=[session.pk]))


def test_the_chair_settles_a_tie_from_the_page_of_presences(client, session):
    item, seat = agenda_item(session), present_member(session)
    tie = declaration(seat.user, item.case.application)
    client.force_login(chair_of(session))

    answer = client.post(
        reverse("selection:settle_tie", args=[session.pk, tie.pk]),
        {"recused": "oui", "reason": "Trop proche."},
    )

    assert answer.status_code == 302
    assert Recusal.objects.get().user == seat.user


def test_a_member_recuses_themselves_during_the_session_and_no_longer_sees_the_dossier(client, session):
    item, seat = agenda_item(session), present_member(session)
    address = reverse("selection:recuse_from_item", args=[session.pk, str(item.case.application.reference)])
    client.force_login(seat.user)

    client.post(address, {"reason": "Conjoint"})

    assert Recusal.objects.get().user == seat.user
    assert client.get(address).status_code == 404
