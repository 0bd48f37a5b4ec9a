"""Who votes on an item, and whether they are enough."""

import pytest
from django.utils import timezone

from accounts.models import Membership
from applications.models import Recusal
from selection import quorum
from tests.factories import FundFactory, ThemeFactory, agenda_item, committee_session, member_of
from tests.selection.attendance_factories import present, present_member


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


def of_quorum(session, count):
    session.quorum = count
    session.save()


def test_voters_are_those_present_who_vote(session):
    item, there = agenda_item(session), present_member(session)
    member_of(session.committee)
    advisory, ended = present_member(session), present_member(session)
    advisory.is_voting = False
    advisory.save()
    ended.ended_at = timezone.now()
    ended.save()

    assert list(quorum.voters(item)) == [there]


def test_who_left_votes_no_more_and_is_not_present(session):
    item, seat = agenda_item(session), present_member(session)

    seat.attendances.update(left_at=timezone.now())

    assert (quorum.voters(item).count(), quorum.present(session).count()) == (0, 0)


def test_presence_in_another_session_does_not_count(session):
    item, other = agenda_item(session), committee_session(session.fund)
    present(other, member_of(session.committee))

    assert quorum.voters(item).count() == 0


def test_who_is_recused_or_of_the_carrier_or_of_another_theme_does_not_vote_on_it(session):
    themes = [ThemeFactory(), ThemeFactory()]
    item, there = agenda_item(session, themes=themes[:1]), present_member(session)
    application = item.case.application
    recused, carrier = present_member(session), present_member(session)
    Recusal.objects.create(application=application, user=recused.user, reason="Conjoint")
    Membership.objects.create(
        user=carrier.user, organisation=application.organisation, role=Membership.Role.CONTRIBUTOR
    )
    within, _ = (present_member(session, scope=theme) for theme in themes)

    assert list(quorum.voters(item)) == [there, within]


def test_a_quorum_is_lost_by_a_recusal(session):
    of_quorum(session, 2)
    item, _, leaving = agenda_item(session), present_member(session), present_member(session)
    before = quorum.reached(item), quorum.missing_text(item)

    Recusal.objects.create(application=item.case.application, user=leaving.user, reason="Conjoint")

    assert before == (True, "")
    assert quorum.reached(item) is False
    assert quorum.missing_text(item) == (
        "Le quorum n’est pas atteint sur ce dossier : 1 votant présent, pour 2 exigés."
    )


def test_without_a_communicated_quorum_any_number_is_enough(session):
    item = agenda_item(session)

    assert (quorum.reached(item), quorum.missing_text(item)) == (True, "")


def test_however_many_sit_the_voters_are_one_query(session, django_assert_num_queries):
    item = agenda_item(session)
    for _ in range(3):
        present_member(session)
    of_quorum(item.session, 3)

    with django_assert_num_queries(1):
        assert quorum.reached(item)
