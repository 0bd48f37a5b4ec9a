"""Who may apply to a call, and for how much: what its rules say of a kind of body."""

from decimal import Decimal
from typing import NamedTuple


class Rule(NamedTuple):
    """What a call says to one kind of body; None where it says nothing. Amounts are euros, on `call.threshold_base`."""

    eligible: bool | None
    threshold: Decimal | None
    ceiling: Decimal | None


def rule_for(call, kind):
    """The rule of a call for an `Organisation.Kind`: its own row's, what is empty there being the call's.

    A call that names no kind says nothing of who may apply. The sources of an imported call name who could and
    exclude nobody: a kind they leave out is unknown; the list of a call prepared here is complete. It reads
    `call.carrier_rules.all()`, which a list of calls prefetches.
    """
    rows = {row.kind: row for row in call.carrier_rules.all()}
    row = rows.get(kind)
    if row is None:
        return Rule(None if call.imported or not rows or not kind else False, call.threshold, call.ceiling)
    return Rule(
        True,
        call.threshold if row.threshold is None else row.threshold,
        call.ceiling if row.ceiling is None else row.ceiling,
    )
