"""The whole application form of a call, to be read and printed before signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from calls import rules
from calls.models import Call
from calls.questionnaire.definition import BLANK_FORM, published_definition
from calls.questionnaire.reading import checked, readable
from documents import actions as documents
from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal.refusals import refuse_unless, require

LABEL = "Dossier vierge"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def blank_form(request, slug):
    """Every section, question and table of the form; how far its PDF is, which a POST asks for."""
    call, form = get_form(request.user, slug)
    document = ProducedDocument.objects.latest(BLANK_FORM, str(form.pk)) if form else None
    can_prepare = rules.can_prepare_call(request.user, call)
    if request.method == "POST":
        return order(call, form, document, can_prepare)
    if document and request.htmx:
        if document.state == ProducedDocument.State.FAILED:
            return (
                HttpResponseClientRefresh()
            )  # what to do about it is not the same for everyone: the page knows
        return show_progress(request, document, label=LABEL, back=call.get_absolute_url())
    context = {"call": call, "form": form, "document": document, "can_prepare": can_prepare, "label": LABEL}
    if form or call.in_preparation:
        definition = form.definition if form else published_definition(call, call.form_draft.definition)
        context |= {
            "sections": readable(definition),
            "checks": checked(definition),
            "definition": definition,
        }
    return render(request, "calls/blank_form.html", context)


def order(call, form, document, can_prepare):
    """Whoever needs a PDF that nobody asked for yet may ask; one that failed, the secretariat alone asks again."""
    refuse_unless(form, "Le formulaire de cet appel n’est pas publié.")
    if document is None:
        documents.order(BLANK_FORM, str(form.pk))
    elif document.state == ProducedDocument.State.FAILED:
        require(can_prepare)
        documents.retry(document)
    return redirect("calls:form", call.slug)


@login_not_required
@require_safe
def blank_form_pdf(request, slug):
    """The same, as a PDF."""
    call, form = get_form(request.user, slug)
    made = form and ProducedDocument.objects.latest(BLANK_FORM, str(form.pk))
    if not made or made.file is None:
        raise Http404
    return serve(made.file, name=f"{call.code} dossier vierge.pdf")


def get_form(user, slug):
    """A call one may see, and its form as published (None for a draft or a past call)."""
    call = get_object_or_404(Call.objects.visible_to(user).select_related("fund"), slug=slug)
    return call, call.form_versions.order_by("-number").first()
