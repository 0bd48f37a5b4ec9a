"""What was filed, as it was filed; what would be filed now; what changed from one submission to another."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from applications import completeness, progress, rules, snapshot
from applications.certifiers import filed_by
from applications.difference import differences
from applications.dossier import present
from applications.lifecycle import State
from applications.views.dossiers import (
    documents_of,
    get_application,
    get_document,
    standing,
    with_submissions,
)
from documents.models import StoredFile
from documents.serving import serve, show_progress


def get_submission(application, revision):
    return get_object_or_404(
        application.submissions.select_related("filed_by", "application"), revision=revision
    )


@require_safe
def proofread(request, key):
    """The dossier as it will be seen once filed; nothing is frozen."""
    application = with_submissions(get_application(request, key))
    shared = standing(application, request.user, completeness.sections(application))
    context = {
        **shared,
        "dossier": present(snapshot.submission(application)),
        "file_prefix": file_prefix(application),
        "may_return": application.state == State.AWAITING_VISA and shared["rights"].certifies,
    }
    return render(request, "applications/proofread.html", context)


@require_safe
def filed(request, key):
    """The proof of the last filing: when, what, and what happens next."""
    application = with_submissions(get_application(request, key))
    last = application.submissions.first()
    if last is None:
        raise Http404
    submission = get_submission(application, last.revision)
    context = {
        "application": application,
        "standing": progress.standing_of(application),
        "submission": submission,
        "dossier": present(submission),
        "file_prefix": file_prefix(application),
        "documents": documents_of(submission),
        "rights": rules.rights(request.user, application),
        "filed_by": filed_by(submission),
        "can_take_back": application.state == State.FILED
        and application.taken_up_at is None
        and application.seen_at < application.due_at,
    }
    return render(request, "applications/filed.html", context)


@require_safe
def submission(request, key, revision):
    """One submission, read from what was frozen, whatever the dossier has become."""
    application = with_submissions(get_application(request, key))
    found = get_submission(application, revision)
    others = application.submissions.all()
    context = {
        "application": application,
        "submission": found,
        "submissions": others,
        "former": next((each for each in others if each.revision < revision), None),
        "is_last": others[0].revision == revision,
        "dossier": present(found),
        "filed_by": filed_by(found),
        "file_prefix": file_prefix(application),
        "documents": documents_of(found),
    }
    return render(request, "applications/submission.html", context)


@require_safe
def difference(request, key, before, after):
    """What one submission changed from another, field by field."""
    application = get_application(request, key)
    former, latter = get_submission(application, before), get_submission(application, after)
    context = {
        "application": application,
        "former": former,
        "latter": latter,
        "parts": differences(former.content, latter.content),
    }
    return render(request, "applications/difference.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def document(request, key, revision, name):
    """How far a PDF of this submission is."""
    application = get_application(request, key)
    label, produced = get_document(get_submission(application, revision), name)
    back = reverse("applications:submission", args=[key, revision])
    return show_progress(request, produced, label=f"{label}, dépôt n° {revision}", back=back)


@require_safe
def download(request, key, revision, name):
    """A PDF of this submission."""
    application = get_application(request, key)
    label, produced = get_document(get_submission(application, revision), name)
    if produced.file is None:
        raise Http404
    return serve(produced.file, name=f"{application.reference} {label}, dépôt {revision}.pdf")


@require_safe
def file(request, key, sha256):
    """A file that is joined now, or was when one of the submissions was filed."""
    application = get_application(request, key)
    names = {each.file.sha256: each.name for each in application.attachments.select_related("file")}
    if sha256 not in names:
        contents = application.submissions.values_list("content__attachments", flat=True)
        names |= {each["sha256"]: each["name"] for files in contents for each in files}
    if sha256 not in names:
        raise Http404
    return serve(get_object_or_404(StoredFile, sha256=sha256), name=names[sha256])


def file_prefix(application):
    """The address of a file of this dossier, before its hash."""
    return reverse("applications:file_by_hash", args=[application.key, "0"]).removesuffix("0/")
