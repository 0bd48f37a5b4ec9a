"""The carrier's side of a dossier."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions, completeness, form_actions, form_moves, portfolio, rules
from applications.certifiers import filed_by, who_can_file
from applications.forms import ApplicationForm
from applications.lifecycle import State
from applications.models import Application
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


def get_application(request, key):
    """A dossier this person may see, or 404; before anything is written in it, under the last form of its call."""
    seen = Application.objects.visible_to(request.user).with_deadline()
    seen = seen.select_related("call__fund", "organisation__supervising_ministry", "round", "form")
    application = get_object_or_404(seen, key=key)
    if request.method == "POST" and application.form != form_actions.current_form(application):
        form_actions.follow_form(application)
        application = get_object_or_404(seen, key=key)
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
    return render(request, "applications/create.html", context)


@require_safe
def detail(request, key):
    """The task list of a dossier: its sections, what is missing, what comes next."""
    application = get_application(request, key)
    sections = completeness.sections(application)
    submission = application.submissions.first()
    context = {
        "application": application,
        "facts": facts(application),
        "sections": sections,
        "complete_count": sum(section.complete for section in sections),
        "asked_count": sum(section.asked for section in sections),
        "missing": completeness.gaps(sections),
        "notices": form_moves.notices(application),
        "submission": submission,
        "submissions": application.submissions.all(),
        "documents": produced_documents(application),
        "is_late": application.due_at <= clock.now(),
        "unfiled": application.state in (State.DRAFT, State.AWAITING_VISA),
        "editable": not actions.why_not_writable(application, request.user),
        "can_write": rules.can_write(request.user, application),
        "can_file": rules.can_file(request.user, application),
        "can_withdraw": rules.can_withdraw(request.user, application),
        "can_return": rules.can_return(request.user, application),
        "filers": who_can_file(application),
        "filed_by": filed_by(submission) if submission else "",
    }
    return render(request, "applications/detail.html", context)


def facts(application):
    """(label, value) pairs that a dossier begins with."""
    kinds = {section["kind"] for section in application.form.sections}
    known = [
        ("Appel à projets", application.call.title),
        ("Organisme porteur", application.organisation.name),
        ("Date limite de dépôt", deadline_text(application.due_at)),
    ]
    if "financing" in kinds:
        known += [
            ("Subvention demandée", euros(application.requested_grant)),
            ("Coût total du projet", euros(application.total_cost)),
        ]
    if "savings" in kinds:
        known.append(("Économies attendues", euros(application.promised_savings)))
    return known


def produced_documents(application):
    """(name, label, document) of each PDF of the standing submission."""
    submission = application.submissions.first()
    if submission is None:
        return []
    labels = {"accuse": "Accusé de dépôt", "dossier": "Dossier déposé"}
    key = str(submission.pk)
    return [
        (name, labels[name], ProducedDocument.objects.latest(kind, key)) for name, kind in DOCUMENTS.items()
    ]


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


def get_document(request, key, name):
    application = get_application(request, key)
    found = {each: (label, document) for each, label, document in produced_documents(application)}
    if name not in found or found[name][1] is None:
        raise Http404
    return application, *found[name]


@require_http_methods(["GET", "HEAD", "POST"])
def document(request, key, name):
    """How far a PDF of this dossier is; asked again by the page until it is ready."""
    application, label, produced = get_document(request, key, name)
    return show_progress(request, produced, label=label, back=application.get_absolute_url())


@require_safe
def download(request, key, name):
    """A PDF of this dossier."""
    application, label, produced = get_document(request, key, name)
    if produced.file is None:
        raise Http404
    return serve(produced.file, name=f"{application.reference} {label}.pdf")
