"""Beginning a dossier from an earlier one, or from a file; taking one's dossier away as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions, dossier_file, rules, transfer
from applications.reuse_forms import CloneForm, ImportForm
from applications.views.dossiers import get_application
from calls.models import Call
from calls.rules import can_apply
from journal.refusals import require


@require_http_methods(["GET", "HEAD", "POST"])
def clone(request, key):
    """Choose an open call, then begin there with what this dossier says."""
    source = get_application(request, key)
    require(rules.can_copy(request.user, source))
    chosen = Call.objects.filter(slug=request.GET.get("appel", "").replace("\0", "")).first()
    form = CloneForm(request.POST or None, user=request.user, source=source, initial={"call": chosen})
    if form.is_valid():
        application = actions.clone(source, call=form.cleaned_data["call"], by=request.user)
        messages.success(
            request, "Votre nouveau brouillon est créé. Il n’est pas déposé : relisez-le d’abord."
        )
        return redirect(application)
    return render(request, "applications/clone.html", {"application": source, "form": form})


@require_safe
def export(request, key):
    """A dossier as a file: as it stands, or one of its submissions as it was frozen."""
    application = get_application(request, key)
    number = request.GET.get("depot", "")
    if number:
        if not (number.isascii() and number.isdigit() and len(number) <= 4):
            raise Http404
        submission = get_object_or_404(application.submissions, revision=int(number))
        return _as_file(dossier_file.filed(submission), f"{application.reference}-depot-{number}.json")
    content = transfer.content_of(application)
    name = f"dossier-{application.reference or application.key}.json"
    return _as_file(dossier_file.written(application, content), name)


@require_http_methods(["GET", "HEAD", "POST"])
def import_dossier(request):
    """Read a file, show what it becomes in the form of an open call, then begin a draft with it."""
    require(can_apply(request.user))
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    context = {"form": form, "placed": None}
    if form.is_valid():
        call = form.cleaned_data["call"]
        if "create" in request.POST:
            organisation = form.cleaned_data["organisation"]
            application = actions.import_dossier(
                form.read, call=call, organisation=organisation, by=request.user
            )
            messages.success(
                request, "Votre brouillon est créé avec le contenu du fichier. Il n’est pas déposé."
            )
            return redirect(application)
        context |= {
            "content": form.read,
            "placed": transfer.placed(form.read, call.form_versions.first()),
            "raw": form.cleaned_data["content"],
            "call": call,
            "organisation": form.cleaned_data["organisation"],
        }
    return render(request, "applications/import_dossier.html", context)


def _as_file(content, name):
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
