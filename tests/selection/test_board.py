"""The deliberation board: what it shows to whom, and what it costs to ask for it again."""

from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from applications.models import Recusal
from calls.models import Criterion
from selection import deliberation
from selection.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Board,
    CommitteeSession,
    Decision,
    Scorecard,
    ScorecardScore,
)
from tests.factories import (
    FundFactory,
    agenda_item,
    chair_of,
    committee_session,
    decided,
    member_of,
    moved_to,
    officer_of,
)

pytestmark = pytest.mark.django_db

Item = AgendaItem.State


@pytest.fixture
def session():
    return committee_session(FundFactory())


def show(item):
    Board.objects.filter(session=item.session_id).update(current=item)


def arrives(seat, session):
    return Attendance.objects.get_or_create(session=session, seat=seat, left_at=None)[0]


def scored(item, seat, *values):
    card = Scorecard.objects.create(item=item, seat=seat, scored_at=timezone.now())
    for criterion, value in zip(Criterion.objects.filter(call=item.case.call), values, strict=False):
        ScorecardScore.objects.create(scorecard=card, criterion=criterion, value=value)


def recuse(user, item):
    Recusal.objects.create(application=item.case.application, user=user, reason="Lien déclaré")


def board_of(user, session):
    return deliberation.shown_to(user, CommitteeSession.objects.get(pk=session.pk))


def live(session):
    return reverse("selection:board_live", args=[session.pk])


# What it costs


def test_an_unchanged_board_answers_304_in_three_queries(client, session, django_assert_num_queries):
    show(agenda_item(session))
    client.force_login(member_of(session.committee).user)
    first = client.get(live(session))

    with django_assert_num_queries(3):
        again = client.get(live(session), headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_board_left_open_past_the_sign_in_is_sent_to_it_and_never_told_that_nothing_moved(client, session):
    client.force_login(chair_of(session))
    shown = client.get(live(session))
    client.logout()

    answer = client.get(live(session), headers={"if-none-match": shown["ETag"]})

    # What `portal/board.js` takes for the end of the sign-in, which it tells with a way back.
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("accounts:sign_in"))


def test_a_board_takes_as_many_queries_for_three_items_as_for_one(client, session, django_assert_num_queries):
    seat = member_of(session.committee)
    client.force_login(seat.user)
    for count in (1, 3):
        while session.items.count() < count:
            item = agenda_item(session)
            scored(item, seat, 4, 4, 4, 4)
            moved_to(item, Item.VOTE_OPEN)
            show(item)

        with django_assert_num_queries(21):
            client.get(live(session))


@pytest.mark.parametrize(
    "event",
    [
        "a vote opens",
        "a score is sealed",
        "somebody arrives",
        "another item is shown",
        "the reader is recused",
        "another session grants",
        "a seat is renamed",
    ],
)
def test_what_moves_makes_another_board(session, event):
    item, other, seat = agenda_item(session), agenda_item(session), member_of(session.committee)
    elsewhere = agenda_item(committee_session(session.fund))
    reader = chair_of(session)
    connection.check_constraints()  # the triggers that wait for the end of a transaction
    before = deliberation.stamp(reader, session.pk)

    {
        "a vote opens": lambda: moved_to(item, Item.VOTE_OPEN),
        "a score is sealed": lambda: scored(item, seat),
        "somebody arrives": lambda: arrives(seat, session),
        "another item is shown": lambda: Board.objects.filter(session=session).update(current=other, stir=9),
        "the reader is recused": lambda: recuse(reader, item),
        "another session grants": lambda: decided(elsewhere, Decision.Outcome.SELECTED, Decimal(1000)),
        "a seat is renamed": lambda: session.committee.seats.filter(pk=seat.pk).update(title="Suppléance"),
    }[event]()
    connection.check_constraints()

    assert deliberation.stamp(reader, session.pk) != before


def test_who_may_not_see_the_session_has_no_board(session):
    assert deliberation.stamp(officer_of(FundFactory()), session.pk) is None


# What it shows


def test_before_the_reveal_it_says_how_many_scored_and_not_what(session):
    item, seat = agenda_item(session), member_of(session.committee)
    scored(item, seat, 4, 4, 4, 4)
    show(item)

    board = board_of(chair_of(session), session)

    assert (board.turn.scored, len(board.turn.expected)) == (1, 2)
    assert (board.turn.scores, board.ranking) == (None, [])


