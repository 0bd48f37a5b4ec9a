"""The secretariat's preparation of a call, until it is public."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls import rules, summary
from calls.actions import preparation as actions
from calls.forms.carriers import CarriersFormSet
from calls.forms.preparation import CallForm, CriteriaFormSet, DeadlineForm, DocumentForm
from calls.models import Call
from calls.rows import bound
from calls.standing import standing
from documents import storage
from journal import clock
from journal.refusals import require


@require_safe
def preparation_list(request):
    """The calls of one's funds, drafts first."""
    require(rules.is_in_some_secretariat(request.user))
    calls = Call.objects.prepared_by(request.user).filter(imported=False).select_related("fund")
    return render(
        request,
        "calls/preparation_list.html",
        {"calls": calls.order_by("state", "-opens_at"), "now": clock.now()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def prepare_call(request):
    """Begin a call: identity, calendar and money rules."""
    require(rules.is_in_some_secretariat(request.user))
    form = CallForm(request.POST or None, user=request.user)
    if form.is_valid():
        call = actions.prepare_call(by=request.user, **form.cleaned_data)
        messages.success(request, "L’appel est créé. Complétez ses critères et son cahier des charges.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/prepare_call.html", {"form": form})


@require_safe
def preparation(request, slug):
    """Where a call stands: what is ready, what is missing, who may publish it."""
    call = get_draftable(request.user, slug)
    context = {
        "call": call,
        "facts": summary.facts(call),
        "key_dates": summary.key_dates(call, now=clock.now()),
        "criteria": call.criteria.all(),
        "carriers": summary.carriers(call),
        "corrections": call.corrections.select_related("form"),
        "documents": call.documents.select_related("file"),
        "standing": standing(call, request.user),
    }
    return render(request, "calls/preparation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_call(request, slug):
    """Change a draft call."""
    call = get_draftable(request.user, slug)
    form = CallForm(request.POST or None, instance=call, user=request.user)
    if form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "fund"}
        call = actions.change_call(call, by=request.user, **fields)
        messages.success(request, "Les changements sont enregistrés.")
        return redirect("calls:preparation", call.slug)
    return render(
        request, "calls/change_call.html", {"call": get_draftable(request.user, slug), "form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def set_criteria(request, slug):
    """Write the criteria; their weights must make 100 %."""
    call = get_draftable(request.user, slug)
    written = list(call.criteria.values("label", "weight", "guidance"))
    formset, complete = bound(CriteriaFormSet, request, written=written, blank=4)
    if complete:
        actions.set_criteria(call, formset.rows(), by=request.user)
        messages.success(request, "Les critères sont enregistrés.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/set_criteria.html", {"call": call, "formset": formset})


@require_http_methods(["GET", "HEAD", "POST"])
def set_carriers(request, slug):
    """Say which kinds of bodies may apply, each with its own amounts."""
    call = get_draftable(request.user, slug)
    written = list(call.carrier_rules.values("kind", "threshold", "ceiling"))
    formset, complete = bound(CarriersFormSet, request, written=written)
    if complete:
        actions.set_carrier_rules(call, formset.rows(), by=request.user)
        messages.success(request, "Les natures d’organisme admises sont enregistrées.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/set_carriers.html", {"call": call, "formset": formset})


@require_http_methods(["GET", "HEAD", "POST"])
def add_document(request, slug):
    """Attach the cahier des charges or an annex."""
    call = get_draftable(request.user, slug)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        file = storage.store(upload.chunks(), content_type=form.content_type)
        fields = {name: form.cleaned_data[name] for name in ("kind", "title")}
        actions.add_document(call, file=file, name=upload.name, by=request.user, **fields)
        messages.success(request, "Le document est ajouté.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/add_document.html", {"call": call, "form": form})


@require_POST
def remove_document(request, slug, pk):
    """Take a file off a draft call."""
    call = get_draftable(request.user, slug)
    actions.remove_document(get_object_or_404(call.documents, pk=pk), by=request.user)
    messages.success(request, "Le document est retiré.")
    return redirect("calls:preparation", call.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def postpone_deadline(request, slug):
    """Postpone the deadline of a published call."""
    call = get_draftable(request.user, slug)
    last = get_object_or_404(call.rounds.order_by("-number")[:1])
    form = DeadlineForm(request.POST or None, last=last)
    if form.is_valid():
        actions.postpone_deadline(last, closes_at=form.closes_at(), by=request.user)
        messages.success(request, "La date limite est reportée.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/postpone_deadline.html", {"call": call, "last": last, "form": form})


def get_draftable(user, slug):
    """A call this person may see and prepare; 404 or 403 otherwise."""
    call = get_object_or_404(Call.objects.visible_to(user).select_related("fund"), slug=slug)
    require(rules.can_prepare_call(user, call))
    return call
