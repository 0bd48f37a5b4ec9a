"""Correcting the form of a call that is already public."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from calls import rules
from calls.actions import form_correction as actions
from calls.actions import publication
from calls.forms.corrections import FormNoteForm
from calls.lifecycle import State
from calls.models import FormDraft
from calls.questionnaire import coherence
from calls.questionnaire.differences import differences
from calls.standing import correction_publishers, standing
from calls.views.preparation import get_draftable
from journal.refusals import refuse_unless


@require_http_methods(["GET", "HEAD", "POST"])
def form_correction(request, slug):
    """What a correction changes; a head who did not write it publishes it with its note."""
    call = get_draftable(request.user, slug)
    refuse_unless(call.state == State.PUBLISHED, "Cet appel n’est pas publié : modifiez son formulaire.")
    publication.refuse_while_waiting(call)
    draft, last = FormDraft.objects.filter(call=call).first(), call.form_versions.first()
    proposed = differences(last.definition, draft.definition, public=True) if draft and last else []
    note = {"text": "\n".join(f"- {sentence}" for sentence in proposed), "version": draft and draft.version}
    form = FormNoteForm(request.POST or None, initial=note)
    if request.method == "POST":
        refuse_unless(draft, actions.NOT_BEGUN)
        if form.is_valid():
            actions.publish_form_correction(call, by=request.user, **form.written())
            messages.success(
                request,
                "La correction est publiée. Les brouillons passent au nouveau formulaire dans la minute.",
            )
            return redirect("calls:corrections", call.slug)
    context = {
        "call": call,
        "standing": standing(call, request.user),
        "draft": draft,
        "last": last,
        "form": form,
    }
    if draft:
        criteria = list(call.criteria.values_list("key", flat=True))
        context |= {
            "differences": differences(last.definition, draft.definition),
            "problems": coherence.problems(draft.definition, criteria),
            "may_publish": rules.can_publish_form(request.user, call),
            "publishers": correction_publishers(draft),
        }
    return render(request, "calls/form_correction.html", context)


@require_POST
def begin_form_correction(request, slug):
    """Open the published form for correction."""
    call = get_draftable(request.user, slug)
    actions.begin_form_correction(call, by=request.user)
    messages.success(
        request, "Le formulaire est ouvert à la correction ; celui qui est publié reste en vigueur."
    )
    return redirect("calls:form_correction", call.slug)


@require_POST
def announce_form_correction(request, slug):
    """Tell the heads that the correction is ready."""
    call = get_draftable(request.user, slug)
    heads = actions.announce_form_correction(call, by=request.user)
    told = ", ".join(str(head) for head in heads)
    messages.success(request, f"La correction est signalée, par courriel, à qui peut la publier : {told}.")
    return redirect("calls:form_correction", call.slug)


@require_POST
def abandon_form_correction(request, slug):
    """Throw the correction away."""
    call = get_draftable(request.user, slug)
    actions.abandon_form_correction(call, by=request.user)
    messages.success(request, "La correction est abandonnée. Le formulaire publié reste en vigueur.")
    return redirect("calls:preparation", call.slug)
