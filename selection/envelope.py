"""The money of a fund's year: what is granted, what is left, and the guard."""

from calls.models import Envelope
from calls.money import euros
from journal.refusals import Refused
from selection.models import Decision


class EnvelopeExceeded(Refused):
    """The amount is more than what is left."""


def granted(envelope):
    """The euros that decisions have drawn on an envelope so far."""
    return Decision.objects.standing().filter(envelope=envelope).granted()


def remaining(envelope):
    return envelope.commitments - granted(envelope)


def draw(envelope_id, amount, *, given_back=0):
    """A step: lock the envelope, and refuse an amount that it no longer holds. A trigger says the same.

    `given_back` is what the decision that this one corrects had drawn.

    The lock is what makes it true when two chairs decide at once: the second waits, then sees the first's grant.
    """
    envelope = Envelope.objects.select_for_update().get(pk=envelope_id)
    left = remaining(envelope) + (given_back or 0)
    if amount > left:
        raise EnvelopeExceeded(
            f"L’enveloppe {envelope.fund.code} {envelope.year} ne contient plus que {euros(left)} :"
            f" {euros(amount)} ne peuvent pas être accordés. Aucune décision n’a été enregistrée."
        )
    return envelope
