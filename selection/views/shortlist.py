"""The shortlist of a call."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from calls.views.preparation import get_draftable
from selection.actions import shortlist as actions
from selection.models import Case


@require_http_methods(["GET", "HEAD", "POST"])
def shortlist(request, slug):
    """Choose, among the reviewed dossiers of a call, those the committee will hear of."""
    call = get_draftable(request.user, slug)
    reviewed = (
        actions.reviewed_cases(call)
        .exclude(application__recusals__user=request.user)
        .select_related("application__organisation")
        .order_by("-review_score", "pk")
    )
    if request.method == "POST":
        chosen = request.POST.getlist("reference")
        if not chosen:
            messages.error(request, "Cochez au moins un dossier : la présélection n’est pas arrêtée.")
            return redirect("selection:shortlist", slug)
        count = actions.draw_shortlist(call, chosen, by=request.user)
        messages.success(
            request,
            ngettext("%d dossier est présélectionné.", "%d dossiers sont présélectionnés.", count) % count,
        )
        return redirect("selection:cases")
    unfinished = Case.objects.filter(
        application__call=call, state__in=[Case.State.ELIGIBLE, Case.State.UNDER_REVIEW], review_score=None
    ).count()
    return render(
        request, "selection/shortlist.html", {"call": call, "cases": reviewed, "unfinished": unfinished}
    )
