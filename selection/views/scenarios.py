"""The scenarios of a session: listed, read, compared, presented to the committee."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.refusals import require
from selection import rules, scenarios
from selection.access import reads_whole_session
from selection.actions import scenarios as actions
from selection.forms.simulator import NameForm
from selection.views.committee import get_session
from selection.views.refusal import keeping, status_of

FEWEST, MOST = 2, 4  # compared at once
DIGITS = 18  # of a primary key


def get_scenario(request, pk, scenario_pk):
    """A scenario that this person may read, with its session, or 404: to who is recused none of them exists."""
    session = get_session(request, pk)
    require(rules.reads_annex(request.user, session))
    whole = reads_whole_session(request.user, session)
    found = session.scenarios.select_related("saved_by") if whole else session.scenarios.none()
    return get_object_or_404(found, pk=scenario_pk)


@require_safe
def listed(request, pk):
    session = get_session(request, pk)
    require(rules.reads_annex(request.user, session))
    whole = reads_whole_session(request.user, session)
    found = session.scenarios.select_related("saved_by") if whole else session.scenarios.none()
    context = {
        "session": session,
        "whole": whole,
        "shown": scenarios.shown(found, session),
        "can_simulate": rules.can_simulate(request.user, session),
    }
    return render(request, "selection/scenarios.html", context)


@require_safe
def scenario(request, pk, scenario_pk):
    found = get_scenario(request, pk, scenario_pk)
    context = {
        "session": found.session,
        "scenario": found,
        "shown": scenarios.shown([found], found.session)[0],
        "can_simulate": rules.can_simulate(request.user, found.session),
    }
    return render(request, "selection/scenario.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request, pk, scenario_pk):
    found = get_scenario(request, pk, scenario_pk)
    require(rules.can_simulate(request.user, found.session))
    form = NameForm(request.POST or None, initial={"name": found.name})
    if form.is_valid():
        with keeping(form, beside="name"):
            actions.rename_scenario(found, name=form.cleaned_data["name"], by=request.user)
            messages.success(request, "Le scénario est renommé.")
            return redirect("selection:scenario", pk, scenario_pk)
    context = {"session": found.session, "scenario": found, "form": form}
    return render(request, "selection/rename_scenario.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, pk, scenario_pk):
    """Ask, then forget a scenario."""
    found = get_scenario(request, pk, scenario_pk)
    require(rules.can_simulate(request.user, found.session))
    if request.method == "POST":
        actions.delete_scenario(found, by=request.user)
        messages.success(request, f"Le scénario « {found.name} » est supprimé.")
        return redirect("selection:scenarios", pk)
    context = {"session": found.session, "scenario": found}
    return render(request, "selection/delete_scenario.html", context)


@require_POST
def present(request, pk, scenario_pk):
    """Show a scenario to the committee, or no longer."""
    found = get_scenario(request, pk, scenario_pk)
    presented = "stop" not in request.POST
    actions.present_scenario(found, presented=presented, by=request.user)
    told = "est présenté au comité" if presented else "n’est plus présenté au comité"
    messages.success(request, f"Le scénario « {found.name} » {told}.")
    return redirect("selection:scenario", pk, scenario_pk)


@require_safe
def compare(request, pk):
    """Two to four scenarios, side by side."""
    session = get_session(request, pk)
    require(rules.reads_annex(request.user, session))
    keys = [int(key) for key in request.GET.getlist("scenario") if key.isdecimal() and len(key) < DIGITS]
    whole = reads_whole_session(request.user, session)
    found = session.scenarios.filter(pk__in=keys) if whole else session.scenarios.none()
    shown = [each for each in scenarios.shown(found.select_related("saved_by"), session) if not each.is_gone]
    if not FEWEST <= len(shown) <= MOST:
        messages.info(request, f"Cochez de {FEWEST} à {MOST} scénarios encore lisibles, puis comparez-les.")
        return redirect("selection:scenarios", pk)
    context = {"session": session, "shown": shown, "compared": scenarios.compared(shown)}
    return render(request, "selection/compare_scenarios.html", context)


@require_safe
def presented(request, pk):
    """What the secretariat presents to the committee, to who may read all that it holds."""
    session = get_session(request, pk)
    shown = scenarios.shown(scenarios.presented_to(request.user, session), session)
    context = {"session": session, "shown": shown, "compared": scenarios.compared(shown)}
    return render(request, "selection/presented_scenarios.html", context)
