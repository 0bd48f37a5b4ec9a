"""The files of a draft: their section, and each of them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from applications import actions, answers
from applications.forms import AttachmentForm
from applications.views.dossiers import get_application
from applications.views.frame import show
from documents import storage
from documents.serving import serve


def attachments(request, application, definition):
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        file = storage.store(upload.chunks(), content_type=form.content_type)
        actions.attach(
            application,
            file=file,
            name=upload.name,
            description=form.cleaned_data["description"],
            by=request.user,
        )
        messages.success(request, f"« {upload.name} » est joint au dossier.")
        return redirect("applications:section", application.key, definition["key"])
    joined = answers.joined(application)[""]
    return show(request, application, definition, form=form, attachments=joined)


@require_safe
def attachment(request, key, pk):
    """A file of a draft."""
    application = get_application(request, key)
    found = get_object_or_404(application.attachments.select_related("file"), pk=pk)
    return serve(found.file, name=found.name)


@require_POST
def detach(request, key, pk):
    """Take a file off a draft."""
    application = get_application(request, key)
    found = get_object_or_404(application.attachments.filter(question_key=""), pk=pk)
    actions.detach(found, by=request.user)
    messages.success(request, f"« {found.name} » n’est plus joint au dossier.")
    sections = [each["key"] for each in application.form.sections if each["kind"] == "attachments"]
    return (
        redirect("applications:section", application.key, sections[0]) if sections else redirect(application)
    )
