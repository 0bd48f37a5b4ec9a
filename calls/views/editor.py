"""The call editor: one page per step, and what happens when two officers change the same one."""

from copy import copy

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls import steps
from calls.actions import preparation as actions
from calls.forms.circuit import OUTCOMES_TO_START_FROM
from calls.forms.editor import FORMS
from calls.rows import bound
from calls.views.preparation import get_draftable

START_FROM = "start_from"


@require_http_methods(["GET", "HEAD", "POST"])
def edit_step(request, slug, step):
    """One step of a call in preparation: shown, kept, or compared with what a colleague kept meanwhile."""
    call, step = get_draftable(request.user, slug), steps.named(step)
    if step is None or step.key not in FORMS:
        raise Http404
    actions.refuse_unless_in_preparation(call)
    held = steps.content(call, step)
    form, formset, complete = typed(request, call, step, held)
    read, conflict = request.POST.get("fingerprint", steps.fingerprint(held)), None
    if complete:
        fields, rows = form.cleaned_data if form else {}, formset.rows() if formset else None
        try:
            call = actions.save_step(call, step, fields, rows, fingerprint=read, by=request.user)
        except actions.EditConflict as refused:
            conflict, read = refused, refused.fingerprint
        else:
            return saved(request, call, step)
    return render(
        request,
        "calls/edit_step.html",
        {
            "call": call,
            "step": step,
            "menu": steps.menu(call, step),
            "changed": steps.last_change(call, step),
            "form": form,
            "formset": formset,
            "parts": [form, formset],
            "buttons": [("save_and_next", "Enregistrer et continuer")],
            "fingerprint": read,
            "conflict": conflict,
            "start_from": OUTCOMES_TO_START_FROM if step.key == "circuit" and not held["rows"] else {},
        },
    )


def typed(request, call, step, held):
    """The form and the formset of a step, as posted or as the call holds them, and whether to save them.

    The forms get a copy of the call, so that what is refused shows in its fields alone.
    """
    form_class, formset_class = FORMS[step.key]
    form, formset, complete = None, None, request.method == "POST" and START_FROM not in request.POST
    if form_class:
        shown = form_class.shown(held)
        form = form_class(request.POST or None, instance=copy(call), initial=shown, user=request.user)
    if formset_class:
        shown = getattr(formset_class.form, "shown", dict)
        written = [shown(row) for row in held["rows"]]
        formset, to_save = bound(formset_class, request, written=written, beside=form, call=call)
        complete = complete and to_save
    if request.POST.get(START_FROM) in OUTCOMES_TO_START_FROM:
        rows = OUTCOMES_TO_START_FROM[request.POST[START_FROM]][1]
        formset = formset_class(initial=rows, prefix="rows")
    return form, formset, complete and (form is None or form.is_valid())


def saved(request, call, step):
    """Go on to the next step, or back to the review, as the button said."""
    messages.success(request, f"« {step.title} » est enregistré.")
    if "save_and_next" in request.POST:
        return redirect(steps.following(step).address(call))
    return redirect("calls:preparation", call.slug)
