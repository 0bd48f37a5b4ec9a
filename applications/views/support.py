"""Support before filing: the carrier's page, and those of the secretariat, which sees no other draft."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_list_or_404, get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from applications import actions, rules, snapshot
from applications.dossier import present
from applications.exchange_forms import DraftRemarksForm, ProposalForm, SupportForm
from applications.lifecycle import UNFILED
from applications.models import Application, Remark, SupportRequest
from applications.views.dossiers import get_application
from calls.models import Call
from calls.rules import can_preview_call, is_in_some_secretariat
from documents.serving import serve
from journal.refusals import require

# The carrier


@require_http_methods(["GET", "HEAD", "POST"])
def support(request, key):
    """Ask the secretariat to read the draft; then what it says of it."""
    application = get_application(request, key)
    may_ask = rules.can_ask_for_support(request.user, application)
    if request.method == "POST":
        require(may_ask)
    form = SupportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.ask_for_support(application, by=request.user, **form.cleaned_data)
        messages.success(request, "Votre demande est envoyée : le secrétariat peut lire ce brouillon.")
        return redirect("applications:support", application.key)
    asked = application.support_requests.select_related("asked_by", "closed_by")
    context = {
        "application": application,
        "form": form,
        "may_ask": may_ask,
        "unfiled": application.state in UNFILED,
        "asked": next((each for each in asked if each.closed_at is None), None),
        "former": [each for each in asked if each.closed_at],
        **said_on(application),
    }
    return render(request, "applications/support.html", context)


@require_POST
def close(request, key):
    """Close the draft to the secretariat again."""
    application = get_application(request, key)
    asked = get_object_or_404(application.support_requests, closed_at=None)
    actions.close_support(asked, by=request.user)
    messages.success(request, "L’accompagnement est terminé : le secrétariat ne lit plus ce brouillon.")
    return redirect("applications:support", application.key)


def said_on(application):
    """The remarks and the proposals of the secretariat, each remark with the title of its section."""
    titles = {section["key"]: section["title"] for section in application.form.sections}
    remarks = application.section_remarks.exclude(kind=Remark.Kind.VISA)
    said = [(titles.get(each.section_key, ""), each) for each in remarks]
    return {
        "remarks": [pair for pair in said if pair[1].kind == Remark.Kind.SUPPORT],
        "proposals": [each for _, each in said if each.kind != Remark.Kind.SUPPORT],
    }


# The secretariat


@require_safe
def support_desk(request):
    """The drafts of one's funds whose writers ask for support, the oldest request first."""
    require(is_in_some_secretariat(request.user))
    drafts = Application.objects.supported_by(request.user)
    asked = SupportRequest.objects.filter(application__in=drafts, closed_at=None).order_by("asked_at")
    asked = asked.select_related("application__call", "application__organisation", "taken_by")
    calls = Call.objects.visible_to(request.user).open().filter(fund__roles__user=request.user).distinct()
    return render(request, "applications/support_desk.html", {"asked": asked, "calls": calls})


def get_supported(request, pk):
    """A support request that runs on a draft this person may read, or 404."""
    drafts = Application.objects.supported_by(request.user)
    asked = SupportRequest.objects.filter(closed_at=None, application__in=drafts)
    return get_object_or_404(
        asked.select_related("application__call__fund", "application__organisation"), pk=pk
    )


def supported_page(request, asked, **forms):
    """The draft as it would be filed now, what was said of it, and what the secretariat may add."""
    application = asked.application
    content = present(snapshot.submission(application))
    context = {
        "asked": asked,
        "application": application,
        "dossier": content,
        "file_prefix": reverse("applications:supported", args=[asked.pk]) + "pieces/",
        "remarks_form": DraftRemarksForm(sections=application.form.sections),
        "proposal_form": ProposalForm(),
        **said_on(application),
        **forms,
    }
    return render(request, "applications/supported.html", context)


@require_safe
def supported(request, pk):
    """One draft, read with its writers' leave."""
    return supported_page(request, get_supported(request, pk))


@require_POST
def take_charge(request, pk):
    asked = get_supported(request, pk)
    actions.take_charge(asked, by=request.user)
    messages.success(request, "Vous suivez ce brouillon : ses rédacteurs en sont prévenus.")
    return redirect("applications:supported", asked.pk)


@require_POST
def comment_draft(request, pk):
    """Keep the remarks on the sections of a draft."""
    asked = get_supported(request, pk)
    form = DraftRemarksForm(request.POST, sections=asked.application.form.sections)
    if not form.is_valid():
        return supported_page(request, asked, remarks_form=form)
    actions.comment_draft(asked, remarks=form.cleaned_data["remarks"], by=request.user)
    messages.success(request, "Vos remarques sont enregistrées, et les rédacteurs prévenus.")
    return redirect("applications:supported", asked.pk)


@require_POST
def propose(request, pk):
    """Name a similar project or an expert."""
    asked = get_supported(request, pk)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return supported_page(request, asked, proposal_form=form)
    actions.propose(asked, by=request.user, **form.cleaned_data)
    messages.success(request, "Votre proposition est enregistrée, et les rédacteurs prévenus.")
    return redirect("applications:supported", asked.pk)


@require_POST
def close_supported(request, pk):
    asked = get_supported(request, pk)
    actions.close_support(asked, by=request.user)
    messages.success(request, "L’accompagnement est terminé : ce brouillon ne vous est plus ouvert.")
    return redirect("applications:support_desk")


@require_safe
def supported_file(request, pk, sha256):
    """A file of a draft that is open to the secretariat."""
    asked = get_supported(request, pk)
    joined = get_list_or_404(asked.application.attachments.select_related("file"), file__sha256=sha256)
    return serve(joined[0].file, name=joined[0].name)


@require_safe
def draft_counts(request, slug):
    """How many drafts a call has, by kind of carrier: all that the secretariat knows of those it is not shown."""
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    require(can_preview_call(request.user, call))
    drafts = Application.objects.unfiled().filter(call=call, submissions=None)
    kinds = dict(Organisation.Kind.choices)
    by_kind = drafts.values_list("organisation__kind").annotate(count=Count("pk")).order_by("-count")
    counts = [(kinds[kind], count) for kind, count in by_kind]
    context = {"call": call, "counts": counts, "total": sum(count for _, count in counts)}
    return render(request, "applications/draft_counts.html", context)
