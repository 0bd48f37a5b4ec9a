"""The ways a call begins: from nothing, a template, an earlier call, a file; and the file that a call becomes."""

import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calls import rules
from calls.actions.exchange import begin_from
from calls.exchange import archive
from calls.exchange.content import content_of, counted, without_its_facts
from calls.exchange.problems import known_files
from calls.exchange.templates import templates
from calls.forms.exchange import BeginningForm, CopyForm, ImportForm
from calls.views.preparation import get_draftable
from journal.refusals import require


@require_safe
def new_call(request):
    """The four ways to begin a call, with what each keeps."""
    require(rules.is_in_some_secretariat(request.user))
    return render(request, "calls/new_call.html")


@require_safe
def call_templates(request):
    """The templates of calls, with what each holds."""
    require(rules.is_in_some_secretariat(request.user))
    rows = [(name, file, counted(file.call)) for name, file in templates().items()]
    return render(request, "calls/call_templates.html", {"templates": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def begin_from_template(request, name):
    """Begin a call from a template."""
    require(rules.is_in_some_secretariat(request.user))
    if name not in templates():
        raise Http404
    file = templates()[name]
    form = BeginningForm(request.POST or None, user=request.user)
    if form.is_valid():
        return _begin(request, file.call, source=name, files={}, **form.cleaned_data)
    return render(
        request, "calls/begin_from_template.html", {"file": file, "holds": counted(file.call), "form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def copy_call(request):
    """Begin a call with the rules of an earlier one."""
    require(rules.is_in_some_secretariat(request.user))
    chosen = {"call": request.GET.get("appel")}
    form = CopyForm(request.POST or None, user=request.user, initial=chosen)
    if form.is_valid():
        call = form.cleaned_data.pop("call")
        content = without_its_facts(content_of(call))
        files = known_files(content, request.user)
        return _begin(request, content, source=call.code, files=files, **form.cleaned_data)
    return render(request, "calls/copy_call.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def import_call(request):
    """Begin a call from a file, taken whole or not at all."""
    require(rules.is_in_some_secretariat(request.user))
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        upload = form.cleaned_data.pop("upload")
        files = form.known | archive.keep(upload, form.carried)
        return _begin(request, form.content, source=upload.name, files=files, **form.cleaned_data)
    return render(request, "calls/import_call.html", {"form": form})


@require_safe
def export_call(request, slug):
    """Hand a whole call out as a file that can be imported."""
    call = get_draftable(request.user, slug)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    archive.write(content_of(call), target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{call.slug}.zip")


def _begin(request, content, **fields):
    """Begin the call, then say what was taken and what is left to do."""
    call = begin_from(content, by=request.user, **fields)
    dates = (
        "Ses dates sont celles du fichier : vérifiez-les."
        if content.rounds or content.opens_at
        else "Ses dates restent à fixer."
    )
    messages.success(request, f"L’appel est créé, avec {counted(content)}. {dates}")
    return redirect("calls:preparation", call.slug)
