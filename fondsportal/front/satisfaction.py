"""How the survey's answers are counted to be published, and which page one came from."""

from datetime import date
from itertools import groupby

from django.urls import get_resolver

from fondsportal.front.models import SMALL, SatisfactionAnswer

MONTHS = 24


def results(today):
    """The last two years of ended months as rows of month, place, number of answers and number per score.

    A month under way is not told: whoever looked before and after an answer would know what it was.
    Where a month has fewer than `SMALL` answers in a place, neither their number nor their scores are told.
    """
    year, month = divmod(today.year * 12 + today.month - 1 - MONTHS, 12)
    months = {"since": date(year, month + 1, 1), "before": today.replace(day=1)}
    counts = SatisfactionAnswer.objects.counts(**months)
    rows = []
    for (start, place), group in groupby(counts, key=lambda row: (row["month"], row["place"])):
        by_score = {row["score"]: row["answers"] for row in group}
        total = sum(by_score.values())
        told = total >= SMALL
        rows.append(
            {
                "month": start,
                "place": SatisfactionAnswer.Place(place).label,
                "total": total if told else None,
                "scores": [by_score.get(score, 0) for score in SatisfactionAnswer.Score] if told else [],
            }
        )
    return rows


def known_page(name):
    """The name of an address of ours, or nothing: whatever else the query holds is not kept."""
    namespace, _, view = name.partition(":")
    _, resolver = get_resolver().namespace_dict.get(namespace, ("", None))
    return name if resolver and view in resolver.reverse_dict else ""
