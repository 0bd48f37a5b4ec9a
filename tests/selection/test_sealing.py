"""What is sealed is what is revealed: a hash that nobody guesses, checked at the reveal."""

import hashlib
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from journal.models import Entry, EntryDetails
from journal.refusals import Refused
from selection import sealing, tally
from selection.actions import scoring
from selection.models import AgendaItem, Commitment, Scorecard, ScorecardScore
from tests.database import write
from tests.factories import FundFactory, agenda_item, chair_of, committee_session, member_of, moved_to

Item = AgendaItem.State

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CARDS = st.fixed_dictionaries(
    {
        "item": st.integers(1, 50),
        "seat": st.integers(1, 50),
        "scores": st.dictionaries(TEXT, st.integers(0, 20), max_size=4),
        "comment": TEXT,
        "amount": st.none() | st.decimals(0, 10**12 - 1, places=2),
        "nonce": st.text("0123456789abcdef", max_size=64),
    }
)


# The text and its hash


def test_a_card_is_committed_to_the_documented_text():
    card = {
        "item": 12,
        "seat": 7,
        "scores": {"soutenabilite": 3, "impact": 0},
        "comment": 'Réserve « forte »\n"à lever"',
        "amount": Decimal("600000"),
        "nonce": "9f",
    }
    text = (
        '{"amount":"600000.00","comment":"Réserve « forte »\\n\\"à lever\\"","item":12,"nonce":"9f",'
        '"scores":{"impact":0,"soutenabilite":3},"seat":7}'
    )

    assert sealing.canonical(**card).decode() == text
    assert sealing.commitment(**card) == hashlib.sha256(text.encode()).hexdigest()


@settings(deadline=None)
@given(
    card=CARDS, other=CARDS, name=st.sampled_from(["item", "seat", "scores", "comment", "amount", "nonce"])
)
def test_any_change_of_any_field_changes_the_hash(card, other, name):
    assume(card[name] != other[name])

    assert sealing.commitment(**card | {name: other[name]}) != sealing.commitment(**card)


@settings(deadline=None)
@given(card=CARDS, data=st.data())
def test_one_score_changed_changes_the_hash(card, data):
    assume(card["scores"])
    key = data.draw(st.sampled_from(sorted(card["scores"])))

    changed = card["scores"] | {key: card["scores"][key] + 1}

    assert not sealing.holds(sealing.commitment(**card), **card | {"scores": changed})


@settings(deadline=None)
@given(card=CARDS, data=st.data())
def test_the_order_of_criteria_and_the_zeros_of_an_amount_change_nothing(card, data):
    pairs = data.draw(st.permutations(list(card["scores"].items())))
    amount = None if card["amount"] is None else card["amount"].normalize()

    assert sealing.holds(sealing.commitment(**card), **card | {"scores": dict(pairs), "amount": amount})


def test_no_card_holds_without_a_commitment():
    card = {"item": 1, "seat": 1, "scores": {}, "comment": "", "amount": None, "nonce": ""}

    assert [sealing.holds(sha256, **card) for sha256 in (None, "")] == [False, False]


# Sealing


@pytest.fixture
def item(db):
    return agenda_item(committee_session(FundFactory()))


@pytest.fixture
def seat(item):
    return member_of(item.session.committee)


def notes(item, *values):
    return dict(zip(item.case.application.call.criteria.all(), values, strict=True))


def score(item, seat, *values, comment="", amount=None, read=None):
    return scoring.score(
        item, scores=notes(item, *values), comment=comment, amount=amount, by=seat.user, read=read
    )


def test_each_sealing_has_a_nonce_and_a_commitment_of_its_own(item, seat):
    nonces = []
    for _ in range(2):
        score(item, seat, 5, 4, 3, 2, comment="Oui", amount=Decimal("600000.50"))
        nonces.append(Scorecard.objects.get().nonce)

    first, last = Commitment.objects.values_list("sha256", flat=True)
    assert (len(set(nonces)), {len(nonce) for nonce in nonces}, first != last) == (2, {64}, True)
    assert sealing.holds(last, **Scorecard.objects.get().content())


def test_the_journal_tells_the_hash_of_a_sealed_card_and_nothing_of_what_it_says(item, seat):
    score(item, seat, 5, 4, 3, 2, comment="Marqueur du commentaire")

    [content] = EntryDetails.objects.filter(entry__event="scorecard.sealed").values_list("content", flat=True)
    assert content == {"sha256": Commitment.objects.get().sha256}


def test_sealing_takes_seven_queries(item, seat):
    score(item, seat, 1, 1, 1, 1)
    values = notes(item, 5, 4, 3, 2)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        scoring.score(AgendaItem.objects.get(), scores=values, comment="Mieux", by=seat.user)

    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 1 + 7  # the first reads the item


