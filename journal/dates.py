"""Days and moments as French writes them: the first of a month is « 1er », the others are plain numbers."""

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime


def day(value):
    """« 1er février 2018 », « 15 mars 2018 », in Paris; nothing for no date."""
    return written(value, "j F Y")


def moment(value, *, seconds=False):
    """The same with the hour: « 1er février 2018 à 14:30 »."""
    return written(value, "j F Y à H:i:s" if seconds else "j F Y à H:i")


def written(value, form):
    if not value:
        return ""
    text = date_format(localtime(value) if hasattr(value, "hour") and is_aware(value) else value, form)
    return f"1er{text[1:]}" if text.startswith("1 ") else text
