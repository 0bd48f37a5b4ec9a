"""The radar of mutualisation: the projects that are close to a dossier, or to a draft that one supports."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import snapshot
from applications.exchange_forms import ProposalForm
from applications.models import Remark
from applications.views.support import get_supported
from journal.refusals import require
from selection import rules
from selection.actions import meetings as actions
from selection.forms.radar import MeetingForm
from selection.models import Laureate, MeetingSuggestion
from selection.radar import reading
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of


@require_safe
def similar(request, reference):
    """The closest projects, with the passages that say so; what may be funded twice; the meetings suggested."""
    submission = get_submission(request, reference)
    application, case = submission.application, submission.application.case
    rows = reading.rows_for(request.user, case)
    suggested = MeetingSuggestion.objects.readable_by(request.user).of(case)
    suggested = suggested.select_related("first__application", "second__application", "suggested_by")
    context = frame(application, "similar") | {
        "computed": case.withdrawn or reading.is_computed(case),
        "set_aside": reading.set_aside(case),
        "dossiers": reading.ranked(rows, laureates=False),
        "laureates": reading.ranked(rows, laureates=True),
        "doubles": [row for row in rows if row.double_funding],
        "meetings": [reading.Meeting.of(each, case) for each in suggested],
        "may_suggest": rules.can_check_eligibility(request.user, application) and not case.withdrawn,
    }
    return render(request, "selection/similar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def suggest_meeting(request, reference, other):
    """Suggest to the carriers of two dossiers that they meet."""
    first, second = (get_submission(request, each, to_act=True).application for each in (reference, other))
    if first == second:
        raise Http404
    require(rules.can_suggest_meeting(request.user, first, second))
    form = MeetingForm(request.POST or None, cases=[first.case, second.case])
    if form.is_valid():
        with keeping(form):
            actions.suggest_meeting(first.case, second.case, text=form.cleaned_data["text"], by=request.user)
            messages.success(
                request,
                "Les deux porteurs sont prévenus. Aucun ne sait qui est l’autre tant que les deux n’acceptent pas.",
            )
            return redirect("selection:similar", reference)
    context = frame(first, "similar") | {"other": second.case, "form": form}
    return render(request, "selection/suggest_meeting.html", context, status=status_of(form))


@require_POST
def call_off_meeting(request, reference, pk):
    case = get_submission(request, reference).application.case
    found = MeetingSuggestion.objects.readable_by(request.user).of(case).select_related("first", "second")
    actions.call_off_meeting(get_object_or_404(found, pk=pk), by=request.user)
    messages.success(request, "La proposition est retirée : les deux porteurs en sont prévenus.")
    return redirect("selection:similar", reference)


@require_safe
def similar_to_draft(request, pk):
    """The public laureates that are close to a draft one supports, and a form to propose one to its writers."""
    asked = get_supported(request, pk)
    content = snapshot.content(asked.application)
    chosen = Laureate.objects.public().filter(slug=request.GET.get("proposer", "").replace("\0", "")).first()
    form = None
    if chosen:
        address = settings.PORTAL_URL + chosen.get_absolute_url()
        form = ProposalForm(
            initial={"kind": Remark.Kind.SIMILAR, "link": address, "text": reading.naming(chosen)}
        )
    context = {
        "asked": asked,
        "application": asked.application,
        "laureates": reading.laureates_close_to(content),
        "chosen": chosen,
        "form": form,
    }
    return render(request, "selection/similar_to_draft.html", context)
