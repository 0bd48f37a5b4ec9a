"""From the preparation of a call to the public: submitted by one person, published by another."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls import readiness, rules
from calls.actions import publication as actions
from calls.forms.publication import PublicationForm, ReturnForm
from calls.lifecycle import State
from calls.standing import publishers, standing
from calls.views.preparation import get_draftable
from journal import dates
from journal.refusals import refuse_unless, require

NOT_SUBMITTED = "Cet appel n’est pas soumis à publication."


@require_http_methods(["GET", "HEAD", "POST"])
def submit_call(request, slug):
    """Ask for a confirmation, then hand the call to who may publish it."""
    call = get_draftable(request.user, slug)
    require(rules.can_submit_call(request.user, call))
    if request.method == "POST":
        actions.submit_call(call, by=request.user)
        messages.success(request, "L’appel est soumis à publication.")
        return redirect("calls:preparation", call.slug)
    refuse_unless(call.state == State.DRAFT, "Cet appel n’est plus en préparation.")
    context = {
        "call": call,
        "missing": readiness.missing(call),
        "publishers": publishers(call, besides=request.user),
    }
    return render(request, "calls/submit_call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def return_call(request, slug):
    """Give a submitted call back, with remarks."""
    call = get_draftable(request.user, slug)
    require(rules.can_return_call(request.user, call))
    refuse_unless(call.state == State.SUBMITTED, NOT_SUBMITTED)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        actions.return_call(call, by=request.user, **form.cleaned_data)
        messages.success(request, "L’appel est renvoyé avec vos remarques.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/return_call.html", {"call": call, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def publish_call(request, slug):
    """Ask the head when, then publish; before its minute, nothing of it shows anywhere."""
    call = get_draftable(request.user, slug)
    require(rules.can_publish_call(request.user, call))
    refuse_unless(call.state == State.SUBMITTED, NOT_SUBMITTED)
    form = PublicationForm(request.POST or None)
    if form.is_valid():
        actions.publish_call(call, by=request.user, at=form.at)
        if form.at:
            messages.success(request, f"La publication est prévue le {dates.moment(form.at)}.")
            return redirect("calls:preparation", call.slug)
        messages.success(request, "L’appel est publié.")
        return redirect(call)
    context = {"call": call, "form": form, "missing": readiness.missing(call)}
    return render(request, "calls/publish_call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, slug):
    """Ask for a confirmation, then go on with the preparation of a call submitted, or set to be public later."""
    call = get_draftable(request.user, slug)
    scheduled = not call.in_preparation
    require(
        rules.can_call_back(request.user, call) if scheduled else rules.can_submit_call(request.user, call)
    )
    if request.method == "POST":
        act = actions.call_back if scheduled else actions.take_back
        act(call, by=request.user)
        messages.success(request, "L’appel est de nouveau en préparation.")
        return redirect("calls:preparation", call.slug)
    now = standing(call, request.user)
    refuse_unless(now.may_take_back or now.may_call_back, "Cet appel est public, ou toujours en préparation.")
    return render(request, "calls/take_back_call.html", {"call": call, "scheduled": scheduled})
