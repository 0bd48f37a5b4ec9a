"""The secretariat's side of the exchanges on a filed dossier."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, exchanges, rules
from applications.difference import differences
from applications.exchange_forms import ClarificationForm, DueForm
from applications.models import Application
from applications.views.clarifying import asked_of
from applications.views.exchanges import exchange, mark_read, posted_message, serve_file
from journal.refusals import refuse_unless, require
from selection import desk, eligibility
from selection.lifecycle import OUTCOMES, State
from selection.message_templates import known_fields, listed, offered
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def message_list(request, reference):
    """What was said with the carrier, and a form to write to it."""
    submission = get_submission(request, reference)
    application = submission.application
    may_write = rules.is_its_secretariat(request.user, application)
    form = posted_message(request, application, may_write)
    if form and form.is_valid() and (left := known_fields(form.cleaned_data["text"])):
        form.add_error("text", f"Écrivez ce que le porteur doit lire à la place de {listed(left)}.")
    if form and form.is_valid():
        files = form.stored()
        with keeping(form):
            actions.write_to_carrier(application, files=files, by=request.user, **form.said())
            messages.success(request, "Votre message est envoyé : le porteur est prévenu par courriel.")
            return redirect("selection:messages", reference)
    templates, text = offered(application.call.fund, application.case, request.GET.get("modele"))
    context = exchange(request, application, form, may_write=may_write, by_secretariat=True) | {
        **frame(application, "messages"),
        "submission": submission,
        "told": exchanges.people_of(application),
        "templates": templates,
    }
    if application.case.withdrawn:
        context["new"] = 0  # nothing to say that one has read: the exchanges are closed
    if context["form"] and not form:
        context["form"].initial["text"] = text
    return render(request, "selection/messages.html", context, status=status_of(form))


@require_POST
def messages_read(request, reference):
    """Note how far someone of the fund has read."""
    application = get_submission(request, reference).application
    mark_read(request, application)
    return redirect("selection:messages", reference)


@require_safe
def message_file(request, reference, pk, file_pk):
    """A file joined to a message."""
    return serve_file(get_submission(request, reference).application, pk, file_pk)


# Asking for more


SETTLED = OUTCOMES | {State.INELIGIBLE, State.NOT_SHORTLISTED}


def why_not_asked(application):
    """Why nothing more may be asked on a dossier, in a sentence; empty when it may be."""
    case = application.case
    if case.state == State.ON_AGENDA:
        return (
            "Ce dossier est inscrit à l’ordre du jour d’une séance : le comité le lit tel qu’il est déposé, et rien"
            " ne s’y demande plus. Pour demander des compléments, retirez-le d’abord de l’ordre du jour."
        )
    if case.state in SETTLED:
        return "Ce dossier n’est plus en instruction : ses compléments ne se demandent plus."
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def clarify(request, reference):
    """Ask for more on some sections of what was filed; while it is awaited, what was asked and what may be done."""
    submission = get_submission(request, reference)
    application = submission.application
    may_ask = rules.is_its_secretariat(request.user, application)
    settled = desk.why_given_up(application) or why_not_asked(application)
    form = None
    if request.method == "POST":
        require(may_ask)
        refuse_unless(not settled, settled)
    if may_ask and not settled and application.state != Application.State.CLARIFYING:
        posted = request.POST if request.method == "POST" else None
        form = ClarificationForm(
            posted,
            sections=submission.content["sections"],
            initial={"text": _asked_for(request, application)},
        )
    if form and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("questions", "text", "due_at")}
        with keeping(form):
            actions.ask_clarification(application, by=request.user, **asked)
            messages.success(request, "Le porteur est prévenu : les sections nommées lui sont rouvertes.")
            return redirect("selection:clarify", reference)
    refuse_unless(request.method != "POST" or form, "Des compléments sont déjà demandés sur ce dossier.")
    context = asked_of(application) | {
        **frame(application, "clarify"),
        "submission": submission,
        "form": form,
        "may_ask": may_ask,
        "settled": settled,
        "told": exchanges.people_of(application) | exchanges.certifiers_of(application),
    }
    return render(request, "selection/clarify.html", context, status=status_of(form))


def _asked_for(request, application):
    """A first writing of the request, where it comes from the eligibility check: the rules that are not respected."""
    if request.GET.get("motif") != "recevabilite":
        return ""
    lines = eligibility.unsettled(eligibility.examined(eligibility.current(application.case.pk)))
    return "\n\n".join(f"{line.finding.label} {line.finding.evidence}" for line in lines)


@require_http_methods(["GET", "HEAD", "POST"])
def extend_clarification(request, reference):
    """Give more time to answer."""
    application = get_submission(request, reference, to_act=True).application
    require(rules.is_its_secretariat(request.user, application))
    asked = application.clarifications.open().first()
    refuse_unless(asked, "Aucun complément n’est demandé sur ce dossier.")
    form = DueForm(request.POST or None, after=asked.due_at)
    if form.is_valid():
        with keeping(form):
            actions.extend_clarification(application, due_at=form.cleaned_data["due_at"], by=request.user)
            messages.success(request, "Le délai est prolongé, et le porteur prévenu.")
            return redirect("selection:clarify", reference)
    context = {"application": application, "asked": asked, "form": form}
    return render(request, "selection/extend_clarification.html", context, status=status_of(form))


@require_POST
def call_off_clarification(request, reference):
    application = get_submission(request, reference).application
    actions.call_off_clarification(application, by=request.user)
    messages.success(request, "La demande est levée : le dernier dépôt fait foi, et le porteur est prévenu.")
    return redirect("selection:clarify", reference)


@require_safe
def difference(request, reference, before, after):
    """What one submission changed from another, field by field."""
    application = get_submission(request, reference).application
    former, latter = (get_object_or_404(application.submissions, revision=each) for each in (before, after))
    context = {
        "application": application,
        "former": former,
        "latter": latter,
        "parts": differences(former.content, latter.content),
    }
    return render(request, "selection/difference.html", context)
