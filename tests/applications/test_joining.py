"""Entering a dossier by a link: who comes back, who invited, and two links at once."""

from functools import partial

import pytest

from applications import actions, rules
from applications.models import Application, Collaborator
from journal.models import Entry
from journal.refusals import Refused
from tests.applications.test_people import COLLEAGUE, joined, link, team
from tests.database import in_parallel
from tests.factories import UserFactory, draft

pytestmark = pytest.mark.django_db


def who_left(application, role):
    """Someone whose place in the dossier outlived the one that they had in the body."""
    seat = joined(application, role)
    seat.user.memberships.all().delete()
    return seat


def accept(application, user):
    invited = application.invited.select_related("application", "invitation__invited_by").latest("pk")
    actions.accept_invitation(invited, by=user)


def test_who_left_the_body_and_is_invited_again_to_write_writes():
    application, writer = team()
    seat = who_left(application, "reader")
    link(application, email=seat.user.email, role="writer")

    accept(application, seat.user)

    again = application.collaborators.get(user=seat.user)
    assert (rules.can_write(seat.user, application), again.added_by) == (True, writer)
    assert again.added_at > seat.added_at


def test_who_left_the_body_and_is_invited_again_by_a_partner_sees_the_dossier():
    application, _ = team()
    seat = who_left(application, "writer")
    link(application, email=seat.user.email, role="reader", guest_of="Une région")

    accept(application, seat.user)

    assert Application.objects.visible_to(seat.user).get() == application
    assert rules.can_write(seat.user, application) is False


def test_a_closed_account_lets_nobody_in_any_more():
    application, writer = team()
    link(application)
    writer.is_active = False
    writer.save()

    with pytest.raises(Refused):
        accept(application, UserFactory(email=COLLEAGUE))


def test_who_takes_part_already_keeps_their_place():
    application, _ = team()
    link(application, role="reader")
    user = UserFactory(email=COLLEAGUE)
    Collaborator.objects.create(application=application, user=user, guest_of="Une région")

    accept(application, user)

    seat = application.collaborators.get(user=user)
    assert (seat.role, seat.guest_of) == ("writer", "Une région")


@pytest.mark.django_db(transaction=True)
def test_two_links_of_one_body_followed_at_once_both_let_in():
    application, writer = team()
    other = draft(organisation=application.organisation, created_by=writer)
    user = UserFactory(email=COLLEAGUE)
    for each in (application, other):
        link(each)

    given = in_parallel(*[partial(accept, each, user) for each in (application, other)])

    assert (given, user.collaborations.count()) == ([None, None], 2)
    assert Entry.objects.filter(event="organisation.joined").count() == 1
