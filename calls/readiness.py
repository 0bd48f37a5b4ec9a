"""What still prevents a call from being published."""

from django.db.models import Sum

from calls.models import CallDocument
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
    weights = call.criteria.aggregate(total=Sum("weight"))["total"]
    if weights is None:
        gaps.append("Aucun critère n’est défini.")
    elif weights != 100:
        gaps.append(f"Les poids des critères font {weights} % au lieu de 100 %.")
    if not call.documents.filter(kind=CallDocument.Kind.SPECIFICATIONS).exists():
        gaps.append("Le cahier des charges manque.")
    if not call.summary:
        gaps.append("Le résumé manque.")
    return gaps
