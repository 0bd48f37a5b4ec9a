"""What a carrier does with a dossier. The only writer of its rows."""

from applications.actions.attachments import attach, describe, detach, move, refuse_unless_room, replace
from applications.actions.clarifying import (
    answer_clarification,
    ask_clarification,
    call_off_clarification,
    extend_clarification,
    hand_clarification_over,
)
from applications.actions.exchanges import (
    mark_messages_read,
    why_no_message,
    write_to_carrier,
    write_to_secretariat,
)
from applications.actions.filing import (
    ask_for_visa,
    file_application,
    refuse_unless_to_file,
    return_to_writers,
    take_back,
    take_up,
    withdraw,
)
from applications.actions.guards import refuse_unless_writable, why_not_writable
from applications.actions.people import (
    accept_invitation,
    change_role,
    invite,
    leave,
    open_account_and_accept,
    remove,
    resend_invitation,
    withdraw_invitation,
)
from applications.actions.remarks import assign_sections, settle_remark
from applications.actions.reminding import alert_certifiers
from applications.actions.reuse import clone, import_dossier
from applications.actions.support import (
    ask_for_support,
    close_support,
    comment_draft,
    propose,
    take_charge,
)
from applications.actions.writing import (
    EditConflict,
    autosave_section,
    autosave_table,
    change_identity,
    create_application,
    restore_version,
    save_section,
    set_table,
)

__all__ = [
    "EditConflict",
    "accept_invitation",
    "alert_certifiers",
    "answer_clarification",
    "ask_clarification",
    "ask_for_support",
    "ask_for_visa",
    "assign_sections",
    "attach",
    "autosave_section",
    "autosave_table",
    "call_off_clarification",
    "change_identity",
    "change_role",
    "clone",
    "close_support",
    "comment_draft",
    "create_application",
    "describe",
    "detach",
    "extend_clarification",
    "file_application",
    "hand_clarification_over",
    "import_dossier",
    "invite",
    "leave",
    "mark_messages_read",
    "move",
    "open_account_and_accept",
    "propose",
    "refuse_unless_room",
    "refuse_unless_to_file",
    "refuse_unless_writable",
    "remove",
    "replace",
    "resend_invitation",
    "restore_version",
    "return_to_writers",
    "save_section",
    "set_table",
    "settle_remark",
    "take_back",
    "take_charge",
    "take_up",
    "why_no_message",
    "why_not_writable",
    "withdraw",
    "withdraw_invitation",
    "write_to_carrier",
    "write_to_secretariat",
]
