"""Leading a session from the chair's page."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications.models import Recusal
from journal import clock
from journal.models import Entry
from journal.refusals import Refused
from selection.actions import board as actions
from selection.models import AgendaItem, Board, CommitteeSession
from tests.factories import (
    FundFactory,
    agenda_item,
    chair_of,
    committee_session,
    member_of,
    moved_to,
    officer_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return committee_session(FundFactory())


def journal():
    return list(
        Entry.objects.filter(event__startswith="board.").order_by("id").values_list("event", flat=True)
    )


def test_the_item_shown_is_on_the_board_and_in_the_journal_once(session):
    item = agenda_item(session)

    actions.show_item(session, item, by=chair_of(session))
    actions.show_item(session, item, by=officer_of(session.fund))

    board = Board.objects.get()
    assert (board.current, board.stir > 0, journal()) == (item, True, ["board.item_shown"])


def test_an_item_of_another_session_is_not_shown(session):
    item = agenda_item(committee_session(session.fund))

    with pytest.raises(Refused):
        actions.show_item(session, item, by=officer_of(session.fund))


def test_who_is_recused_from_an_item_does_not_show_it(session):
    item, officer = agenda_item(session), officer_of(session.fund)
    Recusal.objects.create(application=item.case.application, user=officer, reason="Lien déclaré")

    with pytest.raises(PermissionDenied):
        actions.show_item(session, item, by=officer)


def test_a_member_does_not_lead(session):
    with pytest.raises(PermissionDenied):
        actions.start_timer(session, minutes=5, by=member_of(session.committee).user)


def test_a_timer_runs_from_the_database_s_now_until_it_is_stopped(session):
    before = clock.now()

    actions.start_timer(session, minutes=5, by=chair_of(session))
    ends_at = Board.objects.get().timer_ends_at
    actions.stop_timer(session, by=chair_of(session))

    assert timedelta(0) <= ends_at - before - timedelta(minutes=5) < timedelta(seconds=10)
    assert (Board.objects.get().timer_ends_at, journal()) == (
        None,
        ["board.timer_started", "board.timer_stopped"],
    )


def test_a_session_that_is_over_is_led_no_more(session):
    CommitteeSession.objects.update(state=CommitteeSession.State.CLOSED)

    with pytest.raises(Refused) as refusal:
        actions.start_timer(session, minutes=5, by=chair_of(session))

    assert refusal.value.reason == "La séance est close."


@pytest.mark.parametrize("minutes", ["", "0", "181", "9" * 40, "cinq", "\0"])
def test_a_timer_of_no_duration_is_refused_in_a_sentence(client, session, minutes):
    client.force_login(chair_of(session))

    page = client.post(
        reverse("selection:start_timer", args=[session.pk]), {"minutes": minutes}, follow=True
    ).content.decode()

    assert ("donnez un nombre de minutes, de 1 à 180" in page, Board.objects.get().timer_ends_at) == (
        True,
        None,
    )


def test_the_chair_is_offered_the_next_step_alone(client, session):
    """On a phone, one large button: what comes next of the item shown."""
    offered = {}
    for state in AgendaItem.State.values[:4]:
        item = moved_to(agenda_item(session), state)
        actions.show_item(session, item, by=chair_of(session))
        for name, user in (("chair", chair_of(session)), ("officer", officer_of(session.fund))):
            client.force_login(user)
            page = client.get(reverse("selection:conduct_live", args=[session.pk])).content.decode()
            steps = ["Révéler les notes", "Ouvrir le vote", "Clore le vote", "Décider"]
            offered[state, name] = [step for step in steps if f">{step}</" in page]

    assert offered == {
        ("scoring", "chair"): ["Révéler les notes"],
        ("revealed", "chair"): ["Ouvrir le vote"],
        ("vote_open", "chair"): ["Clore le vote"],
        ("voted", "chair"): ["Décider"],
        **{(state, "officer"): [] for state in AgendaItem.State.values[:4]},
    }


def test_a_step_leads_back_to_the_page_it_was_taken_from(client, session):
    item = moved_to(agenda_item(session), AgendaItem.State.REVEALED)
    client.force_login(chair_of(session))
    page = reverse("selection:conduct", args=[session.pk])

    response = client.post(f"{page}{item.case.application.reference}/ouvrir-le-vote/")
    unknown = client.post(f"{page}{item.case.application.reference}/bruler/")

    item.refresh_from_db()
    assert (response.url, item.state, unknown.status_code) == (page, "vote_open", 404)


def test_the_next_item_skips_what_the_reader_must_not_see(client, session):
    first, kept, last = (agenda_item(session) for _ in range(3))
    officer = officer_of(session.fund)
    Recusal.objects.create(application=kept.case.application, user=officer, reason="Lien déclaré")
    actions.show_item(session, first, by=officer)
    client.force_login(officer)

    lead = client.get(reverse("selection:conduct", args=[session.pk])).context["lead"]

    assert (lead["previous"], lead["following"]) == (None, last)
