"""Would a project fit a call? Each rule of the call answers with its own figure, or says that it does not know."""

from decimal import Decimal
from typing import NamedTuple

from calls.countdown import Countdown
from calls.eligibility import bounds, rule_for
from calls.models import Call
from calls.money import euros
from calls.templatetags.money import percent

FITS, UNSURE, MISFIT = "fits", "unsure", "misfit"


class Answers(NamedTuple):
    """What someone says of a project; None is unanswered. Amounts are euros, the grant at most the total cost."""

    kind: str
    kind_label: str = ""
    grant: Decimal | None = None
    total_cost: Decimal | None = None
    cofinancing: bool | None = None
    grouped: bool | None = None


class Verdict(NamedTuple):
    """What one rule says: met, not met, or unknown (None), in a French sentence."""

    criterion: str
    ok: bool | None
    sentence: str


class Result(NamedTuple):
    """A call, what each of its rules says, and the time that is left."""

    call: Call
    verdicts: list
    countdown: Countdown | None = None

    @property
    def conclusion(self):
        oks = [verdict.ok for verdict in self.verdicts]
        return MISFIT if False in oks else UNSURE if None in oks else FITS

    @property
    def against(self):
        return [verdict for verdict in self.verdicts if verdict.ok is False]

    @property
    def unknown(self):
        return [verdict for verdict in self.verdicts if verdict.ok is None]


def check(call, answers):
    """The verdicts of a call's rules, in the order of its page; it reads `call.carrier_rules.all()` alone."""
    rule = rule_for(call, answers.kind)
    found = [_carrier(call, rule, answers), _threshold(call, rule, answers), _ceiling(rule, answers)]
    found += [_cofinancing(call, answers), _rate(call, answers), _grouped(call, answers)]
    return [verdict for verdict in found if verdict]


def _carrier(call, rule, answers):
    criterion, kinds = "Porteur", [row.get_kind_display() for row in call.carrier_rules.all()]
    if rule.eligible:
        return Verdict(
            criterion, True, f"Cet appel s’adresse à votre nature d’organisme ({answers.kind_label})."
        )
    if rule.eligible is False:
        return Verdict(
            criterion,
            False,
            f"Cet appel est réservé à d’autres organismes que le vôtre ({answers.kind_label}) : {', '.join(kinds)}.",
        )
    if kinds:
        return Verdict(
            criterion,
            None,
            f"La source cite d’autres organismes ({', '.join(kinds)}) et ne dit rien du vôtre.",
        )
    return Verdict(criterion, None, "L’appel ne dit pas quels organismes peuvent répondre.")


def _threshold(call, rule, answers):
    criterion = "Seuil"
    if rule.threshold is None:
        return Verdict(criterion, None, "Le seuil n’est pas communiqué.")
    low, high = bounds(rule.base, grant=answers.grant, total_cost=answers.total_cost)
    told = f"le seuil est de {euros(rule.threshold)}, sur {rule.base_label}"
    if low is not None and low >= rule.threshold:
        return Verdict(criterion, True, f"Montant suffisant : {told}.")
    if high is not None and high < rule.threshold:
        way = (
            " Cet appel accepte les dossiers groupés, où les montants de plusieurs projets s’ajoutent."
            if call.grouped_accepted and not answers.grouped
            else ""
        )
        return Verdict(criterion, False, f"Montant trop faible : {told}.{way}")
    return Verdict(criterion, None, f"Vos montants ne suffisent pas à trancher : {told}.")


def _ceiling(rule, answers):
    criterion = "Plafond"
    if rule.ceiling is None:
        return Verdict(criterion, None, "Le plafond n’est pas communiqué, ou il n’y en a pas.")
    low, high = bounds(rule.base, grant=answers.grant, total_cost=answers.total_cost)
    told = f"le plafond est de {euros(rule.ceiling)}, sur {rule.base_label}"
    if high is not None and high <= rule.ceiling:
        return Verdict(criterion, True, f"Montant admis : {told}.")
    if low is not None and low > rule.ceiling:
        return Verdict(criterion, False, f"Montant trop élevé : {told}.")
    return Verdict(criterion, None, f"Vos montants ne suffisent pas à trancher : {told}.")


def _cofinancing(call, answers):
    """Of an imported call, only what its sources require is known."""
    criterion = "Cofinancement"
    if not call.cofinancing_required:
        if call.imported:
            return Verdict(criterion, None, "La source ne dit pas si un cofinancement est exigé.")
        return Verdict(criterion, True, "Aucun cofinancement n’est exigé.")
    if answers.cofinancing is None:
        return Verdict(
            criterion, None, "Un cofinancement est exigé : vous n’avez pas dit si vous en avez un."
        )
    if answers.cofinancing:
        return Verdict(criterion, True, "Un cofinancement est exigé, et vous en avez un.")
    return Verdict(criterion, False, "Un cofinancement est exigé, et vous n’en avez pas.")


def _rate(call, answers):
    """Where no co-financing is required, an absent rate is no rule at all."""
    criterion, told = "Taux", f"la subvention est au plus de {percent(call.max_rate)} du coût total"
    if call.max_rate is None:
        if call.cofinancing_required or call.imported:
            return Verdict(criterion, None, "Le taux maximal de la subvention n’est pas communiqué.")
        return None
    if answers.grant is None or not answers.total_cost:
        return Verdict(criterion, None, f"Indiquez la subvention et le coût total : {told}.")
    if answers.grant <= call.max_rate * answers.total_cost:
        return Verdict(criterion, True, f"Taux admis : {told}.")
    return Verdict(criterion, False, f"Taux trop élevé : {told}, soit {euros(_most(call, answers))} ici.")


def _most(call, answers):
    """The largest grant that the rate allows, rounded down to the euro."""
    return (call.max_rate * answers.total_cost).quantize(Decimal(1), rounding="ROUND_DOWN")


def _grouped(call, answers):
    criterion = "Dossier groupé"
    if not answers.grouped:
        return None
    if call.grouped_accepted is None:
        return Verdict(criterion, None, "L’appel ne dit pas si les dossiers groupés sont acceptés.")
    if call.grouped_accepted:
        return Verdict(criterion, True, "Les dossiers groupés sont acceptés.")
    return Verdict(criterion, False, "Les dossiers groupés ne sont pas acceptés.")
