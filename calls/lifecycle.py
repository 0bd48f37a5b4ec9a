from functools import partial

from calls.models import Call
from journal import lifecycle

State = Call.State

MOVES = {
    State.DRAFT: {State.PUBLISHED},
    State.PUBLISHED: {State.ARCHIVED},
    State.ARCHIVED: set(),
}
move = partial(lifecycle.move, table=MOVES)
