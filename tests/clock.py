"""Moments around the database's now. The one clock that is faked is the web server's, to be ignored."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from journal import clock


def from_now(**delta):
    """The time it will be by the database, aware."""
    return clock.now() + timedelta(**delta)


@contextmanager
def python_clock_off_by(**delta):
    """A web server whose own clock is wrong."""
    right = timezone.now
    with patch("django.utils.timezone.now", lambda: right() + timedelta(**delta)):
        yield
