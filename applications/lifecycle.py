from functools import partial

from applications.models import Application
from journal import lifecycle

State, UNFILED = Application.State, Application.UNFILED

MOVES = {
    State.DRAFT: {State.AWAITING_VISA, State.FILED, State.WITHDRAWN},
    State.AWAITING_VISA: {State.DRAFT, State.FILED, State.WITHDRAWN},
    State.FILED: {State.DRAFT, State.CLARIFYING, State.WITHDRAWN},
    State.CLARIFYING: {State.FILED, State.WITHDRAWN},
    State.WITHDRAWN: set(),
}
move = partial(lifecycle.move, table=MOVES)
