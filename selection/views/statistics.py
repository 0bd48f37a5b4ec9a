"""The statistics of a call, on a page and printed on two."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from documents import actions as documents
from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from selection import call_statistics, dashboard
from selection.access import statistics_key
from selection.views.call_frame import frame, readable_call

KIND = "selection.statistics"


@require_safe
def statistics(request, slug):
    """Who applies, for how much, on what; of a past call, what its sources published."""
    call = readable_call(request, slug)
    context = frame(call, "statistics", request.user)
    if call.imported:
        pairs, charts, table = call_statistics.published(call)
        return render(
            request,
            "selection/published_statistics.html",
            context | {"pairs": pairs, "charts": charts, "table": table},
        )
    cases = dashboard.cases_of(call, request.user).standing()
    whole = call_statistics.summary(cases)
    context |= {
        "whole": whole,
        "figures": call_statistics.figures(whole, call_statistics.digital_share(call, cases, whole)),
        "amounts": call_statistics.amounts(whole),
        "cuts": call_statistics.cuts(cases, whole),
    }
    return render(request, "selection/statistics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def statistics_document(request, slug):
    """How far one's printed statistics are; a POST asks for new ones, of today's figures."""
    call = readable_call(request, slug)
    key = statistics_key(request.user, call)
    if request.method == "POST":
        documents.order(KIND, key)
        return redirect("selection:statistics_document", slug)
    document = ProducedDocument.objects.latest(KIND, key)
    back = reverse("selection:statistics", args=[slug])
    return show_progress(request, document, label="Statistiques de l’appel", back=back)


@require_safe
def statistics_pdf(request, slug):
    call = readable_call(request, slug)
    document = ProducedDocument.objects.latest(KIND, statistics_key(request.user, call))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"statistiques-{call.slug}.pdf")
