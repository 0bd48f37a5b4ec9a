"""Scores: sealed by each member, then revealed all at once by the chair."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import rules
from selection.actions.chairing import locked_for_chair, move, refuse_unless_sitting
from selection.lifecycle import Item
from selection.models import AgendaItem, CommitteeSession, Scorecard, ScorecardScore


@transaction.atomic(durable=True)
def score(item, *, scores, comment, by):
    """Keep a member's sealed scores: `scores` maps each criterion to a value. Changeable until the reveal."""
    item = AgendaItem.objects.locked(item)
    require(rules.can_score(by, item))
    refuse_unless_sitting(item.session)
    refuse_unless(
        item.state == Item.SCORING, "Les notes de ce dossier sont révélées : elles ne changent plus."
    )
    seat = rules.seat_of(by, item.session)
    card, _ = Scorecard.objects.update_or_create(
        item=item, seat=seat, round=1, defaults={"comment": comment, "scored_at": clock.now()}
    )
    for criterion, value in scores.items():
        ScorecardScore.objects.update_or_create(
            scorecard=card, criterion=criterion, defaults={"value": value}
        )
    journal.record("scorecard.saved", card, by=by)  # sealed: what it says is told by the reveal
    return card


@transaction.atomic(durable=True)
def reveal(item, *, by):
    """Show everyone's scores of one item, all at once."""
    item = locked_for_chair(item, by)
    _reveal(item, by)


@transaction.atomic(durable=True)
def reveal_all(session, *, by):
    """Show everyone's scores of every item that has some."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_chair(by, session))
    refuse_unless_sitting(session)
    revealed = 0
    scored = Exists(Scorecard.objects.filter(item=OuterRef("pk")))
    for item in session.items.select_for_update().filter(scored, state=Item.SCORING):
        if rules.can_chair_item(by, item):
            _reveal(item, by)
            revealed += 1
    return revealed


# Steps


def _reveal(item, by):
    cards = item.scorecards.prefetch_related("scores")
    refuse_unless(cards, "Aucun membre n’a encore noté ce dossier.")
    scores = {
        card.seat_id: {score.criterion_id: score.value for score in card.scores.all()} for card in cards
    }
    move(item, Item.REVEALED, by, scores=scores)
