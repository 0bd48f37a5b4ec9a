"""Committees and their seats, kept by a head of the secretariat."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection import quorum
from selection.actions import committees as actions
from selection.models import Committee, CommitteeSeat, CommitteeSession
from tests.factories import (
    FundFactory,
    ThemeFactory,
    UserFactory,
    agenda_item,
    committee_session,
    head_of,
    member_of,
    officer_of,
)
from tests.selection.attendance_factories import present_member

TERMS = {"name": "Jury", "power": "proposes", "quorum": 4, "vote_mode": "consensus", "tie_rule": "chair"}
SEAT = {"title": "Budget", "part": "member", "is_voting": True, "scope": None}


@pytest.fixture
def session(db):
    return committee_session(FundFactory(), state=CommitteeSession.State.CONVENED)


def test_a_head_makes_a_committee_and_its_rules_are_journalled(db):
    head = head_of(FundFactory())

    made = actions.make_committee(head.fund_roles.get().fund, by=head, **TERMS)

    assert {name: getattr(made, name) for name in TERMS} == TERMS
    assert Entry.objects.get(event="committee.made").actor_id == head.pk


def test_an_officer_keeps_no_committee(session):
    officer, seat = officer_of(session.fund), member_of(session.committee)

    for act in (
        lambda: actions.make_committee(session.fund, by=officer, **TERMS),
        lambda: actions.change_committee(session.committee, by=officer, **TERMS),
        lambda: actions.give_seat(session.committee, UserFactory(), by=officer, **SEAT),
        lambda: actions.change_seat(seat, by=officer, **SEAT),
        lambda: actions.end_seat(seat, by=officer),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_new_rules_leave_a_session_already_convened_as_it_was_told(session):
    actions.change_committee(session.committee, by=head_of(session.fund), **TERMS | {"power": "decides"})

    session.refresh_from_db()
    assert (session.committee.quorum, session.quorum) == (4, None)


def test_a_committee_that_met_keeps_its_power(session):
    with pytest.raises(Refused):
        actions.change_committee(session.committee, by=head_of(session.fund), **TERMS)

    assert Committee.objects.get().power == "decides"


def test_who_is_given_a_seat_is_convened_alone_to_the_sessions_to_come(session):
    user = UserFactory()
    past = committee_session(session.fund)
    past.committee, past.held_on = session.committee, timezone.localdate() - timedelta(days=30)
    past.save()

    actions.give_seat(session.committee, user, by=head_of(session.fund), **SEAT)

    [email] = OutgoingEmail.objects.filter(template="selection/emails/convocation.txt")
    assert (email.to, email.context["title"]) == (user.email, session.title)


def test_a_committee_has_one_chair(session):
    with pytest.raises(Refused) as refusal:
        actions.give_seat(
            session.committee, UserFactory(), by=head_of(session.fund), **SEAT | {"part": "chair"}
        )

    assert "préside déjà ce comité" in refusal.value.reason


def test_nobody_sits_twice(session):
    seat = member_of(session.committee)

    with pytest.raises(Refused):
        actions.give_seat(session.committee, seat.user, by=head_of(session.fund), **SEAT)


def test_a_seat_that_ended_leaves_the_room_and_may_be_given_again(session):
    session.state = CommitteeSession.State.OPEN
    session.save()
    item, seat, head = agenda_item(session), present_member(session), head_of(session.fund)

    actions.end_seat(seat, by=head)
    gone = (quorum.voters(item).count(), seat.attendances.present().count())
    again = actions.give_seat(session.committee, seat.user, by=head, **SEAT)

    assert gone == (0, 0)
    assert (again.pk, again.ended_at, again.title) == (seat.pk, None, "Budget")


def test_a_seat_ends_after_a_session_that_its_member_sat_to_the_end_of(session):
    seat = present_member(session)
    CommitteeSession.objects.update(state=CommitteeSession.State.MINUTES_SIGNED)

    actions.end_seat(seat, by=head_of(session.fund))

    seat.refresh_from_db()
    assert (seat.ended_at is None, seat.attendances.present().count()) == (False, 1)


def test_no_seat_changes_while_its_committee_votes(session):
    session.state = CommitteeSession.State.OPEN
    session.save()
    agenda_item(session, state="vote_open")
    seat, head = member_of(session.committee), head_of(session.fund)

    with pytest.raises(Refused):
        actions.change_seat(seat, by=head, **SEAT)
    with pytest.raises(Refused):
        actions.end_seat(seat, by=head)


def test_a_head_seats_a_member_for_one_theme_from_the_page(client, session):
    theme, user = ThemeFactory(), UserFactory()
    client.force_login(head_of(session.fund))

    client.post(
        reverse("selection:new_seat", args=[session.committee_id]),
        {
            "email": user.email.upper(),
            "title": "Numérique",
            "part": "deputy_chair",
            "is_voting": "non",
            "scope": theme.pk,
        },
    )

    seat = CommitteeSeat.objects.get(user=user)
    assert (seat.title, seat.is_deputy_chair, seat.is_voting, seat.scope) == ("Numérique", True, False, theme)


def test_an_address_without_account_is_refused_beside_the_field(client, session):
    client.force_login(head_of(session.fund))

    response = client.post(
        reverse("selection:new_seat", args=[session.committee_id]),
        {"email": "personne@ailleurs.example", "title": "Membre", "part": "member", "is_voting": "oui"},
    )

    assert list(response.context["form"].errors) == ["email"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_committee_takes_the_same_queries_whatever_its_seats(
    client, session, django_assert_num_queries, count
):
    for _ in range(count):
        member_of(session.committee)
    client.force_login(head_of(session.fund))

    with django_assert_num_queries(7):
        client.get(reverse("selection:committee_detail", args=[session.committee_id]))
