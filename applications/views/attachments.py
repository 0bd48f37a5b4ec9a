"""The files of a draft."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from applications import actions
from applications.views.dossiers import get_application
from documents.serving import serve


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
