"""The public pages of funds."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls import fund_facts
from calls.call_filters import BY_DEADLINE, UNSEEN
from calls.countdown import countdown_of
from calls.models import Call, Fund
from calls.paging import CappedPaginator
from journal import clock

CALLS_SHOWN = 10  # on the page of a fund; the list of calls has the others


@login_not_required
@require_safe
def funds(request):
    """Every fund, with what it pays for."""
    open_calls = Call.objects.public().open().filter(fund=OuterRef("pk"))
    found = Fund.objects.public().annotate(is_open=Exists(open_calls)).order_by("-is_open", "code", "id")
    return render(request, "calls/funds.html", {"funds": found})


@login_not_required
@require_safe
def fund(request, slug):
    """What a fund pays for, its money as published, who decides, its programmes and its calls."""
    found = get_object_or_404(Fund.objects.public().select_related("parent"), slug=slug)
    calls = Call.objects.public().filter(fund=found).defer(*UNSEEN)
    ordered = [getattr(calls, state)().order_by(*order) for state, order in BY_DEADLINE.items()]
    page, now = CappedPaginator(*ordered, per_page=CALLS_SHOWN).page(1), clock.now()
    for call in page:
        call.countdown = countdown_of(call, now)
    context = {
        "fund": found,
        "identity": fund_facts.identity(found),
        "totals": fund_facts.totals(found),
        "budget": fund_facts.budget(found),
        "envelopes": [] if found.facts.get("envelopes") else found.envelopes.all(),
        "programmes": found.programmes.all(),
        "children": found.children.public(),
        "calls": page,
    }
    return render(request, "calls/fund.html", context)
