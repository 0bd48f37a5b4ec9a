"""The words that letters begin with, as a fund's secretariat changes them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calls.models import FundRole
from journal.refusals import require
from selection import desk, letters, rules
from selection.actions import letter_wordings as actions
from selection.forms.letter_wordings import WordingForm
from selection.models import LetterWording


def get_fund(request, slug):
    """A fund whose secretariat or audit one belongs to, or 404."""
    return get_object_or_404(desk.funds_of(request.user, FundRole.READERS), slug=slug)


@require_safe
def wordings(request, slug):
    """What the letters of each outcome begin with, for all calls, then for those that have their own words."""
    fund = get_fund(request, slug)
    kept = LetterWording.objects.filter(fund=fund).select_related("call", "changed_by")
    kept = list(kept.order_by("call__title", "pk"))
    whole = {each.outcome for each in kept if each.call is None}
    rows = [
        (
            outcome,
            "" if outcome in whole else letters.WORDINGS[outcome],
            [each for each in kept if each.outcome == outcome],
        )
        for outcome in letters.Outcome
    ]
    context = {"fund": fund, "rows": rows, "may_keep": rules.can_keep_templates(request.user, fund)}
    return render(request, "selection/letter_wordings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_wording(request, slug, outcome):
    """Change the words of an outcome, for the fund or for the call chosen."""
    fund = get_fund(request, slug)
    require(rules.can_keep_templates(request.user, fund))
    if outcome not in letters.Outcome.values:
        raise Http404
    asked = request.GET.get("appel", "")
    call = fund.calls.filter(slug=asked).first() if "\0" not in asked else None
    kept = LetterWording.objects.filter(fund=fund, call=call, outcome=outcome).first()
    initial = {"call": call, "text": kept.text if kept else letters.WORDINGS[outcome]}
    form = WordingForm(request.POST or None, fund=fund, initial=initial)
    if form.is_valid():
        actions.keep_wording(fund, outcome=outcome, by=request.user, **form.cleaned_data)
        messages.success(
            request, "Le texte est enregistré. Les lettres déjà préparées sont à préparer de nouveau."
        )
        return redirect("selection:letter_wordings", slug)
    context = {
        "form": form,
        "fund": fund,
        "outcome": letters.Outcome(outcome),
        "fields": [(f"{{{name}}}", told) for name, told in letters.FIELDS.items()],
    }
    return render(request, "selection/change_letter_wording.html", context)
