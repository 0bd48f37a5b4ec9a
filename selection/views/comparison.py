"""Dossiers side by side."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal.refusals import require
from selection import comparison, rules
from selection.forms.comparison import ComparisonForm


@require_safe
def compare(request):
    """Two to four dossiers, by their references; what one may not read answers as what does not exist."""
    require(rules.reads_some_fund(request.user))
    asked = ComparisonForm.references_in(request.GET.getlist("dossiers"))
    cases = comparison.readable(request.user, asked[: comparison.MOST])
    known = {case.application.reference for case in cases}
    context = {
        "form": ComparisonForm(initial={"dossiers": ", ".join(asked)}),
        "unknown": [each for each in asked[: comparison.MOST] if each not in known],
        "left_out": asked[comparison.MOST :],
        "asked": asked,
        "comparison": comparison.compare(cases, request.user) if len(cases) >= comparison.LEAST else None,
    }
    return render(request, "selection/compare.html", context)
