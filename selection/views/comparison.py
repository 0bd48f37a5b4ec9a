"""Dossiers side by side."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from journal.refusals import require
from selection import comparison, rules
from selection.forms.comparison import ComparisonForm


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request):
    """Two to four dossiers, by their references; what one may not read answers as what does not exist.

    The boxes that were ticked in the list are posted; the page has an address of its own, to be kept or sent.
    """
    require(rules.reads_some_fund(request.user))
    if request.method == "POST":
        ticked = ComparisonForm.references_in(request.POST.getlist("reference"))
        return redirect(f"{reverse('selection:compare')}?{urlencode({'dossiers': ','.join(ticked)})}")
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
