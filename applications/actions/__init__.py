"""What a carrier does with a dossier. The only writer of its rows."""

from applications.actions.attachments import attach, detach
from applications.actions.filing import (
    ask_for_visa,
    file_application,
    return_to_writers,
    take_back,
    take_up,
    withdraw,
)
from applications.actions.guards import refuse_unless_writable, why_not_writable
from applications.actions.writing import (
    EditConflict,
    change_identity,
    create_application,
    save_section,
    set_table,
)

__all__ = [
    "EditConflict",
    "ask_for_visa",
    "attach",
    "change_identity",
    "create_application",
    "detach",
    "file_application",
    "refuse_unless_writable",
    "return_to_writers",
    "save_section",
    "set_table",
    "take_back",
    "take_up",
    "why_not_writable",
    "withdraw",
]
