"""The public pages of calls."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls import rules, summary
from calls.call_filters import CallFilterSet
from calls.countdown import countdown_of
from calls.models import Call, CallDocument
from calls.paging import page_of
from calls.questionnaire.definition import BLANK_FORM
from calls.questionnaire.report import filling_time
from calls.views.events import call_events
from calls.views.questions import last_answers
from documents.models import ProducedDocument
from documents.serving import serve
from journal import clock


@login_not_required
@require_safe
def call_list(request):
    """The calls that are open, those to come and the past ones, by whatever narrows them."""
    filters = CallFilterSet(request.GET, Call.objects.public())
    page = page_of(request, *filters.ordered())
    prefetch_related_objects(page.object_list, "carrier_rules")
    now = clock.now()
    for call in page:
        call.countdown = countdown_of(call, now)
    context = {
        "filters": filters,
        "page": page,
        "by_deadline": "tri" not in filters.values,
        "nothing_open": not filters.values and page.paginator.counts[0] == 0,
        "unknown_kept": filters.values.keys() & {"porteur", "montant"},
    }
    return render(request, "calls/list.html", context)


@login_not_required
@require_safe
def call_detail(request, slug):
    """Everything one must know before applying: dates, criteria, rules, documents, questions of the form."""
    calls = Call.objects.visible_to(request.user).select_related("fund", "programme")
    call = get_object_or_404(calls, slug=slug)
    now, form = clock.now(), call.form_versions.order_by("-number").first()
    known = call.is_known_at(now)
    countdown = countdown_of(call, now) if known else None
    is_open = countdown is not None and countdown.state == "open"
    context = {
        "call": call,
        "known": known,
        "countdown": countdown,
        "is_open": is_open,
        "is_upcoming": countdown is not None and countdown.state == "upcoming",
        "key_dates": summary.key_dates(call, now=now),
        "carriers": summary.carriers(call),
        "rules": summary.rules(call),
        "figures": summary.published_figures(call) if call.imported else [],
        "criteria": call.criteria.all(),
        "form": form,
        "filling_time": filling_time(form.definition) if form else "",
        "blank_form": form and ProducedDocument.objects.latest(BLANK_FORM, str(form.pk)),
        "documents": call.documents.select_related("file"),
        "corrections": call.corrections.select_related("form"),
        "other_calls": other_calls(call),
        **last_answers(call),
        **call_events(call),
        "can_apply": is_open and (not request.user.is_authenticated or rules.can_apply(request.user)),
        "can_prepare": rules.can_prepare_call(request.user, call),
    }
    return render(request, "calls/detail.html", context)


def other_calls(call):
    """The latest calls of the same fund, among those whose opening is known."""
    others = Call.objects.public().filter(fund=call.fund, opens_at__isnull=False).exclude(pk=call.pk)
    return others.order_by("-opens_at")[:4]


@login_not_required
@require_safe
def call_document(request, slug, pk):
    """Hand out a file of a call one may see."""
    calls = Call.objects.visible_to(request.user)
    document = get_object_or_404(CallDocument, pk=pk, call__slug=slug, call__in=calls)
    return serve(document.file, name=document.name)
