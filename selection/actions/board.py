"""Leading a session: which item the room looks at, and the timer."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import rules
from selection.lifecycle import Meeting
from selection.models import Board


@transaction.atomic(durable=True)
def show_item(session, item, *, by):
    """Show the room an item of the session, or none."""
    board = _locked_for(session, by)
    if item is not None:
        refuse_unless(item.session_id == session.pk, "Ce dossier n’est pas à l’ordre du jour de la séance.")
        require(not rules.is_recused(by, item.case.application))
    if board.current == item:
        return
    board.current = item
    _stir(board, "current")
    journal.record("board.item_shown", session, by=by, item=item and item.pk)


@transaction.atomic(durable=True)
def start_timer(session, *, minutes, by):
    """Give the room so many minutes, from now; a timer that runs is started again."""
    board = _locked_for(session, by)
    board.timer_ends_at = clock.now() + timedelta(minutes=minutes)
    _stir(board, "timer_ends_at")
    journal.record("board.timer_started", session, by=by, minutes=minutes)


@transaction.atomic(durable=True)
def stop_timer(session, *, by):
    """Take the timer off the screen."""
    board = _locked_for(session, by)
    if board.timer_ends_at is None:
        return
    board.timer_ends_at = None
    _stir(board, "timer_ends_at")
    journal.record("board.timer_stopped", session, by=by)


# Steps


def _locked_for(session, by):
    """The board of a session, locked, for who leads it; a session that is over is led no more."""
    board = Board.objects.select_for_update().get(session=session)
    require(rules.can_lead(by, session))
    session.refresh_from_db(fields=["state"])
    refuse_unless(
        session.state in (Meeting.CONVENED, Meeting.OPEN), f"La séance est {session.get_state_display()}."
    )
    return board


def _stir(board, field):
    board.stir = F("stir") + 1
    board.save(update_fields=[field, "stir"])