# The reveal


CHANGED = {
    "a score": "UPDATE selection_scorecardscore SET value = 5",
    "the comment": "UPDATE selection_scorecard SET comment = 'autre'",
    "the amount": "UPDATE selection_scorecard SET amount = 1",
    "a score taken away": "DELETE FROM selection_scorecardscore WHERE value = 2",
    "the seat": "UPDATE selection_scorecard SET seat_id = (SELECT id FROM selection_committeeseat WHERE is_chair)",
}


@pytest.mark.parametrize("sql", CHANGED.values(), ids=CHANGED)
def test_a_card_that_is_not_what_was_sealed_is_set_aside_by_the_reveal(item, seat, sql):
    score(item, seat, 1, 2, 3, 4, comment="À moi")
    write(sql)

    scoring.reveal(item, by=chair_of(item.session))

    [line] = tally.table([AgendaItem.objects.get()])
    card = Scorecard.objects.get()
    told = Entry.objects.get(event="item.revealed").details.content
    assert (card.set_aside, line.scorecards, line.average) == (True, 0, None)
    assert told["set_aside"] == [card.seat_id]


def test_a_card_that_nobody_sealed_is_set_aside_and_the_others_count(item, seat):
    score(item, seat, 3, 3, 3, 3)
    forged = Scorecard.objects.create(
        item=item, seat=member_of(item.session.committee), scored_at=Scorecard.objects.get().scored_at
    )
    for criterion in item.case.application.call.criteria.all():
        ScorecardScore.objects.create(scorecard=forged, criterion=criterion, value=5)

    scoring.reveal(item, by=chair_of(item.session))

    [line] = tally.table([AgendaItem.objects.get()])
    assert (line.scorecards, line.average) == (1, Decimal("3.000"))


# Two devices


def test_an_older_page_does_not_replace_what_another_device_saved(item, seat):
    score(item, seat, 1, 1, 1, 1, read="")

    with pytest.raises(scoring.CardConflict) as conflict:
        score(item, seat, 5, 5, 5, 5, comment="Ancienne page", read="")

    assert (conflict.value.card, Commitment.objects.count()) == (Scorecard.objects.get(comment=""), 1)


def test_the_same_card_sent_twice_is_kept_once(item, seat):
    for _ in range(2):
        score(item, seat, 1, 2, 3, 4, comment="Oui", amount=Decimal(5), read="")

    assert Commitment.objects.count() == 1


def test_who_read_what_is_kept_may_change_it(item, seat):
    score(item, seat, 1, 1, 1, 1, read="")

    score(item, seat, 2, 2, 2, 2, read=Scorecard.objects.get().mark)

    assert {each.value for each in ScorecardScore.objects.all()} == {2}


# After the discussion


def again(item, seat, *values, comment="", read=None):
    return scoring.score_again(item, scores=notes(item, *values), comment=comment, by=seat.user, read=read)


def test_a_member_changes_their_scores_after_the_discussion_and_the_first_ones_are_kept(item, seat):
    score(item, seat, 1, 1, 1, 1)
    scoring.reveal(item, by=chair_of(item.session))

    again(item, seat, 4, 4, 4, 4, comment="Convaincu")

    [line] = tally.table([AgendaItem.objects.get()])
    cards = {card.round: set(card.values.values()) for card in Scorecard.objects.all()}
    assert cards == {1: {1}, 2: {4}}
    assert (line.scorecards, line.average, Commitment.objects.count()) == (1, Decimal("4.000"), 1)


@pytest.mark.parametrize("state", [Item.SCORING, Item.VOTE_OPEN, Item.VOTED, Item.DECIDED])
def test_scores_change_between_the_reveal_and_the_vote_alone(item, seat, state):
    score(item, seat, 1, 1, 1, 1)
    moved_to(item, state)

    with pytest.raises(Refused):
        again(item, seat, 4, 4, 4, 4)


def test_who_did_not_score_under_seal_has_no_score_to_change(item, seat):
    moved_to(item, Item.REVEALED)

    with pytest.raises(Refused) as refusal:
        again(item, seat, 4, 4, 4, 4)

    assert refusal.value.reason.startswith("Vous n’avez pas noté ce dossier sous scellés")


def test_an_older_page_does_not_replace_scores_changed_after_the_discussion(item, seat):
    score(item, seat, 1, 1, 1, 1)
    moved_to(item, Item.REVEALED)
    again(item, seat, 4, 4, 4, 4, read="")

    with pytest.raises(scoring.CardConflict):
        again(item, seat, 5, 5, 5, 5, read="")
