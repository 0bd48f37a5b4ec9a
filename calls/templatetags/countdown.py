from django import template

from calls.countdown import duration

register = template.Library()


@register.filter
def time_left(due_at, now):
    """The time from `now` to a deadline, rounded down: « 5 heures »."""
    return duration(now, due_at)
