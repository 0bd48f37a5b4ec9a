"""One act on many dossiers: chosen, previewed, confirmed, reported row by row."""

import secrets

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.rules import is_in_some_secretariat
from journal.refusals import require
from selection import batches, desk, message_templates, rules
from selection.actions import batches as actions
from selection.forms.batches import DETAILS, SelectionForm
from selection.models import Batch, BatchRow

SALT = "selection.batch"
SHOWN = 200  # rows of a preview
State = BatchRow.State


@require_http_methods(["GET", "HEAD", "POST"])
def new_batch(request):
    """Choose dossiers and an act, say what exactly, see what it will do: three steps, and nothing is changed yet.

    The list of dossiers comes in here too, with the boxes that were ticked or its whole query.
    """
    require(is_in_some_secretariat(request.user))
    if request.method != "POST":
        asked = {"references": "\n".join(request.GET.getlist("reference")), "act": request.GET.get("act")}
        form = SelectionForm(user=request.user, initial=asked)
        return render(request, "selection/new_batch.html", {"form": form})
    selection = {"references": references_of(request), "act": request.POST.get("act", "")}
    form = SelectionForm(selection, user=request.user)
    if not form.is_valid():
        return render(request, "selection/new_batch.html", {"form": form})
    return detailed(request, form)


def references_of(request):
    """What was typed, ticked, or the whole of a list, as text."""
    found = [request.POST.get("references", ""), *request.POST.getlist("reference")]
    if query := request.POST.get("all"):
        found += batches.listed(request.user, query)
    return "\n".join(found)


def detailed(request, selection):
    """The second step, until it is complete; then the third."""
    act = Batch.Act(selection.cleaned_data["act"])
    step = request.POST.get("step")
    typed = request.POST.dict() if step == "edit" else {}
    form = DETAILS[act](
        request.POST if step == "details" else None,
        fund=selection.fund,
        initial={**typed, "references": selection.cleaned_data["references"], "act": act, "step": "details"},
    )
    if form.is_valid():
        return previewed(request, selection, act, form)
    context = {"form": form, "act": act, "count": len(selection.cases), "unknown": selection.unknown}
    return render(request, "selection/batch_details.html", context)


def previewed(request, selection, act, form):
    """What will be done to how many, which cannot and why; what is confirmed is just this."""
    cases, given = selection.cases, form.given()
    reasons = batches.why_not(act, cases, given, request.user)
    able = [case for case in cases if case.pk not in reasons]
    unable = [(case, reasons[case.pk]) for case in cases if case.pk in reasons]
    if act == Batch.Act.ASSIGN:
        given["before"] = {str(case.pk): case.officer_id for case in cases if case.officer_id}
    rows = [(case.application_id, case.state, reasons.get(case.pk, "")) for case in cases]
    asked = {"by": request.user.pk, "fund": selection.fund.pk, "act": act, "given": given, "rows": rows}
    asked["nonce"] = secrets.token_urlsafe(16)
    context = {
        "act": act,
        "given": given,
        "able": able[:SHOWN],
        "able_count": len(able),
        "unable": unable[:SHOWN],
        "unable_count": len(unable),
        "unknown": selection.unknown,
        "later": len(cases) > batches.AT_ONCE,
        "unexamined": len(cases) > batches.EXAMINED and act in (Batch.Act.ASSIGN, Batch.Act.ELIGIBLE),
        "example": example(given["text"], able[0]) if act == Batch.Act.MESSAGE and able else "",
        "signed": signing.dumps(asked, salt=SALT, compress=True),
        "typed": form.own_fields(),
    }
    return render(request, "selection/batch_preview.html", context)


def example(text, case):
    return message_templates.fill(text, message_templates.values_of([case])[case.application_id])


@require_POST
def confirm_batch(request):
    """Do what was previewed, at once where it is short, else in the worker. Sent twice, it is done once."""
    require(is_in_some_secretariat(request.user))
    try:
        asked = signing.loads(request.POST.get("signed", ""), salt=SALT)
    except signing.BadSignature:
        asked = {}
    if asked.get("by") != request.user.pk:
        messages.error(request, "Cet aperçu ne peut plus être confirmé : rien n’a été fait. Recommencez-le.")
        return redirect("selection:new_batch")
    fund = get_object_or_404(desk.funds_of(request.user), pk=asked["fund"])
    what = {name: asked[name] for name in ("act", "given", "rows", "nonce")}
    batch = actions.ask_batch(fund, by=request.user, **what)
    if len(asked["rows"]) <= batches.AT_ONCE:
        while actions.do_next(batch):
            pass
    return redirect("selection:batch", batch.pk)


@require_safe
def batch_list(request):
    """The acts on many that one asked, or, with `de=tous`, those of the whole secretariat."""
    require(rules.reads_some_fund(request.user))
    found = batches.readable_by(request.user)
    everyone = request.GET.get("de") == "tous"
    if not everyone:
        found = found.filter(asked_by=request.user)
    found = found.order_by("-pk")
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "everyone": everyone,
        "query": "de=tous&" if everyone else "",
        "may_ask": is_in_some_secretariat(request.user),
    }
    return render(request, "selection/batches.html", context)


@require_safe
def batch(request, pk):
    """What became of each dossier of an act on many, and how far it is."""
    found = get_object_or_404(batches.readable_by(request.user), pk=pk)
    rows = batches.rows_readable_by(request.user, found)
    counts = dict.fromkeys(State.values, 0)
    counts |= dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("etat", "")
    if state in State.values:
        rows = rows.filter(state=state)
    context = {
        "batch": found,
        "page": Paginator(rows, 100).get_page(request.GET.get("page")),
        "counts": counts,
        "total": sum(counts.values()),
        "over": counts[State.DONE] + counts[State.REFUSED],
        "state": state,
        "query": f"etat={state}&" if state in State.values else "",
    }
    template = "selection/batch_progress.html" if request.htmx else "selection/batch.html"
    return render(request, template, context)
