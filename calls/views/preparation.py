"""The secretariat's preparation of a call, until it is public."""

from django.contrib import messages
from django.db.models import Case, When
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls import readiness, rules, steps, summary
from calls.actions import preparation as actions
from calls.forms.editor import IdentityForm
from calls.forms.preparation import DeadlineForm, DocumentForm
from calls.models import Call
from calls.standing import standing
from documents import storage
from journal import clock
from journal.refusals import require

SUBMITTED_FIRST = Case(When(state=Call.State.SUBMITTED, then=0), default=1)


@require_safe
def preparation_list(request):
    """The calls of one's funds: those that await a head first, then the drafts."""
    require(rules.is_in_some_secretariat(request.user))
    calls = Call.objects.prepared_by(request.user).filter(imported=False).select_related("fund")
    return render(
        request,
        "calls/preparation_list.html",
        {"calls": calls.order_by(SUBMITTED_FIRST, "state", "-opens_at"), "now": clock.now()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def prepare_call(request):
    """Begin a call with its identity; the steps of the editor come next."""
    require(rules.is_in_some_secretariat(request.user))
    form = IdentityForm(request.POST or None, user=request.user)
    if form.is_valid():
        call = actions.prepare_call(by=request.user, **form.cleaned_data)
        messages.success(request, "L’appel est créé. Voici ce qu’il reste à faire, étape par étape.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/prepare_call.html", {"form": form})


@require_safe
def preparation(request, slug):
    """Where a call stands: each step of its preparation, what is missing, who may publish it."""
    call = get_draftable(request.user, slug)
    if call.in_preparation:
        return render(request, "calls/preparation_steps.html", review(request, call))
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


def review(request, call):
    """The steps of a call in preparation, how far each is, and where the whole stands on its way to the public."""
    gaps = readiness.gaps(call)
    tasks = readiness.progress(call, gaps)
    return {
        "call": call,
        "editable": call.state == Call.State.DRAFT,
        "tasks": tasks,
        "ready": sum(task.state != "to_do" for task in tasks),
        "missing": [(gap.sentence, gap.address(call)) for gap in gaps if gap.blocking],
        "advice": [(gap.sentence, gap.address(call)) for gap in gaps if not gap.blocking],
        "standing": standing(call, request.user),
    }


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
        return redirect("calls:add_document", call.slug)
    step = steps.named("documents")
    context = {
        "call": call,
        "form": form,
        "step": step,
        "menu": steps.menu(call, step),
        "next_title": steps.following(step).title,
        "next_url": steps.following(step).address(call),
        "documents": call.documents.select_related("file"),
    }
    return render(request, "calls/add_document.html", context)


@require_POST
def remove_document(request, slug, pk):
    """Take a file off a draft call."""
    call = get_draftable(request.user, slug)
    actions.remove_document(get_object_or_404(call.documents, pk=pk), by=request.user)
    messages.success(request, "Le document est retiré.")
    return redirect("calls:add_document", call.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def postpone_deadline(request, slug):
    """Postpone the next deadline of a published call, or say that the last one is past."""
    call = get_draftable(request.user, slug)
    to_come = call.rounds.filter(closes_at__gt=clock.now()).order_by("number").first()
    last = to_come or get_object_or_404(call.rounds.order_by("-number")[:1])
    form = DeadlineForm(request.POST or None, last=last)
    if form.is_valid():
        actions.postpone_deadline(last, closes_at=form.closes_at(), by=request.user)
        messages.success(request, "La date limite est reportée.")
        return redirect("calls:preparation", call.slug)
    context = {"call": call, "last": last, "form": form, "several": call.rounds.count() > 1}
    return render(request, "calls/postpone_deadline.html", context)


def get_draftable(user, slug):
    """A call this person may see and prepare; 404 or 403 otherwise."""
    call = get_object_or_404(Call.objects.visible_to(user).select_related("fund"), slug=slug)
    require(rules.can_prepare_call(user, call))
    return call
