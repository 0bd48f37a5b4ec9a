"""Who may apply to a call, and for how much: what its rules say of a kind of body."""

from decimal import Decimal
from typing import NamedTuple

from calls.models import Call
from calls.money import short_euros


class Rule(NamedTuple):
    """What a call says to one kind of body; None where it says nothing. Amounts are euros, that `base` names."""

    eligible: bool | None
    threshold: Decimal | None
    ceiling: Decimal | None
    base: str

    @property
    def base_label(self):
        return Call.Base(self.base).label


def rule_for(call, kind):
    """The rule of a call for an `Organisation.Kind`: its own row's, what is empty there being the call's.

    A call that names no kind says nothing of who may apply. The sources of an imported call name who could and
    exclude nobody: a kind they leave out is unknown; the list of a call prepared here is complete. It reads
    `call.carrier_rules.all()`, which a list of calls prefetches.
    """
    rows = {row.kind: row for row in call.carrier_rules.all()}
    row = rows.get(kind)
    if row is None:
        eligible = None if call.imported or not rows or not kind else False
        return Rule(eligible, call.threshold, call.ceiling, call.threshold_base)
    return Rule(
        True,
        call.threshold if row.threshold is None else row.threshold,
        call.ceiling if row.ceiling is None else row.ceiling,
        row.base or call.threshold_base,
    )


def bounds(base, *, grant, total_cost):
    """Between which amounts, in euros, lies the one that a rule bears on; None where nothing says.

    A grant is at most the eligible cost, which is at most the total cost: where the base is another cost, or the
    source does not name it, the grant and the total cost still bound it.
    """
    if base == Call.Base.GRANT:
        return grant, total_cost if grant is None else grant
    if base == Call.Base.TOTAL_COST:
        return grant if total_cost is None else total_cost, total_cost
    return grant, total_cost


def range_text(threshold, ceiling):
    """« de 1 M€ à 50 M€ », « à partir de 500 k€ », « jusqu’à 250 k€ », or « non communiqué »."""
    if threshold is None and ceiling is None:
        return "non communiqué"
    if ceiling is None:
        return f"à partir de {short_euros(threshold)}"
    if threshold is None:
        return f"jusqu’à {short_euros(ceiling)}"
    return f"de {short_euros(threshold)} à {short_euros(ceiling)}"


def amounts_text(call):
    """The amounts of a call in a line: what they bear on, then the kinds of carriers that have others."""
    own = Rule(None, call.threshold, call.ceiling, call.threshold_base)
    text = range_text(call.threshold, call.ceiling) + _on(own)
    for row in call.carrier_rules.all():
        rule = rule_for(call, row.kind)
        if rule[1:] != own[1:] and (rule.threshold, rule.ceiling) != (None, None):
            text += f" ; {row.get_kind_display()} : {range_text(rule.threshold, rule.ceiling)}"
            text += _on(rule) if rule.base != own.base else ""
    return text


def _on(rule):
    """« , sur la subvention demandée », where there is an amount and its base is known."""
    silent = rule.threshold is None and rule.ceiling is None
    return "" if silent or rule.base == Call.Base.UNSPECIFIED else f", sur {rule.base_label}"


def carriers_text(call):
    """The kinds of bodies that a call names, in a line."""
    return ", ".join(row.get_kind_display() for row in call.carrier_rules.all()) or "non communiqués"
