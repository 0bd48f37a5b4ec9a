"""The calendar of a fund's calls, for those who prepare them."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from calls import rules
from calls.fund_calendar import Calendar
from calls.models import Fund, FundRole
from journal import clock
from journal.refusals import require

FIRST_YEAR, LAST_YEAR = 2000, 2100


@require_safe
def calendar(request):
    """A year of one's funds, or of one of them: what opens, closes, meets and is announced, and what is unwise."""
    require(rules.reads_some_fund(request.user))
    funds = Fund.objects.filter(roles__user=request.user, roles__role__in=FundRole.READERS).distinct()
    now = clock.now()
    chosen = get_object_or_404(funds, slug=request.GET["fonds"]) if request.GET.get("fonds") else None
    shown = Calendar(
        [chosen.pk] if chosen else list(funds.values_list("pk", flat=True)), _year(request, now), now=now
    )
    return render(request, "calls/calendar.html", {"calendar": shown, "funds": funds, "chosen": chosen})


def _year(request, now):
    asked = request.GET.get("annee", "")
    if not asked:
        return localtime(now).year
    if not (
        asked.isascii() and asked.isdigit() and len(asked) == 4 and FIRST_YEAR <= int(asked) <= LAST_YEAR
    ):
        raise Http404
    return int(asked)
