"""Form fields that a questionnaire shares with the call editor: a day, a plain number."""

import re
from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from calls.money import NUMBER, SPACES

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


# What a text pasted from a word processor carries and nobody reads: control characters, soft hyphens, marks of order.
UNREAD = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\ufeff]")
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


class TextField(forms.CharField):
    """A text without what nobody can read of it; a word processor's line ends are lines like others."""

    def to_python(self, value):
        if isinstance(value, str):
            value = UNREAD.sub("", LINE_ENDS.sub("\n", value))
        return super().to_python(value)


class DayField(forms.DateField):
    """A day of this century: a date of year 1 or 9999 leaves the range of the clocks it meets."""

    widget = DATE

    def __init__(self, **kwargs):
        super().__init__(**{"input_formats": ["%Y-%m-%d", "%d/%m/%Y"]} | kwargs)
        self.error_messages["invalid"] = (
            "Cette date n’existe pas ou est mal écrite : 30/06/2027, par exemple."
        )
        told = "Écrivez une date comprise entre 2000 et 2100."
        self.validators += [
            MinValueValidator(date(2000, 1, 1), told),
            MaxValueValidator(date(2100, 12, 31), told),
        ]


class NumberField(forms.DecimalField):
    """A number as people type it in French: `1 234,5`."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Écrivez un nombre en chiffres, par exemple 1 234,5.",
        "max_digits": "Ce nombre est trop grand.",
        "max_whole_digits": "Ce nombre est trop grand.",
    }

    def __init__(self, **kwargs):
        places = kwargs.get("decimal_places")
        super().__init__(**{"max_digits": 16} | kwargs)
        if places == 0:
            self.error_messages["max_decimal_places"] = "Écrivez un nombre entier, sans virgule."

    def to_python(self, value):
        if isinstance(value, str):
            value = SPACES.sub("", value).replace("%", "").replace(",", ".")
            if value and not NUMBER.fullmatch(value):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def widget_attrs(self, widget):
        return {"inputmode": "decimal" if self.decimal_places else "numeric", "autocomplete": "off"}
