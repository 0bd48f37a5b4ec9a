"""The shortlist of a call: chosen little by little, previewed, then drawn."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from calls.paging import page_of
from calls.views.preparation import get_draftable
from journal.refusals import refuse_unless
from selection import shortlisting
from selection.access import reads_every_decision
from selection.actions import shortlist as actions
from selection.dashboard import list_url
from selection.forms.shortlist import ChoiceForm
from selection.lifecycle import State
from selection.models import Review

PER_PAGE = 25
AT_MOST = 20  # dossiers named beside what is chosen; the others are counted, and are in the list
PREVIEWED = 200  # rows of each group of a preview
DIGITS = 18  # of a primary key


@require_http_methods(["GET", "HEAD", "POST"])
def shortlist(request, slug):
    """Choose, among the reviewed dossiers of a call, those the committee will hear of; what is chosen is kept."""
    call = get_draftable(request.user, slug)
    refuse_unless(call.has_shortlist, "Cet appel ne prévoit pas de présélection.")
    cases = shortlisting.ranked(call, request.user)
    if request.method == "POST":
        posted = [int(pk) for pk in request.POST.getlist("case") if pk.isdecimal() and len(pk) < DIGITS]
        forms = _forms(cases.filter(pk__in=posted), request.POST)
        if all(form.is_valid() for form in forms):
            choices = {form.case.pk: form.chosen() for form in forms}
            clashes, gone = actions.keep_choices(call, choices, by=request.user)
            if not clashes:
                return _kept(request, call, gone + len(posted) - len(choices))
            for form in forms:
                _tell_of_clash(form, clashes)
        page = None
    else:
        page = page_of(request, cases, per_page=PER_PAGE)
        forms = _forms(page.object_list)
    context = _context(request, call, cases) | {"forms": forms, "page": page}
    return render(request, "selection/shortlist.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def shortlist_preview(request, slug):
    """What is about to be drawn, who is missing, what it comes to; a POST draws it."""
    call = get_draftable(request.user, slug)
    refuse_unless(call.has_shortlist, "Cet appel ne prévoit pas de présélection.")
    cases = shortlisting.ranked(call, request.user)
    if request.method == "POST":
        count = actions.draw_shortlist(call, seen=request.POST.get("seen", ""), by=request.user)
        messages.success(
            request,
            ngettext("%d dossier est présélectionné.", "%d dossiers sont présélectionnés.", count) % count,
        )
        return redirect("selection:shortlist", slug)
    chosen = list(cases)
    shown = [case for case in chosen if not case.blind]
    context = _context(request, call, cases) | {
        "seen": shortlisting.seal(chosen),
        "groups": [
            group("Présélectionnés", [case for case in shown if case.shortlist_choice]),
            group("Écartés", [case for case in shown if case.shortlist_choice is False]),
            group("À décider", [case for case in shown if case.shortlist_choice is None]),
        ],
    }
    return render(request, "selection/shortlist_preview.html", context)


def group(title, cases):
    return title, cases[:PREVIEWED], len(cases)


def some(cases):
    """The first of these cases, how many they are, and how many are not named."""
    first = list(cases[: AT_MOST + 1])
    count = len(first) if len(first) <= AT_MOST else cases.count()
    return {"first": first[:AT_MOST], "count": count, "more": max(count - AT_MOST, 0)}


def _forms(cases, data=None):
    """The choices of those that this person may judge: of the others, not even what a colleague chose is told."""
    cases = list(cases.exclude(blind=True)) if data else [case for case in cases if not case.blind]
    syntheses = shortlisting.syntheses(cases)
    return [ChoiceForm(data, case=case, synthesis=syntheses.get(case.pk, "")) for case in cases]


def _kept(request, call, gone):
    if gone:
        messages.warning(
            request,
            ngettext(
                "%d dossier n’est plus en instruction : ce que vous en aviez choisi n’est pas gardé.",
                "%d dossiers ne sont plus en instruction : ce que vous en aviez choisi n’est pas gardé.",
                gone,
            )
            % gone,
        )
    messages.success(request, "Vos choix et leurs motifs sont enregistrés. Rien n’est encore arrêté.")
    if "preview" in request.POST:
        return redirect("selection:shortlist_preview", call.slug)
    return redirect(request.get_full_path())


def _tell_of_clash(form, clashes):
    """Show beside what was typed what a colleague wrote; saving again then keeps what is on the page."""
    for case in clashes:
        if case.pk == form.case.pk:
            choice = {True: "présélectionner", False: "écarter", None: "à décider"}[case.shortlist_choice]
            reason = case.shortlist_reason or "sans motif"
            form.add_error(
                "reason",
                f"Un collègue a écrit entre-temps : {choice}, « {reason} ». Vos choix sur ce dossier sont"
                " ci-dessous, pas encore enregistrés : corrigez-les s’il le faut, puis enregistrez de nouveau.",
            )
            form.data = form.data.copy()
            form.data[form.add_prefix("read")] = shortlisting.mark(case)


def _context(request, call, cases):
    purse, left = shortlisting.envelope_of(call)
    if purse and not reads_every_decision(request.user, purse):
        left = None
    totals = shortlisting.totals(cases)
    return {
        "call": call,
        "totals": totals,
        "purse": purse,
        "left": left,
        "beyond": None if left is None else max((totals["proposed"] or 0) - left, 0),
        "hidden": some(cases.filter(blind=True)),
        "unfinished": some(shortlisting.unfinished(call, request.user)),
        "unfinished_url": list_url(call, evaluation="inachevees"),
        "unbegun_url": list_url(call, etat=State.ELIGIBLE),
        "recommendations": dict(Review.Recommendation.choices),
        "drawn": Paginator(shortlisting.drawn(call, request.user), 2 * PER_PAGE).get_page(
            request.GET.get("arretes")
        ),
    }
