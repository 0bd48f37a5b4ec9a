"""The call of an announcement beside the earlier ones of the same fund; what is unknown of one is said to be."""

from django.db.models import Q

from calls.summary import UNKNOWN_F
from selection import results
from selection.charts import Table

MOST = 8


def comparison(announcement):
    """A table, a call a row, this one first; and the sources of the others."""
    call = announcement.call
    calls = results.with_results().filter(fund=call.fund).exclude(pk=call.pk)
    if call.opens_at:
        calls = calls.filter(Q(opens_at__lt=call.opens_at) | Q(opens_at=None))
    calls, _ = results.latest(calls)
    earlier = results.of(calls[:MOST])
    this = results.to_come(announcement)
    return Table(
        caption="Cet appel et les précédents du même fonds : subventions demandées et accordées",
        columns=[
            "Appel",
            "Année",
            "Candidatures",
            "Lauréats",
            "Subventions demandées",
            "Subventions accordées",
        ],
        rows=[_row(this), *(_row(each) for each in earlier)],
        note="" if earlier else "Aucun appel plus ancien de ce fonds n’a de résultat public.",
    ), [source for each in earlier for source in each.sources]


def _row(result):
    call = result.call
    candidates, laureates, _, requested, granted, *_ = result.cells
    title = f"{call.title} (fictif)" if call.fictitious and "fictif" not in call.title.lower() else call.title
    year = call.year or (call.opens_at and call.opens_at.year)
    return [title, str(year) if year else UNKNOWN_F, candidates, laureates, requested, granted]
