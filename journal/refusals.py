"""The ways the portal says no: *who* may not (403), *not now* (409), and *not so often* (429)."""

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """An act that comes too late or out of order. The reason is French, for the person who tried.

    The middleware answers 409 with the reason; nothing was written, because the action's transaction is undone.
    """

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


class TooMany(Exception):
    """Someone asks too often. The middleware answers 429 and says in how many seconds to come back."""

    def __init__(self, retry_after):
        self.retry_after = retry_after
        super().__init__(f"à réessayer dans {retry_after} s")


def require(allowed):
    """Stop here unless a rule of `rules.py` said yes.

    Raises:
        PermissionDenied: answered as 403.
    """
    if not allowed:
        raise PermissionDenied


def refuse_unless(condition, reason):
    """Stop here, with the reason, unless the moment is right.

    Raises:
        Refused: answered as 409.
    """
    if not condition:
        raise Refused(reason)
