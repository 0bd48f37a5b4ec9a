"""The secretariat's list of what was filed."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.fields.json import KT
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calls.models import Call
from journal.refusals import require
from selection import rules
from selection.access import submissions_readable_by, withdrawn_readable_by
from selection.models import Case


@require_safe
def cases(request):
    """Every filed dossier of one's funds, and where it stands; apart, those given up and why."""
    submissions, withdrawn = submissions_readable_by(request.user), withdrawn_readable_by(request.user)
    require(rules.reads_some_fund(request.user))
    calls = Call.objects.filter(pk__in=submissions.values("application__call")).order_by("-opens_at")
    chosen = next((call for call in calls if call.slug == request.GET.get("appel")), None)
    if chosen:
        submissions, withdrawn = submissions.filter(application__call=chosen), withdrawn.filter(call=chosen)
    by_state = submissions.values("application__case__state").annotate(count=Count("pk")).order_by()
    state = request.GET.get("etat", "")
    if state in Case.State.values:
        submissions = submissions.filter(application__case__state=state)
    submissions = submissions.annotate(title=KT("content__title")).defer("content")
    page = Paginator(submissions.order_by("application__reference"), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "withdrawn": withdrawn if page.number == 1 and not state else [],
        "calls": calls,
        "chosen": chosen,
        "can_shortlist": chosen is not None
        and chosen.has_shortlist
        and rules.can_shortlist(request.user, chosen),
        "state": state,
        "states": state_counts(by_state),
        "total": page.paginator.count,
        "query": "".join(
            f"{name}={value}&" for name, value in [("appel", chosen.slug if chosen else ""), ("etat", state)]
        ),
    }
    return render(request, "selection/cases.html", context)


def state_counts(by_state):
    """(value, label, count) of each state that has some."""
    counts = {row["application__case__state"]: row["count"] for row in by_state}
    return [(value, label, counts[value]) for value, label in Case.State.choices if value in counts]
