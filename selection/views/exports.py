"""The exports of a call: asking for a file, seeing how far it is, having it."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from documents.serving import serve
from journal.refusals import refuse_unless, require
from selection import rules
from selection.actions.exports import ask_export
from selection.exports import contents
from selection.forms.exports import ExportForm
from selection.models import Case, Export
from selection.views.call_frame import frame, readable_call

LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request, slug):
    """What can be exported, and the files already asked for by this person."""
    call = readable_call(request, slug)
    form = ExportForm(request.POST or None, initial={"query": request.GET.urlencode()})
    if form.is_valid():
        export = ask_export(call, by=request.user, **form.cleaned_data)
        return redirect("selection:export", call.slug, export.pk)
    query = form["query"].value() or ""
    mine = Export.objects.filter(call=call, asked_by=request.user).select_related("file")[:LISTED]
    context = frame(call, "exports", request.user) | {
        "form": form,
        "chosen": contents.chosen(request.user, call, query).count(),
        "all": Case.objects.readable_by(request.user).filter(call=call).standing().count(),
        "exports": mine,
        "hours": settings.EXPORT_HOURS,
    }
    return render(request, "selection/exports.html", context)


@require_safe
def export(request, slug, pk):
    """How far a file is: the fragment that htmx polls, or a page of its own."""
    call = readable_call(request, slug)
    found = my_export(request, call, pk)
    if request.htmx:
        if request.GET.get("fait") == f"{found.state}-{found.done}":
            return HttpResponse(status=204)
        return render(request, "selection/export_progress.html", {"export": found})
    context = frame(call, "exports", request.user) | {"export": found, "hours": settings.EXPORT_HOURS}
    return render(request, "selection/export.html", context)


@require_safe
def export_file(request, slug, pk):
    """The file, to who asked for it and may still read all that it holds."""
    call = readable_call(request, slug)
    found = my_export(request, call, pk)
    refuse_unless(
        found.file, "Ce fichier n’est pas encore prêt. Suivez sa préparation depuis la page des exports."
    )
    require(rules.can_have_export(request.user, found))
    return serve(found.file, name=f"{call.slug}-{found.get_kind_display().replace(' ', '-')}.{found.format}")


def my_export(request, call, pk):
    if pk > 2**63 - 1:
        raise Http404
    mine = Export.objects.filter(call=call, asked_by=request.user).select_related("file", "call__fund")
    return get_object_or_404(mine, pk=pk)
