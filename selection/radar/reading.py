"""What the pages of the radar show: the rows someone may read, in order, and their closeness in words."""

from dataclasses import dataclass

from django.db.models import Q

from calls.search import highlighted
from selection.meetings import sides
from selection.models import Laureate, MeetingSuggestion, SimilarProject
from selection.radar import closeness, passages, texts
from selection.radar.closeness import CLOSE

SHOWN, SHOWN_BESIDE = 10, 5
STRONG, MEDIUM = 0.3, 0.15


@dataclass(frozen=True)
class Near:
    """A close project as the page shows it: its rank, how close in words, the passages as safe HTML."""

    rank: int
    row: SimilarProject
    level: str
    passages: list

    @classmethod
    def of(cls, rank, row):
        pairs = [(highlighted(pair["mine"]), highlighted(pair["theirs"])) for pair in row.passages]
        return cls(rank, row, level(row.score), pairs)


@dataclass(frozen=True)
class Meeting:
    """A suggestion as the secretariat sees it from one of its dossiers."""

    suggestion: MeetingSuggestion
    other: object
    answers: list

    @classmethod
    def of(cls, suggestion, case):
        own, other = sides(suggestion, case)
        said = [(getattr(suggestion, side), getattr(suggestion, f"{side}_agrees")) for side in (own, other)]
        return cls(suggestion, getattr(suggestion, other), said)


def rows_for(user, case):
    """The rows of a dossier whose other project this person may read, the closest first."""
    found = SimilarProject.objects.filter(case=case).readable_by(user)
    return list(
        found.select_related(
            "other__application", "other__call__fund", "other__ministry", "laureate__fund", "laureate__call"
        ).order_by("-score", "id")
    )


def ranked(rows, *, laureates, most=SHOWN):
    """The first ones of a kind that are close by their words."""
    kept = [row for row in rows if (row.laureate_id is not None) == laureates and row.score >= CLOSE]
    return [Near.of(rank, row) for rank, row in enumerate(kept[:most], start=1)]


def beside(items, agenda):
    """{key of an item: (dossiers, laureates) close to it, as its committee reads them}.

    The dossiers are those of `agenda`, what someone reads of it: what is kept from them is not told of here.
    """
    found = SimilarProject.objects.filter(
        Q(other__in={each.case_id for each in agenda}) | Q(laureate__in=Laureate.objects.public()),
        case__in={each.case_id for each in items},
    )
    rows = {each.case_id: [] for each in items}
    for row in found.select_related(
        "other__application__call", "other__application__organisation", "laureate__fund"
    ).order_by("-score", "id"):
        rows[row.case_id].append(row)
    return {
        each.pk: [ranked(rows[each.case_id], laureates=kind, most=SHOWN_BESIDE) for kind in (False, True)]
        for each in items
    }


def is_computed(case):
    """Whether the radar has compared what now stands of a dossier."""
    text = getattr(case, "radar_text", None)
    return text is not None and text.submission_id == case.submission_id and text.compared_at is not None


def set_aside(case):
    """What prevents comparing what now stands of a dossier, in French, or nothing."""
    text = getattr(case, "radar_text", None)
    return text.problem if text is not None and text.submission_id == case.submission_id else ""


def level(score):
    """How close two projects are, in a word."""
    return "forte" if score >= STRONG else "moyenne" if score >= MEDIUM else "faible"


def laureates_close_to(content):
    """The public laureates that are close to what a draft says now; nothing is kept of it."""
    words = closeness.words_of(texts.whole(*texts.of_content(content)))
    scores = {each.laureate: each.score for each in closeness.Corpus().closest(words, cases=False)}
    keys = [key for key, score in scores.items() if score >= CLOSE]
    found = Laureate.objects.public().select_related("fund", "call").in_bulk(keys)
    first = [found[key] for key in keys if key in found][:SHOWN]
    said = [texts.of_content(content), *(texts.of_laureate(each) for each in first)]
    mine, *others = passages.stemmed([texts.sentences(*each) for each in said])
    quoted = passages.between(mine, others)
    rows = [
        SimilarProject(laureate=each, score=scores[each.pk], passages=pairs)
        for each, pairs in zip(first, quoted, strict=True)
    ]
    return [Near.of(rank, row) for rank, row in enumerate(rows, start=1)]


def naming(laureate):
    """The words that a proposal begins with."""
    told = [f"« {laureate.name} »", laureate.carrier, str(laureate.year or "")]
    return f"{', '.join(filter(None, told))} : un projet proche du vôtre, financé par le passé."
