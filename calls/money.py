"""Euros: how people type them, and how they are shown."""

import re
from decimal import Decimal, InvalidOperation

from django import forms

SPACES = re.compile(r"[\s\u00a0\u202f€]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
DOTTED = re.compile(
    r"[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]*|[+-]?[0-9]{1,3}(\.[0-9]{3}){2,}"
)  # 1.234,5 ; 1.234.567
UNITS = {"k": 3, "m": 6, "md": 9}  # of an amount: k€, M€, Md€, by the power of ten that they stand for
MOST_TYPED = 60  # characters of an amount, before what is typed is no amount
MAX_DIGITS = 14
LARGEST = Decimal("999999999999.99")  # what numeric(14,2) holds


class AmountField(forms.DecimalField):
    """An amount in euros: accepts `1 234 567,89`, `1.234,5 k€` and `1,2 M€`, refuses negatives and other letters."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Écrivez un montant en chiffres, par exemple 1 234 567,89.",
        "min_value": "Le montant ne peut pas être négatif.",
        "max_digits": "Ce montant est trop grand : 999 999 999 999,99 € au plus.",
        "max_whole_digits": "Ce montant est trop grand : 999 999 999 999,99 € au plus.",
        "max_decimal_places": "Deux chiffres au plus après la virgule.",
    }

    def __init__(self, **kwargs):
        super().__init__(**{"min_value": 0, "max_digits": MAX_DIGITS, "decimal_places": 2} | kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value, power = _number(value)
            if value and not NUMBER.fullmatch(value):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            if power and value and len(value) <= MOST_TYPED:
                value = f"{Decimal(value).scaleb(power):f}"
        return super().to_python(value)

    def prepare_value(self, value):
        if isinstance(value, Decimal | int):
            return grouped(value)
        return value

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}


def _number(typed):
    """What is typed as Python writes a number, and the power of ten that its unit stands for."""
    value = SPACES.sub("", typed)
    unit = value.lstrip("+-.,0123456789").lower()
    if unit in UNITS and value != unit:
        value = value.lower().removesuffix(unit)
    if DOTTED.fullmatch(value):
        value = value.replace(".", "")
    return value.replace(",", "."), UNITS.get(unit, 0)


class PercentField(forms.DecimalField):
    """A rate typed as a percentage and kept as a fraction between 0 and 1."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Écrivez un pourcentage en chiffres, par exemple 50.",
        "min_value": "Le pourcentage est compris entre 0 et 100.",
        "max_value": "Le pourcentage est compris entre 0 et 100.",
    }

    def __init__(self, **kwargs):
        super().__init__(**{"min_value": 0, "max_value": 100, "decimal_places": 2} | kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = SPACES.sub("", value).replace("%", "").replace(",", ".")
            if value and not NUMBER.fullmatch(value):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def clean(self, value):
        percent = super().clean(value)
        return None if percent is None else percent / 100

    def prepare_value(self, value):
        return grouped(value * 100) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}


def grouped(value):
    """`1234567.80` as `1 234 567,80`, without decimals when there are none."""
    value = Decimal(value)
    text = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
    return text.replace(",", "\u202f").replace(".", ",")


def euros(value):
    """An amount in full: `1 234 567 €`; an unknown one is « non communiqué », never zero."""
    if value in (None, ""):
        return "non communiqué"
    try:
        return f"{grouped(value)}\u00a0€"
    except InvalidOperation:
        return "non communiqué"


def short_euros(value):
    """An amount at a glance: `1,2 M€`, `850 k€`."""
    if value in (None, ""):
        return "non communiqué"
    value = Decimal(value)
    if abs(value) < 1_000:
        return euros(value)
    units = [(1_000, "k€"), (1_000_000, "M€"), (1_000_000_000, "Md€")]
    shown = [((value / unit).quantize(Decimal("0.1")), label) for unit, label in units]
    number, label = next((each for each in shown if abs(each[0]) < 1_000), shown[-1])
    return f"{number}".removesuffix(".0").replace(".", ",") + f"\u00a0{label}"


QUALIFIERS = {"more_than": "plus de ", "approx": "environ "}


def published_amount(value, qualifier):
    """A published amount with what its source says of it: « plus de 5 M€ »."""
    return "non communiqué" if value is None else QUALIFIERS.get(qualifier, "") + short_euros(value)
