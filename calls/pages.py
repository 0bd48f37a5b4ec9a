"""A long list, a page at a time."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404


def page_of(rows, asked, *, size=30):
    """The `page` of a list and the `query` that keeps its filters, for components/pagination.html.

    Raises:
        Http404: there is no such page.
    """
    kept = asked.copy()
    number = kept.pop("page", ["1"])[-1]
    try:
        page = Paginator(rows, size).page(number or 1)
    except InvalidPage as error:
        raise Http404 from error
    return {"page": page, "query": f"{kept.urlencode()}&" if kept else ""}
