"""What the secretariat may still say of a call once it is public."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls import rules
from calls.actions import corrections as actions
from calls.forms.corrections import CorrectionForm
from calls.lifecycle import State
from calls.views.preparation import get_draftable
from journal.refusals import refuse_unless, require


@require_http_methods(["GET", "HEAD", "POST"])
def publish_correction(request, slug):
    """Write a correction, read it as the public will, then publish it."""
    call = get_draftable(request.user, slug)
    require(rules.can_publish_correction(request.user, call))
    refuse_unless(call.state == State.PUBLISHED, actions.TOO_EARLY)
    form = CorrectionForm(request.POST or None)
    read_again, publish = form.is_valid(), "publish" in request.POST
    if publish and read_again and form.was_read():
        actions.publish_correction(call, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "La correction est publiée.")
        return redirect("calls:corrections", call.slug)
    context = {
        "call": call,
        "form": form,
        "read_again": read_again,
        "changed_since": publish,
        "corrections": call.corrections.select_related("form"),
    }
    return render(request, "calls/publish_correction.html", context)
