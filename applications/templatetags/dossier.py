"""What the pages of a dossier need."""

from django import template

register = template.Library()


@register.filter
def at(values, key):
    """What a dictionary holds under a key, or nothing."""
    return values.get(key, "")
