"""The two texts of a laureate's page, as its carrier and the secretariat write them."""

from django import forms

from calls.money import grouped
from calls.questionnaire.fields import TextField
from selection.models.publishing import LONG, SHORT


class PageText(TextField):
    """A text of so many characters at most; what is typed beyond is kept and said, where `maxlength` cuts a paste."""

    def __init__(self, *, label, limit, rows, required):
        area = forms.Textarea(attrs={"rows": rows, "data-max-characters": limit})
        told = f"{grouped(limit)} caractères au plus."
        super().__init__(label=label, max_length=limit, required=required, widget=area, help_text=told)

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


def short_text(*, required=False):
    return PageText(label="En bref", limit=SHORT, rows=3, required=required)


def long_text(*, required=False):
    return PageText(label="Présentation", limit=LONG, rows=10, required=required)
