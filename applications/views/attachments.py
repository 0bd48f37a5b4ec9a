"""The files of a draft: their section, and each of them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, answers, files, rules
from applications.forms import AttachmentForm, AttachmentsForm
from applications.views.dossiers import get_application
from applications.views.frame import show
from documents import apart, preview, storage
from documents.serving import serve, show_drawn
from journal.refusals import Refused, require


def attachments(request, application, definition):
    """The section: what is joined, what is on its way, and more to join."""
    form = AttachmentsForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        complete = form.is_valid()
        for upload, content_type in form.fields["files"].fit:
            file = storage.store(upload.chunks(), content_type=content_type)
            try:
                actions.attach(application, file=file, name=upload.name, by=request.user)
            except Refused as refusal:
                form.add_error("files", refusal.reason)
            else:
                messages.success(request, f"« {upload.name} » est joint au dossier.")
        if complete and form.is_valid():
            return redirect("applications:section", application.key, definition["key"])
    listed = files.listed(application)
    return show(
        request,
        application,
        definition,
        form=form,
        files=listed,
        moved=next((each for each in listed if str(each.pk) == request.GET.get("deplacee")), None),
        awaiting_scan=any(each.file.scan_state == "pending" for each in listed),
        incoming=files.on_their_way(application, request.user, [""]),
    )


def get_attachment(request, key, pk):
    application = get_application(request, key)
    return application, get_object_or_404(application.attachments.select_related("file", "added_by"), pk=pk)


def get_writable(request, key, pk):
    """A file that this person may change now."""
    application, found = get_attachment(request, key, pk)
    require(rules.can_write(request.user, application))
    actions.refuse_unless_writable(
        application, request.user, answers.section_of(application, found.question_key)
    )
    found.application = application
    return application, found


def section_url(application, question_key):
    """The section where a file is joined; the dossier, where the form no longer has it."""
    section_key = answers.section_of(application, question_key)
    if section_key is None:
        return application.get_absolute_url()
    return reverse("applications:section", args=[application.key, section_key])


@require_safe
def attachment(request, key, pk):
    """A file of a draft."""
    _, found = get_attachment(request, key, pk)
    return serve(found.file, name=found.name)


@require_safe
def version(request, key, pk, version_pk):
    """A file that was replaced."""
    _, found = get_attachment(request, key, pk)
    former = get_object_or_404(found.versions.select_related("file"), pk=version_pk)
    return serve(former.file, name=former.name)


@require_http_methods(["GET", "HEAD", "POST"])
def change_attachment(request, key, pk):
    """Say what a file is, replace it, see what it was before."""
    application, found = get_writable(request, key, pk)
    field = files.field_of(application, found.question_key)
    form = AttachmentForm(request.POST or None, request.FILES or None, instance=found, files=field)
    if form.is_valid():
        if "description" in form.changed_data:
            actions.describe(found, description=form.cleaned_data["description"], by=request.user)
        if upload := form.cleaned_data["upload"]:
            file = storage.store(upload.chunks(), content_type=form.content_type)
            actions.replace(found, file=file, name=upload.name, by=request.user)
        messages.success(request, f"« {upload.name if upload else found.name} » est enregistré.")
        return redirect(section_url(application, found.question_key))
    context = {
        "application": application,
        "attachment": get_attachment(request, key, pk)[1],
        "versions": found.versions.select_related("file", "added_by", "replaced_by"),
        "form": form,
        "back": section_url(application, found.question_key),
    }
    return render(request, "applications/change_attachment.html", context)


@require_POST
def move(request, key, pk):
    """Put a file elsewhere in the order."""
    application, found = get_writable(request, key, pk)
    rank = request.POST.get("to", "")
    if not rank.removeprefix("-").isdecimal() or len(rank) > 4:
        raise Http404
    actions.move(found, to=int(rank), by=request.user)
    return redirect(f"{section_url(application, found.question_key)}?deplacee={found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def detach(request, key, pk):
    """Take a file off a draft, once told what that means."""
    application, found = get_writable(request, key, pk)
    back = section_url(application, found.question_key)
    if request.method == "POST":
        actions.detach(found, by=request.user)
        messages.success(request, f"« {found.name} » n’est plus joint au dossier.")
        return redirect(back)
    context = {
        "application": application,
        "attachment": found,
        "version_count": found.versions.count(),
        "filed": application.submissions.exists(),
        "back": back,
    }
    return render(request, "applications/detach.html", context)


@require_safe
def preview_attachment(request, key, pk):
    """What a file looks like: its first pages, or the picture."""
    application, found = get_attachment(request, key, pk)
    if not preview.can_be_drawn(found.file):
        return serve(found.file, name=found.name)
    try:
        drawn = preview.preview_of(found.file)
    except apart.Busy:
        drawn = None
    context = {
        "application": application,
        "attachment": found,
        "drawn": drawn,
        "pages": range(1, drawn.shown + 1) if drawn else [],
        "back": section_url(application, found.question_key),
    }
    status = 200 if drawn else 503
    return render(request, "applications/preview_attachment.html", context, status=status)


@require_safe
def preview_page(request, key, pk, number):
    """One page of a file, as a picture, once it is drawn."""
    _, found = get_attachment(request, key, pk)
    picture = preview.page_path(found.file, number)
    if not preview.can_be_drawn(found.file) or not picture.exists():
        raise Http404
    return show_drawn(picture)