def test_the_scores_of_each_member_and_their_spread_follow_the_reveal(session):
    item, seats = agenda_item(session), [member_of(session.committee) for _ in range(2)]
    scored(item, seats[0], 4, 3, 2, 1)
    scored(item, seats[1], 2, 3, 0, 5)
    show(moved_to(item, Item.REVEALED))

    scores = board_of(chair_of(session), session).turn.scores

    assert [(seat, values) for seat, values, _ in scores.rows] == [
        (seats[0], [4, 3, 2, 1]),
        (seats[1], [2, 3, 0, 5]),
    ]
    assert scores.means == [3, 3, 1, 3]
    assert scores.spreads == [2, 0, 2, 4]


def test_ballots_are_counted_while_the_vote_is_open_and_named_once_it_is_closed(session):
    seats = [member_of(session.committee) for _ in range(2)]
    for seat in seats:
        arrives(seat, session)
    item = moved_to(agenda_item(session), Item.VOTE_OPEN)
    vote = item.votes.get()
    Ballot.objects.create(vote=vote, seat=seats[0], choice="for", cast_at=timezone.now())
    show(item)

    opened = board_of(chair_of(session), session).turn.vote
    vote.closed_at, vote.closed_by, vote.carried = timezone.now(), chair_of(session), True
    vote.save()
    closed = board_of(chair_of(session), session).turn.vote

    assert (opened.cast, opened.expected, opened.ballots) == (1, 2, [])
    assert [(ballot.seat, ballot.choice) for ballot in closed.ballots] == [(seats[0], "for")]


def test_the_funding_line_passes_above_the_first_that_no_longer_fits(session):
    """Ten millions: four are granted, the best takes five more, the next does not fit in what is left."""
    seat = member_of(session.committee)
    for value, amount in ((5, 5_000_000), (4, 2_000_000), (3, 4_000_000)):
        item = agenda_item(session)
        item.proposed_amount = amount
        item.save()
        scored(item, seat, *[value] * 4)
        moved_to(item, Item.REVEALED)
    decided(item, Decision.Outcome.SELECTED, Decimal(4_000_000))

    board = board_of(chair_of(session), session)

    assert [(rank.line and rank.line.is_cut, rank.total) for rank in board.ranking] == [
        (False, 9_000_000),
        (True, 11_000_000),
        (None, None),
    ]
    assert (board.money.granted, board.money.left, board.money.rest) == (4_000_000, 6_000_000, 1_000_000)


def test_the_items_one_reads_have_numbers_without_a_gap(client, session):
    items = [agenda_item(session) for _ in range(3)]
    seat = member_of(session.committee)
    recuse(seat.user, items[1])
    show(items[2])

    told = [board_of(user, session).announcement[:11] for user in (chair_of(session), seat.user)]

    assert told == ["Point n° 3 ", "Point n° 2 "]


def test_who_is_recused_sees_nothing_of_the_dossier_nor_of_the_totals(client, session):
    kept, seen, seat = agenda_item(session), agenda_item(session), member_of(session.committee)
    for item in (kept, seen):
        scored(item, chair_of(session).seats.get(), 4, 4, 4, 4)
        moved_to(item, Item.REVEALED)
    recuse(seat.user, kept)
    show(kept)

    board = board_of(seat.user, session)
    client.force_login(seat.user)
    page = client.get(live(session)).content.decode()

    assert [rank.tally.item for rank in board.ranking] == [seen]
    assert (board.turn, board.is_kept, board.money) == (None, True, None)
    assert [
        text in page for text in (str(kept), "Accordé", "Le point en cours ne vous est pas communiqué")
    ] == [
        False,
        False,
        True,
    ]


def test_an_anonymous_candidate_stays_so_on_the_screen(client, session):
    item = agenda_item(session)
    call = item.case.call
    call.anonymous = True
    call.save()
    show(item)
    client.force_login(officer_of(session.fund))

    page = client.get(reverse("selection:board", args=[session.pk])).content.decode()

    assert ("Candidature anonyme" in page, item.case.application.organisation.name in page) == (True, False)
