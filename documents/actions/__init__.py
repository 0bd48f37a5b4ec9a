"""What happens to files: made by the portal, received piece by piece, scanned. The only writer of their rows."""

from documents.actions.alerting import tell_failures
from documents.actions.producing import forget, order, produce, request, retry
from documents.actions.reading import read_words
from documents.actions.receiving import (
    Misplaced,
    append,
    begin,
    forget_incoming,
    sweep_incoming,
)
from documents.actions.rendering import keep_rendering, rendering_served, sweep_renderings
from documents.actions.scanning import scan, stop_waiting_for_scans

__all__ = [
    "Misplaced",
    "append",
    "begin",
    "forget",
    "forget_incoming",
    "keep_rendering",
    "order",
    "produce",
    "read_words",
    "rendering_served",
    "request",
    "retry",
    "scan",
    "stop_waiting_for_scans",
    "sweep_incoming",
    "sweep_renderings",
    "tell_failures",
]
