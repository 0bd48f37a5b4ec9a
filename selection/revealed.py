"""The scores of an item once the chair revealed them: every card, the first beside that of after the discussion."""

from dataclasses import dataclass

from selection.models import Scorecard


@dataclass
class Line:
    """A card among the others; `told` says why it counts or not, empty for a card like any other."""

    card: Scorecard
    scores: list  # a value per criterion of the call, None where the card has none
    told: str = ""


def table(item):
    """(criteria, lines) of what the members scored, in the order of their seats; those recused since are left out."""
    criteria = list(item.case.application.call.criteria.all())
    cards = item.scorecards.unrecused().select_related("seat").prefetch_related("scores")
    cards = list(cards.order_by("seat__position", "seat", "round"))
    discussed = {card.seat_id for card in cards if card.round == 2}
    lines = [
        Line(card, [card.values.get(each.pk) for each in criteria], _told(card, discussed)) for card in cards
    ]
    return criteria, lines


def _told(card, discussed):
    if card.round == 2:
        return "après discussion"
    if card.set_aside:
        return "écartée : elle n’est pas celle que ce membre a scellée"
    return "avant discussion" if card.seat_id in discussed else ""
