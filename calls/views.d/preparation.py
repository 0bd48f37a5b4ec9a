"""The public pages of calls, and the secretariat's preparation of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calls import actions, readiness, rules, summary
from calls.forms import CallForm, CriteriaFormSet, DeadlineForm, DocumentForm
from calls.models import Call, CallDocument
from calls.rows import bound
from documents import storage
from documents.serving import serve
from journal import clock
from journal.refusals import require

# Public


@login_not_required
@require_GET
def call_list(request):
    """The calls that are open, those to come, and the past ones."""
    calls = Call.objects.public().with_deadline().select_related("fund")
    return render(
        request,
        "calls/list.html",
        {
            "open_calls": calls.open().order_by("closes_at"),
            "upcoming_calls": calls.upcoming().order_by("opens_at"),
            "closed_calls": calls.closed().order_by(F("opens_at").desc(nulls_last=True), "code"),
        },
    )


@login_not_required
@require_GET
def call_detail(request, slug):
    """Everything one must know before applying: dates, criteria, rules, documents, questions of the form."""
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("fund"), slug=slug)
    now = clock.now()
    is_open = Call.objects.open().filter(pk=call.pk).exists()
    context = {
        "call": call,
        "facts": summary.facts(call),
        "key_dates": summary.key_dates(call, now=now),
        "criteria": call.criteria.all(),
        "documents": call.documents.select_related("file"),
        "is_open": is_open,
        "can_apply": is_open and (not request.user.is_authenticated or rules.can_apply(request.user)),
        "now": now,
        "can_prepare": rules.can_prepare_call(request.user, call),
    }
    return render(request, "calls/detail.html", context)


@login_not_required
@require_GET
def call_document(request, slug, pk):
    """Hand out a file of a call one may see."""
    calls = Call.objects.visible_to(request.user)
    document = get_object_or_404(CallDocument, pk=pk, call__slug=slug, call__in=calls)
    return serve(document.file, name=document.name)


# The secretariat


@require_GET
def preparation_list(request):
    """The calls of one's funds, drafts first."""
    require(rules.is_in_some_secretariat(request.user))
    calls = (
        Call.objects.prepared_by(request.user).filter(imported=False).with_deadline().select_related("fund")
    )
    return render(request, "calls/preparation_list.html", {"calls": calls.order_by("state", "-opens_at")})


@require_http_methods(["GET", "POST"])
def prepare_call(request):
    """Begin a call: identity, calendar and money rules."""
    require(rules.is_in_some_secretariat(request.user))
    form = CallForm(request.POST or None, user=request.user)
    if form.is_valid():
        call = actions.prepare_call(by=request.user, **form.cleaned_data)
        messages.success(request, "L’appel est créé. Complétez ses critères et son cahier des charges.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/prepare_call.html", {"form": form})


@require_GET
def preparation(request, slug):
    """Where a call stands: what is ready, what is missing, who may publish it."""
    call = get_draftable(request.user, slug)
    context = {
        "call": call,
        "facts": summary.facts(call),
        "key_dates": summary.key_dates(call, now=clock.now()),
        "criteria": call.criteria.all(),
        "documents": call.documents.select_related("file"),
        "missing": readiness.missing(call),
        "can_publish": rules.can_publish_call(request.user, call),
    }
    return render(request, "calls/preparation.html", context)


@require_http_methods(["GET", "POST"])
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


@require_http_methods(["GET", "POST"])
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


@require_http_methods(["GET", "POST"])
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


@require_http_methods(["GET", "POST"])
def publish_call(request, slug):
    """Ask the head for a confirmation, then publish."""
    call = get_draftable(request.user, slug)
    require(rules.can_publish_call(request.user, call))
    if request.method == "POST":
        actions.publish_call(call, by=request.user)
        messages.success(request, "L’appel est publié.")
        return redirect(call)
    return render(request, "calls/publish_call.html", {"call": call, "missing": readiness.missing(call)})


@require_http_methods(["GET", "POST"])
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
