"""The page where a member gives their scores: what it takes, what it gives back, what it shows once revealed."""

from decimal import Decimal

import pytest

from selection.actions import scoring
from selection.models import AgendaItem, Commitment, Scorecard
from tests.database import write
from tests.factories import FundFactory, agenda_item, chair_of, committee_session, member_of, moved_to

WORDS = "Un texte que personne ne veut taper deux fois."


@pytest.fixture
def item(db):
    return agenda_item(committee_session(FundFactory()))


@pytest.fixture
def seat(item, client):
    seat = member_of(item.session.committee)
    client.force_login(seat.user)
    return seat


def address_of(item):
    return f"/comite/seances/{item.session_id}/dossiers/{item.case.application.reference}/"


def criteria_of(item):
    return item.case.application.call.criteria.all()


def typed(item, *values, **more):
    names = [f"score_{criterion.pk}" for criterion in criteria_of(item)]
    return dict(zip(names, values, strict=True)) | {"round": "1", "read": ""} | more


def score(item, seat, *values, comment="", **more):
    scores = dict(zip(criteria_of(item), values, strict=True))
    scoring.score(item, scores=scores, comment=comment, by=seat.user, **more)


def test_a_member_seals_scores_a_comment_and_an_amount(item, seat, client):
    answer = client.post(address_of(item), typed(item, 5, 4, 3, 0, comment="Oui", amount="1,2 M€"))

    card = Scorecard.objects.get()
    assert (answer.status_code, list(card.values.values())) == (302, [5, 4, 3, 0])
    assert (card.comment, card.amount) == ("Oui", Decimal("1200000"))


def test_a_member_reads_the_receipt_of_their_own_card_alone(item, seat, client):
    other = member_of(item.session.committee)
    score(item, other, 1, 1, 1, 1)
    score(item, seat, 5, 4, 3, 2)

    page = client.get(address_of(item))

    mine, theirs = (Commitment.objects.get(seat=each).sha256 for each in (seat, other))
    assert (page.text.count(mine), page.text.count(theirs)) == (1, 0)


def test_two_devices_are_shown_both_texts_and_the_second_sending_is_kept(item, seat, client):
    opened = client.get(address_of(item)).context["sheet"].form
    score(item, seat, 0, 1, 1, 1, comment="Depuis la tablette")
    sent = typed(item, 5, 1, 1, 1, comment=WORDS, read=opened["read"].value())

    refused = client.post(address_of(item), sent)

    sheet = refused.context["sheet"]
    label = sheet.form.visible_fields()[0].label
    assert (refused.status_code, Scorecard.objects.get().comment) == (409, "Depuis la tablette")
    assert sheet.theirs == [(label, "0"), ("Commentaire", "Depuis la tablette")]
    assert sheet.form["comment"].value() == WORDS

    client.post(address_of(item), sent | {"read": sheet.form["read"].value()})

    assert Scorecard.objects.get().comment == WORDS


def test_scores_sent_after_the_reveal_are_not_taken_for_scores_after_the_discussion(item, seat, client):
    score(item, seat, 1, 1, 1, 1)
    sent = typed(item, 5, 5, 5, 5, comment=WORDS, read=Scorecard.objects.get().mark)
    moved_to(item, AgendaItem.State.REVEALED)

    refused = client.post(address_of(item), sent)

    form = refused.context["sheet"].form
    assert (refused.status_code, Scorecard.objects.count()) == (409, 1)
    assert (form["round"].value(), form["comment"].value()) == ("2", WORDS)


def test_scores_sent_once_nothing_may_be_are_given_back(item, seat, client):
    moved_to(item, AgendaItem.State.VOTE_OPEN)

    refused = client.post(address_of(item), typed(item, 5, 4, 3, 2, comment=WORDS))

    sheet = refused.context["sheet"]
    [(_, given_back)] = sheet.unsaved
    assert (refused.status_code, sheet.reason) == (
        409,
        "Les notes de ce dossier sont révélées : elles ne changent plus.",
    )
    assert [line.rpartition(" : ")[2] for line in given_back.splitlines()][-1] == WORDS


def test_the_page_shows_both_cards_of_who_changed_their_mind(item, seat, client):
    score(item, seat, 1, 1, 1, 1)
    moved_to(item, AgendaItem.State.REVEALED)
    client.post(address_of(item), typed(item, 4, 4, 4, 4, round="2"))

    _, lines = client.get(address_of(item)).context["revealed"]

    assert [(line.scores, line.told) for line in lines] == [
        ([1, 1, 1, 1], "avant discussion"),
        ([4, 4, 4, 4], "après discussion"),
    ]


def test_the_page_says_in_words_that_a_card_is_set_aside(item, seat, client):
    score(item, seat, 1, 1, 1, 1)
    write("UPDATE selection_scorecardscore SET value = 5")
    scoring.reveal(item, by=chair_of(item.session))

    page = client.get(address_of(item))

    assert page.text.count(f"La fiche de {seat} est écartée") == 1
    assert page.text.count("aucune note ne compte") == 1
