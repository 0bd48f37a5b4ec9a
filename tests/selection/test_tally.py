"""Adding up scores and votes; an independent computation finds the same, and a seal tells nothing."""

import random
import re
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from django.db import connection

from selection import tally
from selection.actions import scoring, votes
from selection.models import AgendaItem, Ballot
from tests.factories import (
    CallFactory,
    FundFactory,
    agenda_item,
    chair_of,
    committee_session,
    member_of,
    moved_to,
)
from tests.selection.attendance_factories import all_present, present_member

Item = AgendaItem.State


@pytest.fixture
def session(db):
    return all_present(committee_session(FundFactory()))


def score(item, seat, *values, comment=""):
    criteria = item.case.application.call.criteria.all()
    scoring.score(item, scores=dict(zip(criteria, values, strict=True)), comment=comment, by=seat.user)


def change(item, seat, *values):
    criteria = item.case.application.call.criteria.all()
    scoring.score_again(
        item, scores=dict(zip(criteria, values, strict=True)), comment="Discuté.", by=seat.user
    )


@pytest.mark.parametrize(
    ("pairs", "average"),
    [
        ([(40, 5), (30, 4), (20, 3), (10, 2)], "4.000"),
        ([(1, 1), (1, 2), (1, 2)], "1.667"),
        ([(100, Decimal("3.3333333"))], "3.333"),
        ([(1, Fraction(1, 3)), (1, Fraction(5, 3)), (2, Fraction(5, 8))], "0.812"),  # 0.8125, half to even
        ([(0, 5)], None),
        ([], None),
    ],
)
def test_an_average_is_weighted_to_the_thousandth(pairs, average):
    assert tally.weighted_average(pairs) == (average and Decimal(average))


def test_an_independent_computation_finds_the_same_table(session):
    """By SQL and fractions, from the rows alone."""
    chance = random.Random(20180622)  # noqa: S311
    call = CallFactory(fund=session.fund, published=True, criteria=(37, 29, 21, 13))
    seats = [present_member(session) for _ in range(5)]
    items = [agenda_item(session, call=call) for _ in range(4)]
    for item in items:
        for seat in seats[: chance.randint(1, 5)]:
            score(item, seat, *[chance.randint(0, 5) for _ in range(4)])
        moved_to(item, Item.REVEALED)
        for card in item.scorecards.order_by("pk")[1:]:  # all but the first member change theirs
            change(item, card.seat, *[chance.randint(0, 5) for _ in range(4)])
        moved_to(item, Item.VOTE_OPEN)
        for seat in seats:
            votes.vote(item, choice=chance.choice(Ballot.Choice.values), by=seat.user)
        votes.close_vote(item, by=chair_of(session))

    told = {
        each.item.pk: (each.average, each.scorecards, each.votes_for, each.votes_against, each.abstentions)
        for each in tally.table(items)
    }

    assert told == recomputed()


def recomputed():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT card.item_id, card.seat_id, card.round, criterion.weight, score.value
            FROM selection_scorecardscore score
            JOIN selection_scorecard card ON card.id = score.scorecard_id
            JOIN calls_criterion criterion ON criterion.id = score.criterion_id
        """)
        written = cursor.fetchall()
        cursor.execute(
            "SELECT item_id, choice FROM selection_ballot JOIN selection_vote vote ON vote.id = vote_id"
        )
        ballots = cursor.fetchall()
    last = {}
    for item, seat, round_, _, _ in written:
        last[item, seat] = max(round_, last.get((item, seat), 0))
    scores = [row for row in written if row[2] == last[row[:2]]]
    table = {}
    for item in {row[0] for row in scores}:
        mine = [row for row in scores if row[0] == item]
        cards = {seat for _, seat, _, _, _ in mine}
        total = sum(Fraction(weight * value) for _, _, _, weight, value in mine) / len(cards) / 100
        exact = Decimal(total.numerator) / Decimal(total.denominator)
        votes = [choice for voted, choice in ballots if voted == item]
        table[item] = (
            exact.quantize(Decimal("0.001"), ROUND_HALF_EVEN),
            len(cards),
            votes.count("for"),
            votes.count("against"),
            votes.count("abstain"),
        )
    return table


def test_a_sealed_item_tells_nothing_of_its_scores(session):
    item = agenda_item(session)
    score(item, member_of(session.committee), 5, 5, 5, 5)

    [told] = tally.table([item])

    assert (told.scorecards, told.average, told.by_criterion, told.votes) == (0, None, {}, {})


def test_votes_are_told_once_the_vote_is_closed(session):
    item, seat = agenda_item(session, state=Item.VOTE_OPEN), present_member(session)
    votes.vote(item, choice="for", by=seat.user)

    [while_open] = tally.table([item])
    votes.close_vote(item, by=chair_of(session))
    [once_closed] = tally.table([item])

    assert (while_open.votes_for, once_closed.votes_for) == (0, 1)


def test_items_are_ranked_by_average_then_as_on_the_agenda(session):
    items = [agenda_item(session) for _ in range(4)]
    seat = member_of(session.committee)
    for item, value in ((items[1], 2), (items[3], 4), (items[2], 2)):
        score(item, seat, *[value] * 4)
        moved_to(item, Item.REVEALED)

    ranked = tally.ranked(tally.table(items))

    assert [each.item.position for each in ranked] == [4, 2, 3, 1]


def test_nobody_elses_pages_change_when_a_member_scores_under_seal(session, client):
    item = agenda_item(session)
    author, other = member_of(session.committee), member_of(session.committee)
    client.force_login(other.user)
    base = f"/comite/seances/{session.pk}/"
    addresses = [base, f"{base}dossiers/{item.case.application.reference}/", "/comite/", "/espace/"]

    before = [without_token(client.get(address)) for address in addresses]
    score(item, author, 5, 4, 3, 2, comment="Marqueur d’un commentaire")
    after = [without_token(client.get(address)) for address in addresses]

    assert after == before


def without_token(response):
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", response.content.decode())


def test_a_member_reads_their_own_sealed_scores_again(session, client):
    item, seat = agenda_item(session), member_of(session.committee)
    score(item, seat, 5, 4, 3, 2, comment="Le mien")
    client.force_login(seat.user)

    page = client.get(f"/comite/seances/{session.pk}/dossiers/{item.case.application.reference}/")

    fields = page.context["sheet"].form.visible_fields()
    assert [field.value() for field in fields] == [5, 4, 3, 2, None, "Le mien"]


@pytest.mark.parametrize("value", ["-1", "6", "2,5", "beaucoup", ""])
def test_a_score_off_its_scale_is_told_beside_its_field_and_nothing_is_lost(session, client, value):
    item, seat = agenda_item(session), member_of(session.committee)
    client.force_login(seat.user)
    names = [f"score_{criterion.pk}" for criterion in item.case.application.call.criteria.all()]

    page = client.post(
        f"/comite/seances/{session.pk}/dossiers/{item.case.application.reference}/",
        dict.fromkeys(names, "3") | {names[0]: value, "comment": "Mon commentaire"},
    )

    form = page.context["sheet"].form
    assert list(form.errors) == [names[0]]
    assert (form["comment"].value(), item.scorecards.count()) == ("Mon commentaire", 0)
