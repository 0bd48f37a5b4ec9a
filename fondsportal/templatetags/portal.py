"""Small helpers of look, for any page."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.formsets import BaseFormSet
from django.utils.safestring import mark_safe

from fondsportal.front import structured_data
from fondsportal.templatetags.crispy_dsfr import field_target

register = template.Library()


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*steps):
    """Draw the path to a page: label, url, label, url…, and the current page's label last.

    {% breadcrumb "Appels à projets" calls_url call.title %}
    """
    *path, current = steps
    return {"items": list(zip(path[::2], path[1::2], strict=True)), "current": current}


@register.simple_tag
def problems(*parts):
    """List what is wrong in forms, formsets, or lists of them, as dictionaries of target, label and message.

    The target is the id to link to; it and the label are empty where the whole part is wrong. `refused` is there where
    nothing is to be corrected: the act itself was refused.
    """
    return [problem for part in parts for problem in problems_of(part)]


def problems_of(part):
    if isinstance(part, BaseFormSet):
        yield from whole(part.non_form_errors())
        row = getattr(part, "row_name", "ligne").capitalize()
        for number, form in enumerate(part.forms, start=1):
            yield from form_problems(form, prefix=f"{row} {number}, ")
    elif hasattr(part, "problems"):  # a grid
        yield from part.problems()
    elif isinstance(part, list | tuple):
        for each in part:
            yield from problems_of(each)
    elif part:
        yield from form_problems(part)


def form_problems(form, prefix=""):
    refused = {"refused": True} if getattr(form, "refusal", None) else {}
    for problem in whole(form.non_field_errors(), label=prefix.rstrip(", ")):
        yield problem | refused
    for field in form:
        target = "" if field.is_hidden else field_target(field)
        for message in field.errors:
            yield {"target": target, "label": f"{prefix}{field.label}", "message": message}


def whole(errors, label=""):
    return [{"target": "", "label": label, "message": message} for message in errors]


@register.filter
def plural(number, mark="s"):
    """The mark of the plural, which in French begins at two: 0 lauréat, 1 lauréat, 2 lauréats."""
    return mark if number > 1 else ""


@register.filter
def page_numbers(page):
    """The page numbers to show around the current one; None stands for those left out."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if number != page.paginator.ELLIPSIS else None for number in shown]


# What a page says to machines


@register.inclusion_tag("components/metadata.html")
def metadata(thing=None):
    """Describe the page to search engines and to who shares it; stands in the block `extra_head`.

    {% metadata call %}; {% metadata %} on the home page, for the site.
    """
    return structured_data.describe(thing)


# As django.utils.html.json_script does: nothing in a text can close the element.
ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def json_ld(data):
    """JSON that stands safely in a <script type="application/ld+json">, which no browser runs."""
    return mark_safe(json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPED))  # noqa: S308


TYPE_LABELS = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "oui ou non",
    "date": "date",
    "datetime": "date et heure",
    "date-time": "date et heure",
    "array": "liste",
    "object": "objet",
}


@register.filter
def type_label(name):
    """The type of a field, as a dictionary of data says it."""
    return TYPE_LABELS.get(name, name)
