"""The public pages of calls."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from calls import rules, summary
from calls.models import Call, CallDocument
from documents.serving import serve
from journal import clock


@login_not_required
@require_GET
def call_list(request):
    """The calls that are open, those to come, and the past ones."""
    calls = Call.objects.public().select_related("fund")
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
