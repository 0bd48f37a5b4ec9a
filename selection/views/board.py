"""The deliberation board, projected in the room, and the page from which the chair leads it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import condition, require_POST, require_safe

from journal.refusals import require
from selection import deliberation, rules
from selection.actions import board as actions
from selection.actions import scoring, votes
from selection.forms.board import TimerForm
from selection.models import VoteMode
from selection.views.committee import get_item, get_session


def stamp(request, pk):
    """The ETag of someone's board."""
    found = deliberation.stamp(request.user, pk)
    if found is None:
        raise Http404
    return f'"{found}"'


@require_safe
def board(request, pk):
    """What the room looks at; `portal/board.js` keeps it as the session goes."""
    session = get_session(request, pk)
    read_as = stamp(request, pk)  # before what it sums up: what moves meanwhile is asked for again
    shown = deliberation.shown_to(request.user, session)
    return render(request, "selection/board.html", {"session": session, "stamp": read_as, "board": shown})


@require_safe
@condition(etag_func=stamp)
def board_live(request, pk):
    """What changes of the board: 304 while nothing did, known from one query before any other of its own."""
    shown = deliberation.shown_to(request.user, get_session(request, pk))
    return render(request, "selection/board_live.html", {"board": shown})


@require_safe
def conduct(request, pk):
    """The chair's page, on a phone or a tablet: what is shown, the next step of it, the timer."""
    session = get_session(request, pk)
    require(rules.can_lead(request.user, session))
    read_as = stamp(request, pk)
    context = {"session": session, "stamp": read_as, "lead": lead(request.user, session)}
    return render(request, "selection/conduct.html", context)


@require_safe
@condition(etag_func=stamp)
def conduct_live(request, pk):
    """What changes of the chair's page."""
    session = get_session(request, pk)
    require(rules.can_lead(request.user, session))
    return render(request, "selection/conduct_live.html", {"lead": lead(request.user, session)})


def lead(user, session):
    """The board, and what this person may do next."""
    shown = deliberation.shown_to(user, session)
    place = session.board.current.position if session.board.current else 0
    return {
        "board": shown,
        "previous": next((item for item in reversed(shown.items) if item.position < place), None),
        "following": next((item for item in shown.items if item.position > place), None),
        "can_chair": bool(shown.turn) and rules.can_chair_item(user, shown.turn.item),
        "consensus": session.vote_mode == VoteMode.CONSENSUS,
        "timer_form": TimerForm(),
    }


@require_POST
def show_item(request, pk, reference=None):
    """Show the room an item, or none."""
    item = get_item(request, pk, reference) if reference else None
    actions.show_item(get_session(request, pk), item, by=request.user)
    return redirect("selection:conduct", pk)


@require_POST
def start_timer(request, pk):
    session = get_session(request, pk)
    require(rules.can_lead(request.user, session))
    form = TimerForm(request.POST)
    if form.is_valid():
        actions.start_timer(session, minutes=form.cleaned_data["minutes"], by=request.user)
    else:
        messages.error(request, "Le minuteur n’est pas lancé : donnez un nombre de minutes, de 1 à 180.")
    return redirect("selection:conduct", pk)


@require_POST
def stop_timer(request, pk):
    actions.stop_timer(get_session(request, pk), by=request.user)
    return redirect("selection:conduct", pk)


STEPS = {
    "reveler": (scoring.reveal, "Les notes sont révélées."),
    "ouvrir-le-vote": (votes.open_vote, "Le vote est ouvert."),
    "clore-le-vote": (votes.close_vote, "Le vote est clos : aucun bulletin ne change plus."),
}


@require_POST
def take_step(request, pk, reference, step):
    """Reveal, open the vote or close it, without leaving the page that leads the session."""
    if step not in STEPS:
        raise Http404
    act, done = STEPS[step]
    act(get_item(request, pk, reference), by=request.user)
    messages.success(request, f"{reference} : {done[0].lower()}{done[1:]}")
    return redirect("selection:conduct", pk)
