"""What an envelope would fund of a ranking: a plain walk down it, and nothing that a person could not redo by hand."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices


class Place(TextChoices):
    WITHIN = "within", "tient dans l’enveloppe"
    BEYOND = "beyond", "au-delà de l’enveloppe"
    FITS = "fits", "tiendrait dans le reste"
    UNKNOWN = "unknown", "montant non communiqué"


@dataclass
class Line:
    """One dossier of the ranking: its simulated amount, what is reached with it, where that leaves it."""

    case: object
    amount: Decimal | None
    cumulated: Decimal | None = None
    place: Place = Place.UNKNOWN
    is_cut: bool = False  # the funding line passes just above it


def simulate(pairs, left):
    """The lines of (case, amount) pairs in their order; `left` is what the envelope still holds, in AE.

    The funding line passes above the first that no longer fits. Below it, each that fits in what the line leaves is
    said to, taken in the order of the ranking. An unknown amount counts for nothing and is said so.
    """
    lines, total, rest, cut = [], Decimal(0), left, False
    for case, amount in pairs:
        line = Line(case, amount)
        lines.append(line)
        if amount is None:
            continue
        total += amount
        line.cumulated = total
        if amount <= rest:
            rest -= amount
            line.place = Place.FITS if cut else Place.WITHIN
        else:
            line.place, line.is_cut, cut = Place.BEYOND, not cut, True
    return lines, rest


def payments(lines):
    """{year: euros} of payments (CP) that the funded lines come to, and how many of them give no schedule.

    A dossier's own schedule for the fund's money, in the proportion of what is simulated for it to what it asked.
    """
    years, unknown = defaultdict(Decimal), 0
    for line in lines:
        if line.place not in (Place.WITHIN, Place.FITS):
            continue
        submission = line.case.submission
        rows = [row for row in submission.content.get("financing", []) if row["source"] == "fund"]
        if not rows or not submission.requested_grant:
            unknown += 1
            continue
        share = line.amount / submission.requested_grant
        for row in rows:
            years[int(row["year"])] += Decimal(row.get("payment") or row["amount"]) * share
    cents = Decimal("0.01")
    return {year: years[year].quantize(cents) for year in sorted(years)}, unknown
