"""The one way a thing with a lifecycle changes state; each app's `lifecycle.py` holds its own table."""

from journal.refusals import Refused


def move(thing, target, *, table):
    """Set `thing.state` to `target` when the table of allowed moves has it; saving is the action's business.

    Raises:
        Refused: the move is not in the table.
    """
    if target not in table[thing.state]:
        raise Refused(
            f"« {thing} » est à l'état « {thing.get_state_display()} » : cette action n'est plus possible."
        )
    thing.state = target
