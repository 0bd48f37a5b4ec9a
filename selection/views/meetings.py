"""The carrier's side of a suggested meeting."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications import rules
from applications.views.dossiers import get_application
from journal.refusals import require
from selection.actions import meetings as actions
from selection.meetings import seen_by
from selection.models import Case, MeetingSuggestion


def get_own_case(request, key):
    """The case of a dossier of one's own body, or 404; a partner's agent is not of it, and may not commit it."""
    application = get_application(request, key)
    rights = rules.rights(request.user, application)
    require(rights.member or rights.certifies)
    return get_object_or_404(Case.objects.select_related("application"), application=application), rights


@require_safe
def meetings(request, key):
    """What the secretariat suggests, and what one's body answered."""
    case, rights = get_own_case(request, key)
    context = {
        "application": case.application,
        "meetings": seen_by(case.application),
        "may_answer": rights.commit and not case.withdrawn,
        "email": request.user.email,
    }
    return render(request, "selection/meetings.html", context)


@require_POST
def answer_meeting(request, key, pk):
    """Say yes, or anything else for no."""
    case, _ = get_own_case(request, key)
    suggestion = get_object_or_404(
        MeetingSuggestion.objects.of(case).select_related("first", "second"), pk=pk
    )
    agrees = request.POST.get("answer") == "yes"
    met = actions.answer_meeting(suggestion, case.application, agrees=agrees, by=request.user)
    if met:
        told = "Les deux équipes acceptent : les coordonnées sont échangées."
    elif agrees:
        told = "Votre accord est enregistré. Si l’autre équipe accepte aussi, vous serez prévenu."
    else:
        told = "Votre refus est enregistré : rien n’est dit à l’autre équipe."
    messages.success(request, told)
    return redirect("selection:meetings", key)
