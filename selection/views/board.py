"""The deliberation board, projected in the room, and the page from which the chair leads it."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from selection import deliberation
from selection.views.committee import get_session


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
