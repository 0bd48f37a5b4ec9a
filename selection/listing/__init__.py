"""The secretariat's list of filed dossiers: what its address says, and the rows that answer it.

`rows(user, query)` is for whoever acts on a list as it was shown: an export, an act on many.
"""

from django.http import QueryDict

from selection.listing.filters import CaseFilterSet
from selection.listing.order import ORDERS
from selection.listing.reach import Reach


def rows(user, query):
    """The cases that the list shows someone for a query string, in its order; each knows `blind` and its `shown_…`.

    What means nothing in the query is ignored, as on the page.
    """
    filters = CaseFilterSet(QueryDict(query), Reach(user))
    return ORDERS[filters.order].sort(filters.qs)


def kept_query(user, query):
    """What the list understands of a query string, to be kept or handed on."""
    return CaseFilterSet(QueryDict(query), Reach(user)).query_without("")
