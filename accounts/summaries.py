"""When the daily summaries are due: at one hour of Paris, whatever the season."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone


def last_due(now):
    """The last moment at which summaries were due: today's, or yesterday's before the hour."""
    local = timezone.localtime(now)
    today = local.replace(hour=settings.NOTICE_SUMMARY_HOUR, minute=0, second=0, microsecond=0)
    return today if local >= today else today - timedelta(days=1)


def next_due(now):
    return last_due(now) + timedelta(days=1)
