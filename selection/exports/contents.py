"""The columns and the rows of each export, from what its reader may read when it is made.

A reviewer whose own review of a dossier is not finished finds in it no other's score, amount nor recommendation.
"""

from decimal import Decimal

from django.db.models import Prefetch
from django.utils.timezone import localtime

from selection import listing
from selection.models import Export, Opinion, OpinionRequest, OpinionScore, Review, Score

AT_A_TIME = 200  # dossiers in memory


def chosen(user, call, query):
    """The dossiers of a call that someone may read, as the filters of the list's address choose them."""
    return listing.rows(user, query).filter(call=call)


def columns(kind):
    """The headings of an export's table."""
    return {
        Export.Kind.LIST: LIST,
        Export.Kind.SCORES: SCORES,
        Export.Kind.OPINIONS: OPINIONS,
        Export.Kind.FINANCING: FINANCING,
    }[kind]


def rows(kind, cases):
    """(case's place, cells) of each row: texts, numbers, days or None; a dossier may have several rows, or none."""
    made = {
        Export.Kind.LIST: _list,
        Export.Kind.SCORES: _scores,
        Export.Kind.OPINIONS: _opinions,
        Export.Kind.FINANCING: _financing,
    }[kind]
    found = cases.select_related("application", "ministry", "officer", "call")
    if kind == Export.Kind.LIST:
        found = found.prefetch_related("labels")
    if kind == Export.Kind.FINANCING:
        found = found.select_related("submission")
    found = found.defer("search", "files_search").order_by("application__reference")
    for block in in_blocks(found.iterator(chunk_size=AT_A_TIME)):
        yield from made(block)


def in_blocks(cases):
    """The cases, some at a time, so that what is read beside them takes one query for many."""
    block = []
    for case in cases:
        block.append(case)
        if len(block) == AT_A_TIME:
            yield block
            block = []
    if block:
        yield block


LIST = [
    "Référence",
    "Projet",
    "Porteur",
    "Nature du porteur",
    "Ministère",
    "État",
    "Déposé le",
    "Subvention demandée (€)",
    "Coût total (€)",
    "Économies attendues (€)",
    "Agent chargé du dossier",
    "Étiquettes",
    "Évaluations confiées",
    "Évaluations terminées",
    "Avis demandés",
    "Avis reçus",
    "Alertes ouvertes",
    "Note",
    "Écart entre évaluateurs",
    "Recommandation",
    "Subvention proposée (€)",
    "Fictif",
]


def _list(cases):
    recommended = dict(Review.Recommendation.choices)
    for case in cases:
        yield (
            case.pk,
            [
                *_identity(case),
                case.get_carrier_kind_display(),
                case.ministry.name if case.ministry else None,
                case.get_state_display(),
                localtime(case.filed_at).date() if case.filed_at else None,
                case.requested_grant,
                case.total_cost,
                case.promised_savings,
                case.officer.name if case.officer else None,
                ", ".join(label.name for label in case.labels.all()),
                case.reviews_asked,
                case.reviews_finished,
                case.opinions_asked,
                case.opinions_received,
                case.open_flags,
                case.seen_score,
                case.seen_spread,
                recommended.get(case.seen_recommendation),
                case.seen_amount,
                _fictitious(case),
            ],
        )


def _identity(case):
    return [case.application.reference, case.title, case.carrier]


def _fictitious(case):
    return "oui" if case.application.fictitious else "non"


SCORES = [
    "Référence",
    "Projet",
    "Porteur",
    "Évaluation",
    "Évaluateur",
    "Terminée le",
    "Recommandation",
    "Subvention proposée (€)",
    "Critère",
    "Poids",
    "Note",
    "Sur",
    "Points forts",
    "Points faibles",
    "Questions au porteur",
    "Commentaire",
    "Fictif",
]


def _scores(cases):
    open_to_me = {case.pk: case for case in cases if not case.blind}
    reviews = Review.objects.counted().filter(case__in=open_to_me, state=Review.State.FINISHED)
    scores = (
        Score.objects.filter(review__in=reviews)
        .select_related("review__reviewer", "criterion")
        .order_by("review__kind", "review__finished_at", "review", "criterion__position")
    )
    by_case = {}
    for score in scores:
        by_case.setdefault(score.review.case_id, []).append(score)
    for pk, case in open_to_me.items():
        for score in by_case.get(pk, []):
            review = score.review
            yield (
                pk,
                [
                    *_identity(case),
                    review.get_kind_display(),
                    review.reviewer.name,
                    localtime(review.finished_at).date(),
                    review.get_recommendation_display(),
                    review.proposed_amount,
                    score.criterion.label,
                    score.criterion.weight,
                    score.value,
                    case.call.scale_max,
                    score.strengths,
                    score.weaknesses,
                    score.questions,
                    score.comment,
                    _fictitious(case),
                ],
            )


OPINIONS = [
    "Référence",
    "Projet",
    "Porteur",
    "Pour le compte de",
    "Rendu par",
    "Version",
    "Dernière version",
    "Rendu le",
    "Position",
    "Avis",
    "Critère",
    "Note",
    "Sur",
    "Commentaire",
    "Qui lit l’avis",
    "Fictif",
]


def _opinions(cases):
    """Every version of the opinions of the requests that stand; one without a score has a single row."""
    known = {case.pk: case for case in cases}
    scores = OpinionScore.objects.select_related("criterion").order_by("criterion__position")
    given = (
        Opinion.objects.filter(request__in=OpinionRequest.objects.standing().filter(case__in=known))
        .select_related("request", "given_by")
        .prefetch_related(Prefetch("scores", scores))
        .order_by("request", "-revision")
    )
    by_case, last = {}, {}
    for opinion in given:
        by_case.setdefault(opinion.request.case_id, []).append(opinion)
        last.setdefault(opinion.request_id, opinion)
    for pk, case in known.items():
        for opinion in by_case.get(pk, []):
            for score in opinion.scores.all() or [None]:
                yield (
                    pk,
                    [
                        *_identity(case),
                        opinion.request.body,
                        opinion.given_by.name,
                        opinion.revision,
                        "oui" if last[opinion.request_id] == opinion else "non",
                        localtime(opinion.given_at).date(),
                        opinion.get_position_display(),
                        opinion.text,
                        score.criterion.label if score else None,
                        score.value if score else None,
                        case.call.scale_max if score else None,
                        score.comment if score else None,
                        opinion.request.get_confidentiality_display(),
                        _fictitious(case),
                    ],
                )


FINANCING = [
    "Référence",
    "Projet",
    "Porteur",
    "Ministère",
    "Année",
    "Financeur",
    "Nature de dépense",
    "Précision",
    "Engagements (€)",
    "Paiements (€)",
    "Fictif",
]


def _financing(cases):
    for case in cases:
        for line in case.submission.content.get("financing", []):
            yield (
                case.pk,
                [
                    *_identity(case),
                    case.ministry.name if case.ministry else None,
                    line.get("year"),
                    line.get("source_label"),
                    line.get("nature_label"),
                    line.get("label"),
                    _amount(line.get("amount")),
                    _amount(line.get("payment")),
                    _fictitious(case),
                ],
            )


def _amount(frozen):
    """An amount of a frozen line; None where it is unknown."""
    return Decimal(frozen) if frozen not in (None, "") else None
