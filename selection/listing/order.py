"""The orders of the list, and its pages: each begins where another ended, so the last costs what the first does."""

from typing import NamedTuple

from django.db.models import F, Q

PER_PAGE = 50
LIMIT = 1000  # what is counted: counting more would cost more than reading a page


class Order(NamedTuple):
    """An order of cases; the rank of equals is that of their rows.

    `shown` is what tells whether someone may know the value, where that is not the column itself: the rows without a
    known value come last.
    """

    label: str
    field: str
    descending: bool = True
    shown: str = ""

    def sort(self, cases):
        """All of these cases, in order."""
        if self.shown:
            return cases.order_by(_by(self.shown, self.descending, True), _by("pk", self.descending))
        return self.sort_known(cases, self.descending)

    def sort_known(self, cases, descending):
        return cases.order_by(_by(self.field, descending, bool(self.shown)), _by("pk", descending))


ORDERS = {
    "depot": Order("Date de dépôt, la plus récente d’abord", "filed_at"),
    "note": Order("Note, la meilleure d’abord", "review_score", shown="seen_score"),
    "montant": Order(
        "Subvention demandée, la plus élevée d’abord", "requested_grant", shown="requested_grant"
    ),
    "titre": Order("Nom du projet", "sort_key", descending=False),
    "reference": Order("Référence", "application__reference", descending=False),
}


def _by(field, descending, may_be_unknown=False):
    # As the indexes are, both ways: PostgreSQL reads one only for the very order of the nulls that it was made with.
    if may_be_unknown:
        return F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_first=True)
    return F(field).desc() if descending else F(field).asc()


class Page(NamedTuple):
    """Some rows, and from which one to go back or on: None where there is nothing there."""

    rows: list
    before: int | None
    after: int | None


def page_of(cases, order, *, pivot=None, backward=False, per_page=PER_PAGE):
    """The rows that follow `pivot` (its value and its number) in an order, or that come before it."""
    rows = []
    for part in _parts(cases, order, pivot, backward):
        rows += part[: per_page + 1 - len(rows)]
        if len(rows) > per_page:
            break
    more, rows = len(rows) > per_page, rows[:per_page]
    if backward:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    begins, ends = (more, True) if backward else (pivot is not None, more)
    return Page(rows, rows[0].pk if begins else None, rows[-1].pk if ends else None)


def pivot_of(cases, order, pk):
    """Where a row stands in an order, or None if it is out of sight."""
    return cases.filter(pk=pk).values_list(order.shown or order.field, "pk").first()


def _parts(cases, order, pivot, backward):
    """Querysets to read one after the other: the rows with a value, and those without."""
    descending = order.descending != backward
    past = "lt" if descending else "gt"
    kinds = [True, False] if order.shown else [True]
    if backward:
        kinds.reverse()
    if pivot:
        kinds = kinds[kinds.index(pivot[0] is not None) :]
    for known in kinds:
        part = cases.filter(**{f"{order.shown}__isnull": not known}) if order.shown else cases
        if pivot and known == (pivot[0] is not None):
            part = part.filter(_beyond(order.field, past, *pivot))
        yield order.sort_known(part, descending) if known else part.order_by(_by("pk", descending))


def _beyond(field, past, value, pk):
    """What is past a row, said so that an index on the field serves."""
    further = Q(**{f"pk__{past}": pk})
    if value is None:
        return further
    return Q(**{f"{field}__{past}e": value}) & (Q(**{f"{field}__{past}": value}) | further)


def count_text(cases):
    """How many there are, counted up to a limit: the number, and whether there are more."""
    count = cases.order_by()[: LIMIT + 1].count()
    return min(count, LIMIT), count > LIMIT
