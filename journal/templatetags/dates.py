"""Dates in templates, which need not load them: `{{ call.opens_at|day }}`, `{{ entry.at|moment }}`."""

from django import template

from journal import dates

register = template.Library()
register.filter("day", dates.day)
register.filter("moment", dates.moment)


@register.filter
def moment_to_the_second(value):
    return dates.moment(value, seconds=True)
