"""The secretariat's list of what was filed."""

import re

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal.refusals import require
from selection.listing.columns import table
from selection.listing.filters import CaseFilterSet
from selection.listing.order import ORDERS, count_text, page_of, pivot_of
from selection.listing.passages import passages
from selection.listing.reach import Reach
from selection.models import Batch, Label, SavedView

UNSEEN = ("search", "files_search", "shortlist_reason")
WITHDRAWN = 20  # those that are told apart, under the list
COLUMNS_KEPT = "portal_colonnes"  # the cookie that remembers which columns one chose last
YEAR = 365 * 24 * 3600
NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@require_safe
def cases(request):
    """Every filed dossier of one's funds, as the address narrows, sorts and shows it; apart, those given up and why."""
    reach = Reach(request.user)
    require(reach.roles)
    kept = request.COOKIES.get(COLUMNS_KEPT, "").split(".")
    filters = CaseFilterSet(request.GET, reach, columns_kept=kept)
    page = asked_page(request, filters)
    words = filters.values.get("q", "")
    found = passages(page.rows, words) if words else {}
    columns, rows = table(page.rows, filters.columns, found)
    total, capped = count_text(filters.qs)
    call = filters.call
    context = {
        "filters": filters,
        "page": page,
        "columns": columns,
        "rows": rows,
        "total": total,
        "capped": capped,
        "some_blind": any(case.blind for case in page.rows),
        "some_cut": bool(words) and any(case.search_cut for case in page.rows),
        "saved_views": [
            {"view": view, "current": view.query == filters.query_without("")}
            for view in SavedView.objects.usable_by(request.user).only("name", "query")
        ],
        "keeps_views": bool(reach.writes_in),
        "query": filters.query_without(""),
        "narrowed_by": filters.narrowed_by,
        "withdrawn": withdrawn(reach, filters, page),
        "chosen": call,
        "can_shortlist": call is not None and call.has_shortlist and call.fund_id in reach.writes_in,
        "acts": Batch.Act.choices if reach.writes_in else [],
    }
    response = render(request, "selection/cases.html", context)
    if chosen := filters.values.get("col"):
        secure, value = request.is_secure(), ".".join(chosen)
        response.set_cookie(COLUMNS_KEPT, value, YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def asked_page(request, filters):
    """The page that follows or precedes the row that the address names; the first one when it names none in sight."""
    order = ORDERS[filters.order]
    cases = filters.qs.select_related("application", "call", "ministry", "officer").defer(*UNSEEN)
    names = Label.objects.filter(cases=OuterRef("pk")).order_by("name").values("name")
    cases = cases.annotate(label_names=ArraySubquery(names))
    for name in ("apres", "avant"):
        number = request.GET.get(name, "")
        if NUMBER.fullmatch(number):
            pivot = pivot_of(filters.reach.cases(), order, int(number))
            if pivot:
                return page_of(cases, order, pivot=pivot, backward=name == "avant")
    return page_of(cases, order)


def withdrawn(reach, filters, page):
    """The latest that were given up, under the first page of a whole list."""
    if page.before is not None or filters.values.keys() - {"appel", "tri", "col"}:
        return []
    found = reach.withdrawn()
    return list((found.filter(call=filters.call) if filters.call else found)[:WITHDRAWN])
