"""How the crispy pack dresses Django's fields for the DSFR, without changing the widgets it is given."""

import copy

from django import forms, template
from django.utils.safestring import mark_safe

register = template.Library()

KINDS = [  # The first match wins: checkbox lists are radios to Python, and both are selects.
    (forms.CheckboxSelectMultiple, "checkbox_list"),
    (forms.RadioSelect, "radio_list"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "upload"),
    (forms.Select, "select"),
    (forms.PasswordInput, "password"),
]
CLASSES = {
    "upload": "fr-upload",
    "select": "fr-select",
    "password": "fr-password__input fr-input",
    "checkbox": "",
}
NATIVE_DATES = [  # Django renders dates as text in the local format; browsers want ISO 8601.
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
]
DJANGO_EMPTY_OPTION = ">---------<"
DSFR_EMPTY_OPTION = ">Sélectionner une option<"


@register.filter
def field_kind(field):
    """Name the DSFR component that shows a bound field."""
    return next((kind for widget, kind in KINDS if isinstance(field.field.widget, widget)), "input")


@register.filter
def field_widget(field):
    """Render the widget of a bound field with its DSFR class, its keyboard, and what describes it."""
    widget = native_date(field.field.widget)
    given = widget.attrs
    attrs = {"aria-describedby": described_by(field)}
    if css := " ".join(filter(None, [given.get("class"), CLASSES.get(field_kind(field), "fr-input")])):
        attrs["class"] = css
    if isinstance(widget, forms.PasswordInput):
        attrs["autocomplete"] = given.get("autocomplete", "current-password")
    if keyboard := numeric_keyboard(field):
        attrs["inputmode"] = given.get("inputmode", keyboard)
    html = field.as_widget(widget=widget, attrs=attrs)
    return mark_safe(html.replace(DJANGO_EMPTY_OPTION, DSFR_EMPTY_OPTION))  # noqa: S308 (Django escaped it)


@register.filter
def field_target(field):
    """The id an error may link to: the control's, or its first option's when it is a list."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_marked_optional(field):
    """Whether to write « (facultatif) »: not beside a lone box, nor where `form.mark_optional` is False."""
    return (
        not field.field.required
        and field_kind(field) != "checkbox"
        and getattr(field.form, "mark_optional", True)
    )


def described_by(field):
    hint = [f"{field.auto_id}_helptext"] if field.help_text else []
    return " ".join([*hint, f"{field.auto_id}_messages"])


def native_date(widget):
    for kind, input_type, written in NATIVE_DATES:
        if isinstance(widget, kind) and widget.input_type == "text":
            widget = copy.copy(widget)
            widget.input_type, widget.format = input_type, widget.format or written
            break
    return widget


def numeric_keyboard(field):
    if not isinstance(field.field.widget, forms.TextInput | forms.NumberInput):
        return ""
    if isinstance(field.field, forms.DecimalField | forms.FloatField):
        return "decimal"
    return "numeric" if isinstance(field.field, forms.IntegerField) else ""
