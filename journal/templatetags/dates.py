"""Dates in templates, which need not load them: `{{ call.opens_at|day }}`, `{{ entry.at|moment }}`."""

from django import template

from journal import dates

register = template.Library()


@register.filter
def day(value):
    return written(value, dates.day)


@register.filter
def moment(value):
    return written(value, dates.moment)


@register.filter
def moment_to_the_second(value):
    return written(value, dates.moment, seconds=True)


def written(value, form, **options):
    """What is no date is written as nothing, as by Django's own `date`."""
    try:
        return form(value, **options)
    except AttributeError:
        return ""
