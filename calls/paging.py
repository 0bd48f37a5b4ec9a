"""Long public lists, page by page. What is counted has a limit, for counting costs more than reading a page."""

import re

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.utils.functional import cached_property

from calls.money import grouped

PER_PAGE = 30
LIMIT = 1000  # the rows that are counted, and shown: whoever looks for others narrows the list
NUMBER = re.compile(r"[1-9][0-9]{0,5}")


class CappedPaginator(Paginator):
    """The pages of several querysets, one after the other, each in its own order; of the first thousand rows only."""

    def __init__(self, *querysets, per_page=PER_PAGE):
        super().__init__(querysets, per_page)

    @cached_property
    def counts(self):
        return [queryset.order_by()[: LIMIT + 1].count() for queryset in self.object_list]

    @cached_property
    def count(self):
        return min(sum(self.counts), LIMIT)

    @property
    def is_capped(self):
        return sum(self.counts) > LIMIT

    @property
    def count_text(self):
        """« 38 », « plus de 1 000 »."""
        return f"plus de {grouped(LIMIT)}" if self.is_capped else grouped(self.count)

    def page(self, number):
        number = self.validate_number(number)
        start, end = (number - 1) * self.per_page, min(number * self.per_page, self.count)
        rows = []
        for queryset, count in zip(self.object_list, self.counts, strict=True):
            if start < min(end, count):
                rows.extend(queryset[start : min(end, count)])
            start, end = max(start - count, 0), end - count
        return self._get_page(rows, number, self)


def page_of(request, *querysets, per_page=PER_PAGE):
    """The page that the address asks for; one that is no number, or past the end, does not exist."""
    number = request.GET.get("page") or "1"
    if not NUMBER.fullmatch(number):
        raise Http404
    try:
        return CappedPaginator(*querysets, per_page=per_page).page(int(number))
    except EmptyPage as absent:
        raise Http404 from absent
