"""The secretariat's pages: from the list of filed dossiers to the shortlist."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from applications import exchanges
from applications.dossier import carrier_facts, present
from calls.models import Call
from calls.money import euros
from calls.questionnaire.definition import questions_of
from calls.templatetags.money import percent
from calls.views.preparation import get_draftable
from documents.models import ProducedDocument, StoredFile
from documents.serving import serve, show_progress
from journal.refusals import refuse_unless, require
from selection import rules
from selection.access import submissions_readable_by, withdrawn_readable_by
from selection.actions import instruction as actions
from selection.forms import EligibilityForm, ReviewForm
from selection.models import Case, Review


def get_submission(request, reference):
    """What stands of a dossier this person may read, or 404."""
    return get_object_or_404(submissions_readable_by(request.user), application__reference=reference)


@require_safe
def cases(request):
    """Every filed dossier of one's funds, and where it stands; apart, those given up and why."""
    submissions, withdrawn = submissions_readable_by(request.user), withdrawn_readable_by(request.user)
    require(rules.reads_some_fund(request.user))
    calls = Call.objects.filter(pk__in=submissions.values("application__call")).order_by("-opens_at")
    chosen = next((call for call in calls if call.slug == request.GET.get("appel")), None)
    if chosen:
        submissions, withdrawn = submissions.filter(application__call=chosen), withdrawn.filter(call=chosen)
    by_state = submissions.values("application__case__state").annotate(count=Count("pk")).order_by()
    state = request.GET.get("etat", "")
    if state in Case.State.values:
        in_state = Q(application__case__state=state)
        if state == Case.State.TO_CHECK:
            in_state |= Q(application__case=None)
        submissions = submissions.filter(in_state)
    submissions = submissions.annotate(title=KT("content__title")).defer("content")
    page = Paginator(submissions.order_by("application__reference"), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "withdrawn": withdrawn if page.number == 1 and not state else [],
        "calls": calls,
        "chosen": chosen,
        "can_shortlist": chosen is not None
        and chosen.has_shortlist
        and rules.can_shortlist(request.user, chosen),
        "state": state,
        "states": state_counts(by_state),
        "total": page.paginator.count,
        "query": "".join(
            f"{name}={value}&" for name, value in [("appel", chosen.slug if chosen else ""), ("etat", state)]
        ),
    }
    return render(request, "selection/cases.html", context)


def state_counts(by_state):
    """(value, label, count) of each state that has some; a dossier nobody touched yet is to be checked."""
    counts = {row["application__case__state"] or Case.State.TO_CHECK: row["count"] for row in by_state}
    return [(value, label, counts[value]) for value, label in Case.State.choices if value in counts]


@require_safe
def case(request, reference):
    """The dossier as filed, and everything the secretariat knows of it."""
    submission = get_submission(request, reference)
    application = submission.application
    found = Case.objects.filter(application=application).select_related("eligibility__checked_by").first()
    context = {
        "submission": submission,
        "application": application,
        "case": found,
        "dossier": present(submission),
        "notes": notes(application),
        "facts": facts(submission),
        "file_prefix": file_prefix(reference),
        "unread": exchanges.unread(request.user, [application], by_secretariat=True)[application.pk],
        "unanswered": exchanges.unanswered([application], by_secretariat=True)[application.pk],
        "asked": exchanges.open_clarifications([application]).first(),
        "my_review": found is not None and found.reviews.filter(reviewer=request.user).exists(),
        "reviews": found.reviews.select_related("reviewer").prefetch_related("scores__criterion")
        if found
        else [],
        "document": ProducedDocument.objects.latest("applications.dossier", str(submission.pk)),
        "can_check": rules.can_check_eligibility(request.user, application),
        "can_review": found is not None
        and found.state in (Case.State.ELIGIBLE, Case.State.UNDER_REVIEW)
        and rules.can_review(request.user, application)
        and not found.reviews.filter(reviewer=request.user, state=Review.State.FINISHED).exists(),
    }
    return render(request, "selection/case.html", context)


