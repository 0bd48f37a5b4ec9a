"""The envelope simulator: an address asks, the page answers; nothing is written before a scenario is named."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from journal.refusals import refuse_unless, require
from selection import rules, scenarios, simulator
from selection.access import reads_whole_session
from selection.actions.scenarios import save_scenario
from selection.choice.conflict import NothingFits
from selection.choice.solver import TooLong
from selection.forms.simulator import NameForm, Question
from selection.views.committee import get_session
from selection.views.refusal import keeping, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def simulate(request, pk):
    """What the address asks, answered; a POST keeps the answer as a scenario, computed again from what now is."""
    session = get_session(request, pk)
    require(rules.reads_annex(request.user, session))
    if request.method == "POST":
        require(rules.can_simulate(request.user, session))
    if not reads_whole_session(request.user, session):
        refuse_unless(request.method != "POST", "Les scénarios de cette séance sont à tenir par un collègue.")
        return render(request, "selection/simulator.html", {"session": session, "whole": False})
    known = simulator.Data(session)
    question = Question(request.GET, known, simulator.left_of(known))
    found = _answered(known, question)
    name = NameForm(request.POST or None)
    if request.method == "POST":
        refuse_unless(found["shown"], "Ce scénario ne donne aucun choix : il n’y a rien à enregistrer.")
        if name.is_valid():
            with keeping(name, beside="name"):
                scenario = save_scenario(
                    session,
                    name=name.cleaned_data["name"],
                    settings=question.settings(),
                    result=found["shown"].result,
                    by=request.user,
                )
                messages.success(request, f"Le scénario « {scenario.name} » est enregistré.")
                return redirect("selection:scenario", pk, scenario.pk)
    context = {
        "session": session,
        "whole": True,
        "question": question,
        "name": name,
        "query": request.GET.urlencode(),
        "can_save": rules.can_simulate(request.user, session),
        **found,
    }
    return render(request, "selection/simulator.html", context, status=status_of(name))


def _answered(known, question):
    """The answer as the page shows it, or why there is none."""
    found = {"shown": None, "conflict": (), "too_long": None}
    if question.asked is None:
        return found
    try:
        result = simulator.answer(known, question.asked)
    except NothingFits as nothing:
        return found | {"conflict": nothing.sentences}
    except TooLong:
        return found | {"too_long": simulator.SECONDS}
    items = {each.item.pk: each.item for each in known.candidates}
    return found | {"shown": scenarios.Shown(result, items)}
