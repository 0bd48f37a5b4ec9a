"""One dossier in the secretariat's hands: its pages, and what is read of it everywhere else."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from applications import exchanges
from applications.dossier import facts, present
from calls.questionnaire.definition import questions_of
from documents.models import ProducedDocument, StoredFile
from documents.serving import serve, show_progress
from journal.refusals import refuse_unless
from selection import desk, opinions, reviewing, rules
from selection.access import submissions_readable_by
from selection.models import Case
from selection.views.frame import frame


def get_submission(request, reference, *, to_act=False):
    """What was last filed of a dossier this person may read, or 404; where it was withdrawn, 409 to any act on it.

    `to_act` is for a page that is nothing but an act.
    """
    found = get_object_or_404(submissions_readable_by(request.user), application__reference=reference)
    reason = desk.why_given_up(found.application)
    refuse_unless(not reason or (not to_act and request.method in ("GET", "HEAD")), reason)
    return found


@require_safe
def case(request, reference):
    """The dossier as filed, and everything the secretariat knows of it."""
    submission = get_submission(request, reference)
    application = submission.application
    found = Case.objects.select_related("eligibility__checked_by").get(application=application)
    reviews = reviewing.reviews_of(found)
    shown = reviewing.readable(request.user, found, reviews)
    context = frame(application, "case") | {
        "submission": submission,
        "case": found,
        "dossier": present(submission),
        "notes": notes(application),
        "facts": facts(submission),
        "file_prefix": file_prefix(reference),
        "unread": exchanges.unread(request.user, [application], by_secretariat=True)[application.pk],
        "unanswered": exchanges.unanswered([application], by_secretariat=True)[application.pk],
        "asked": exchanges.open_clarifications([application]).first(),
        "reviews": [each for each in shown if each.is_finished],
        "asked_reviews": [each for each in reviews if each.is_own],
        "my_review": next((each for each in reviews if each.is_own and each.reviewer == request.user), None)
        if not found.withdrawn
        else None,
        "open_flags": found.flags.filter(lifted_at=None),
        "revisions": range(submission.revision - 1, 0, -1),
        "opinions_late": opinions.late(found).count(),
        "document": ProducedDocument.objects.latest("applications.dossier", str(submission.pk)),
        "can_check": rules.can_check_eligibility(request.user, application) and not found.withdrawn,
    }
    return render(request, "selection/case.html", context)


def notes(application):
    """What the form tells its reviewers alone, by question key."""
    asked = questions_of(application.form.definition)
    return {question["key"]: question["annotation"] for _, question in asked if question.get("annotation")}


def file_prefix(reference):
    """The address of the filed attachments, before their SHA-256."""
    return reverse("selection:case", args=[reference]) + "pieces/"


@require_safe
def attachment(request, reference, sha256):
    """A file as it was filed with the dossier."""
    submission = get_submission(request, reference)
    names = {each["sha256"]: each["name"] for each in submission.content["attachments"]}
    if sha256 not in names:
        raise Http404
    return serve(StoredFile.objects.get(sha256=sha256), name=names[sha256])


@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request, reference):
    """How far the dossier's PDF is."""
    submission = get_submission(request, reference)
    document = ProducedDocument.objects.latest("applications.dossier", str(submission.pk))
    return show_progress(
        request, document, label="Dossier déposé", back=reverse("selection:case", args=[reference])
    )


@require_safe
def dossier_pdf(request, reference):
    submission = get_submission(request, reference)
    document = ProducedDocument.objects.latest("applications.dossier", str(submission.pk))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"{reference}.pdf")
