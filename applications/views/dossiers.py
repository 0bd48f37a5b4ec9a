"""The carrier's side of a dossier."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications import (
    actions,
    completeness,
    exchanges,
    form_actions,
    form_moves,
    portfolio,
    progress,
    rules,
    tables,
)
from applications.certifiers import is_near, who_can_file
from applications.forms import ApplicationForm
from applications.lifecycle import UNFILED, State
from applications.models import Application, Submission, SupportRequest
from calls.models import Call
from calls.models.call import deadline_text
from calls.money import euros
from calls.paging import page_of
from calls.rules import can_apply
from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal import clock
from journal.refusals import refuse_unless, require

DOCUMENTS = {"accuse": "applications.receipt", "dossier": "applications.dossier"}
LABELS = {"accuse": "Accusé de dépôt", "dossier": "Dossier déposé"}


def get_application(request, key):
    """A dossier this person may see, or 404; before anything is written in it, under the last form of its call.

    It comes with its deadline, the time of the database (`seen_at`), and whether the secretariat supports its writing.
    """
    supported = Exists(SupportRequest.objects.filter(application=OuterRef("pk"), closed_at=None))
    seen = Application.objects.visible_to(request.user).with_deadline()
    seen = seen.annotate(seen_at=Now(), is_supported=supported)
    seen = seen.select_related("call__fund", "organisation__supervising_ministry", "round", "form")
    application = get_object_or_404(seen, key=key)
    if request.method == "POST" and application.form != form_actions.current_form(application):
        form_actions.follow_form(application)
        application = get_object_or_404(seen, key=key)
    return application


def with_submissions(application):
    """The same, its submissions read once for the whole page; their content stays where it is."""
    filed = Submission.objects.select_related("filed_by").defer("content")
    prefetch_related_objects([application], Prefetch("submissions", filed))
    return application


@require_safe
def application_list(request):
    """My dossiers, by state, page by page."""
    filters = portfolio.PortfolioFilterSet(request.GET, portfolio.dossiers_of(request.user))
    page = page_of(request, filters.qs)
    context = {
        "filters": filters,
        "page": page,
        "groups": portfolio.in_groups(portfolio.read_forms(list(page))),
        "now": clock.now(),
        "open_calls": Call.objects.visible_to(request.user).open().select_related("fund"),
    }
    return render(request, "applications/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request, slug):
    """Begin a draft for an open call, on behalf of one's body."""
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    require(can_apply(request.user))
    refuse_unless(
        Call.objects.open().filter(pk=call.pk).exists(), "Cet appel n’est pas ouvert aux candidatures."
    )
    form = ApplicationForm(request.POST or None, call=call, user=request.user)
    if form.is_valid():
        application = actions.create_application(call=call, by=request.user, **form.cleaned_data)
        messages.success(
            request, "Votre brouillon est créé. Il n’est pas déposé tant que votre valideur ne l’a pas fait."
        )
        return redirect(application)
    now = clock.now()
    next_round = call.rounds.filter(closes_at__gt=now).order_by("closes_at").first()
    context = {"call": call, "form": form, "now": now, "due_at": (next_round or call).closes_at}
    context["earlier"] = Application.objects.copyable_by(request.user).select_related("call")[:10]
    return render(request, "applications/create.html", context)


@require_safe
def detail(request, key):
    """The task list of a dossier: where it stands, its sections, what is missing, what comes next."""
    application = with_submissions(get_application(request, key))
    _read_amounts(application)
    sections = completeness.sections(application)
    submission = next(iter(application.submissions.all()), None)
    context = {
        **standing(application, request.user, sections),
        "facts": facts(application),
        "sections": sections,
        "remarks": completeness.remarks_on(application),
        "notices": form_moves.notices(application),
        "submission": submission,
        "unread": exchanges.unread(request.user, [application])[application.pk] if submission else 0,
        "documents": produced_documents(application),
    }
    return render(request, "applications/detail.html", context)


def standing(application, user, states):
    """What the pages of a dossier share: where it stands, how far it is, and what this person may do next."""
    rights = rules.rights(user, application)
    unfiled = application.state in UNFILED
    is_late = application.due_at <= application.seen_at
    near = is_near(application, application.seen_at)
    awaited = application.state == State.AWAITING_VISA or near
    return {
        "application": application,
        "standing": progress.standing_of(application),
        "progress": progress.progress(states),
        "missing": completeness.gaps(states),
        "rights": rights,
        "is_late": is_late,
        "is_near": near,
        "unfiled": unfiled,
        "editable": rights.write and not actions.why_not_writable(application, user),
        "filers": who_can_file(application) if unfiled and awaited and not (is_late or rights.file) else None,
    }


def _read_amounts(application):
    """Read the money once, for its section and for the facts."""
    kinds = {section["kind"] for section in application.form.sections} & {"financing", "savings"}
    prefetch_related_objects([application], *(tables.TABLES[kind].rows for kind in kinds))


def facts(application):
    """(label, value) pairs that a dossier begins with."""
    kinds = {section["kind"] for section in application.form.sections}
    known = [
        ("Appel à projets", application.call.title),
        ("Organisme porteur", application.organisation.name),
        ("Date limite de dépôt", deadline_text(application.due_at)),
    ]
    for kind in ("financing", "savings"):
        if kind in kinds:
            table = tables.TABLES[kind]
            lines = table.lines(application)
            known += [
                (label, euros(amount) if lines else "pas encore saisi")
                for label, amount in table.totals(lines)
            ]
    return known


def produced_documents(application):
    """(name, label, document) of each PDF of the standing submission."""
    submission = application.submissions.first()
    return documents_of(submission) if submission else []


def documents_of(submission):
    """(name, label, document) of each PDF of a submission."""
    asked = ProducedDocument.objects.filter(kind__in=DOCUMENTS.values(), subject_key=str(submission.pk))
    found = {document.kind: document for document in asked.select_related("file").order_by("revision")}
    return [(name, LABELS[name], found.get(kind)) for name, kind in DOCUMENTS.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def change_identity(request, key):
    """Rename the project, or change its themes."""
    application = get_application(request, key)
    require(rules.can_write(request.user, application))
    actions.refuse_unless_writable(application, request.user)
    form = ApplicationForm(
        request.POST or None, instance=application, call=application.call, user=request.user
    )
    if form.is_valid():
        actions.change_identity(get_application(request, key), by=request.user, **form.cleaned_data)
        messages.success(request, "L’identité du projet est enregistrée.")
        return redirect(application)
    return render(
        request,
        "applications/change_identity.html",
        {"application": get_application(request, key), "form": form},
    )


def get_document(submission, name):
    """The label and the PDF of this name of a submission, or 404."""
    for each, label, document in documents_of(submission) if submission else ():
        if each == name and document:
            return label, document
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def document(request, key, name):
    """How far a PDF of this dossier is; asked again by the page until it is ready."""
    application = get_application(request, key)
    label, produced = get_document(application.submissions.first(), name)
    return show_progress(request, produced, label=label, back=application.get_absolute_url())


@require_safe
def download(request, key, name):
    """A PDF of this dossier."""
    application = get_application(request, key)
    label, produced = get_document(application.submissions.first(), name)
    if produced.file is None:
        raise Http404
    return serve(produced.file, name=f"{application.reference} {label}.pdf")
