from django import template

from calls import money
from calls.models import deadline_text

register = template.Library()
register.filter("euros", money.euros)
register.filter("short_euros", money.short_euros)
register.filter("grouped", money.grouped)
register.filter("deadline", deadline_text)


@register.filter
def percent(rate):
    """A fraction as a percentage: 0.5 gives « 50 % »; unknown is « non communiqué »."""
    return "non communiqué" if rate is None else f"{money.grouped(rate * 100)}\u00a0%"


@register.filter
def file_size(size):
    """Bytes as people read them: `405,5 Ko`."""
    for unit, label in ((1_000_000, "Mo"), (1_000, "Ko")):
        if size >= unit:
            return f"{size / unit:.1f}\u00a0{label}".replace(".", ",")
    return f"{size}\u00a0octets"
