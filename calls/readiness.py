"""What still prevents a call from being published."""

from django.db.models import Sum, prefetch_related_objects

from calls.eligibility import rule_for
from calls.models import CallDocument
from calls.questionnaire import coherence
from journal import clock


def missing(call):
    """French sentences, one per thing to do before publication; empty when the call is ready."""
    gaps = []
    if not call.opens_at:
        gaps.append("La date d’ouverture manque.")
    last = call.rounds.order_by("-closes_at").first()
    if last is None:
        gaps.append("La date limite de dépôt manque.")
    elif last.closes_at <= clock.now():
        gaps.append("La date limite de dépôt est passée.")
    elif call.opens_at and last.closes_at <= call.opens_at:
        gaps.append("La date limite de dépôt précède l’ouverture.")
    gaps += questions_gaps(call.questions_until, call.opens_at, last and last.closes_at)
    if call.questions_until and call.questions_until <= clock.now():
        gaps.append("La fin des questions est passée.")
    for kind in _impossible_kinds(call):
        gaps.append(f"Le seuil dépasse le plafond pour cette nature de porteur : {kind}.")
    weights = call.criteria.aggregate(total=Sum("weight"))["total"]
    if weights is None:
        gaps.append("Aucun critère n’est défini.")
    elif weights != 100:
        gaps.append(f"Les poids des critères font {weights} % au lieu de 100 %.")
    if not call.documents.filter(kind=CallDocument.Kind.SPECIFICATIONS).exists():
        gaps.append("Le cahier des charges manque.")
    gaps += coherence.problems(call.form_draft.definition, list(call.criteria.values_list("key", flat=True)))
    if not call.summary:
        gaps.append("Le résumé manque.")
    return gaps


def questions_gaps(until, opens_at, closes_at):
    """What is wrong with the end of the public's questions, in French sentences; an unknown date proves nothing."""
    if until and opens_at and until <= opens_at:
        return ["La fin des questions doit suivre l’ouverture."]
    if until and closes_at and until > closes_at:
        return ["Les questions se terminent au plus tard à la date limite de dépôt."]
    return []


def _impossible_kinds(call):
    """The kinds of carrier whose own amount, beside the call's other one, leaves nothing between them."""
    prefetch_related_objects([call], "carrier_rules")
    for row in call.carrier_rules.all():
        rule = rule_for(call, row.kind)
        if None not in (rule.threshold, rule.ceiling) and rule.ceiling < rule.threshold:
            yield row.get_kind_display()
