"""Scores: sealed by each member, revealed all at once by the chair, changed in the open after the discussion."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Now

from journal import actions as journal
from journal.refusals import Refused, refuse_unless, require
from selection import rules, sealing
from selection.actions.chairing import locked_for_chair, move, refuse_unless_sitting
from selection.lifecycle import Item
from selection.models import AgendaItem, Commitment, CommitteeSession, Scorecard, ScorecardScore

SEALED, DISCUSSED = 1, 2  # the rounds


class CardConflict(Refused):
    """The card was saved from elsewhere since its page was read; `card` is what is kept."""

    def __init__(self, card):
        self.card = card
        super().__init__(
            "Vous avez enregistré d’autres notes sur ce dossier depuis une autre page ou un autre appareil."
        )


@transaction.atomic(durable=True)
def score(item, *, scores, comment, by, amount=None, read=None):
    """Seal a member's scores: `scores` maps each criterion to a value. Changeable until the reveal.

    Each sealing has a nonce and a commitment of its own. `read` is the mark of the card that the page had read, empty
    where it had none: a page that read an older one is refused. None reads nothing, and replaces what there is.
    """
    item, seat = _locked(item, by, SEALED)
    refuse_unless(
        item.state == Item.SCORING, "Les notes de ce dossier sont révélées : elles ne changent plus."
    )
    card = Scorecard(item=item, seat=seat, comment=comment, amount=amount, nonce=sealing.new_nonce())
    if seat.mark and read not in (None, seat.mark):
        return _same_or_conflict(card, scores)
    _keep(card, scores)
    sha256 = sealing.commitment(**card.content(scores))
    Commitment.objects.create(item=item, seat=seat, sha256=sha256)
    journal.record("scorecard.sealed", card, by=by, sha256=sha256)  # what it says is told by the reveal
    return card


@transaction.atomic(durable=True)
def score_again(item, *, scores, comment, by, amount=None, read=None):
    """Keep what a member's scores became after the discussion, in the open, beside those that they had sealed."""
    item, seat = _locked(item, by, DISCUSSED)
    refuse_unless(item.state == Item.REVEALED, _why_not_again(item))
    first = Scorecard.objects.filter(item=item, seat=seat, round=SEALED)
    refuse_unless(
        first.exists(), "Vous n’avez pas noté ce dossier sous scellés : vous n’avez pas de note à changer."
    )
    card = Scorecard(item=item, seat=seat, round=DISCUSSED, comment=comment, amount=amount)
    if seat.mark and read not in (None, seat.mark):
        return _same_or_conflict(card, scores)
    _keep(card, scores)
    said = {criterion.pk: value for criterion, value in scores.items()}
    journal.record(
        "scorecard.changed", card, by=by, item=item.pk, scores=said, comment=comment, amount=amount
    )
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


def _locked(item, by, round):
    """The item, locked, and the seat that scores it, with the mark of its card of a round (empty without a card)."""
    item = AgendaItem.objects.select_related("session", "case").locked(item)
    card = Scorecard.objects.filter(item=item, seat=OuterRef("pk"), round=round)
    seat = rules.seat_scoring(by, item).annotate(saved_at=Subquery(card.values("scored_at"))).first()
    require(seat)
    refuse_unless_sitting(item.session)
    seat.mark = seat.saved_at.isoformat() if seat.saved_at else ""
    return item, seat


def _keep(card, scores):
    """Write a card over the one that its member had for this round, with its scores, in two statements."""
    card.scored_at = Now()
    Scorecard.objects.bulk_create(
        [card],
        update_conflicts=True,
        unique_fields=["item", "seat", "round"],
        update_fields=["comment", "amount", "nonce", "scored_at"],
    )
    ScorecardScore.objects.bulk_create(
        [
            ScorecardScore(scorecard=card, criterion=criterion, value=value)
            for criterion, value in scores.items()
        ],
        update_conflicts=True,
        unique_fields=["scorecard", "criterion"],
        update_fields=["value"],
    )


def _same_or_conflict(card, scores):
    """The card that is kept, where it says what is sent: sent twice, it is kept once. Else, a conflict."""
    kept = Scorecard.objects.prefetch_related("scores__criterion")
    kept = kept.get(item=card.item_id, seat=card.seat_id, round=card.round)
    said = {criterion.pk: value for criterion, value in scores.items()}
    if (kept.comment, kept.amount, kept.values) != (card.comment, card.amount, said):
        raise CardConflict(kept)
    return kept


def _why_not_again(item):
    if item.state == Item.SCORING:
        return "Les notes de ce dossier sont encore scellées."
    return "Le vote est ouvert sur ce dossier, ou l’a été : ses notes ne changent plus."


def _reveal(item, by):
    cards = item.scorecards.filter(round=SEALED).prefetch_related("scores__criterion").order_by("pk")
    refuse_unless(cards, "Aucun membre n’a encore noté ce dossier.")
    sealed = dict(item.commitments.order_by("pk").values_list("seat", "sha256"))  # the last of each seat
    set_aside = [card for card in cards if not sealing.holds(sealed.get(card.seat_id), **card.content())]
    Scorecard.objects.filter(pk__in=[card.pk for card in set_aside]).update(set_aside=True)
    move(
        item,
        Item.REVEALED,
        by,
        scores={card.seat_id: card.values for card in cards},
        set_aside=[card.seat_id for card in set_aside],
    )