def facts(submission, *, to_jury=False):
    """(label, value) pairs that a dossier begins with, from what was filed; the jury may not know whose it is."""
    content = submission.content
    return [
        ("Référence", submission.application.reference),
        *carrier_facts(content, hidden=to_jury and content.get("anonymous")),
        ("Thèmes", ", ".join(content["themes"]) or "aucun"),
        ("Subvention demandée", euros(submission.requested_grant)),
        ("Coût total du projet", euros(submission.total_cost)),
        ("Économies attendues", euros(submission.promised_savings)),
        (
            "Part demandée au fonds",
            percent(submission.requested_grant / submission.total_cost if submission.total_cost else None),
        ),
    ]


def notes(application):
    """What the form tells its reviewers alone, by question key."""
    asked = questions_of(application.form.definition)
    return {question["key"]: question["annotation"] for _, question in asked if question.get("annotation")}


def file_prefix(reference):
    """The address of the filed attachments, before their SHA-256."""
    return reverse("selection:case", args=[reference]) + "pieces/"


@require_http_methods(["GET", "HEAD", "POST"])
def check_eligibility(request, reference):
    """Decide whether the dossier may be reviewed, with a reason when not."""
    submission = get_submission(request, reference)
    application = submission.application
    require(rules.can_check_eligibility(request.user, application))
    form = EligibilityForm(request.POST or None)
    if form.is_valid():
        if form.cleaned_data["eligible"]:
            actions.declare_eligible(application, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, "Le dossier est déclaré recevable.")
        else:
            actions.declare_ineligible(application, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, "Le dossier est déclaré irrecevable ; le porteur en est averti.")
        return redirect("selection:case", reference)
    context = {"application": application, "form": form, "dossier": present(submission)}
    return render(request, "selection/check_eligibility.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, reference):
    """Score and comment each criterion, then recommend; the dossier is beside the grid."""
    submission = get_submission(request, reference)
    application = submission.application
    require(rules.can_review(request.user, application))
    found = get_object_or_404(Case, application=application)
    mine = Review.objects.filter(case=found, reviewer=request.user).first()
    refuse_unless(
        mine is None or mine.state == Review.State.DRAFT,
        "Votre évaluation est terminée : elle ne se modifie plus.",
    )
    form = ReviewForm(request.POST or None, call=application.call, initial=ReviewForm.initial_of(mine))
    if form.is_valid():
        actions.save_review(found, by=request.user, **form.facts())
        messages.success(
            request,
            "L’évaluation est terminée." if form.finishing else "L’évaluation est enregistrée, non terminée.",
        )
        return redirect("selection:case", reference)
    context = {
        "application": application,
        "form": form,
        "dossier": present(submission),
        "notes": notes(application),
        "file_prefix": file_prefix(reference),
        "finish_buttons": [("finish", "Terminer l’évaluation")],
    }
    return render(request, "selection/review.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
def shortlist(request, slug):
    """Choose, among the reviewed dossiers of a call, those the committee will hear of."""
    call = get_draftable(request.user, slug)
    reviewed = (
        actions.reviewed_cases(call)
        .exclude(application__recusals__user=request.user)
        .select_related("application__organisation")
        .order_by("-review_score", "pk")
    )
    if request.method == "POST":
        chosen = request.POST.getlist("reference")
        if not chosen:
            messages.error(request, "Cochez au moins un dossier : la présélection n’est pas arrêtée.")
            return redirect("selection:shortlist", slug)
        count = actions.draw_shortlist(call, chosen, by=request.user)
        messages.success(
            request,
            ngettext("%d dossier est présélectionné.", "%d dossiers sont présélectionnés.", count) % count,
        )
        return redirect("selection:cases")
    unfinished = Case.objects.filter(
        application__call=call, state__in=[Case.State.ELIGIBLE, Case.State.UNDER_REVIEW], review_score=None
    ).count()
    return render(
        request, "selection/shortlist.html", {"call": call, "cases": reviewed, "unfinished": unfinished}
    )
