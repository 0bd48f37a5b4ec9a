"""The secretariat's annex to a session: asked for, followed while it is computed, read."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from journal.refusals import require
from selection import annex as annexes
from selection import annex_told, rules
from selection.access import reads_whole_session
from selection.actions.calibration import ask_calibration
from selection.models import AgendaItem
from selection.views.committee import get_session


@require_http_methods(["GET", "HEAD", "POST"])
def annex(request, pk):
    """The annex, or how far it is: the page, or the part of it that htmx asks for again. A POST asks for it."""
    session = get_session(request, pk)
    require(rules.reads_annex(request.user, session))
    if request.method == "POST":
        calibration = ask_calibration(session, by=request.user)
        if calibration.made_at:
            messages.info(request, "Les notes n’ont pas changé : cette annexe est à jour.")
        return redirect("selection:annex", pk)
    whole = reads_whole_session(request.user, session)
    last = session.calibrations.first()
    if request.htmx and whole and last and last.made_at is None:
        return HttpResponse(status=204)
    context = {"session": session, "whole": whole} | (_read(request.user, session, last) if whole else {})
    return render(
        request, "selection/annex_body.html" if request.htmx else "selection/annex.html", {"annex": context}
    )


def _read(user, session, last):
    """What a person to whom nothing is hidden reads: the last annex that was computed, and what happens now."""
    shown = session.calibrations.filter(result__isnull=False).select_related("asked_by").first()
    sealed = session.items.filter(state=AgendaItem.State.SCORING).count()
    return {
        "waits": last is not None and last.made_at is None,
        "failure": last.failure if last else "",
        "shown": shown,
        "is_stale": shown is not None
        and shown.input_sha256 != annexes.fingerprint(annexes.gathered(session)),
        "parts": annex_told.told(shown.result, session) if shown else [],
        "left": annex_told.line_of(shown.result) if shown else None,
        "sealed": sealed,
        "revealed": session.items.count() - sealed,
        "can_ask": rules.can_calibrate(user, session),
    }
