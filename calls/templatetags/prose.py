import unicodedata
from itertools import pairwise

import nh3
from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

register = template.Library()
markdown = MarkdownIt("zero").enable(["list", "emphasis", "newline", "paragraph"])
TAGS = {"p", "ul", "ol", "li", "em", "strong", "br"}
RIGHT_TO_LEFT = ("R", "AL")


@register.filter
def prose(text):
    """Free text as paragraphs and lists; whatever HTML someone typed is shown, never obeyed."""
    tokens = markdown.parse(text or "")
    for opening, inside in pairwise(tokens):
        if opening.type == "paragraph_open" and _from_the_right(inside.content):
            opening.attrSet("dir", "rtl")
    written = markdown.renderer.render(tokens, markdown.options, {})
    return mark_safe(nh3.clean(written, tags=TAGS, attributes={"p": {"dir"}}))  # noqa: S308


def _from_the_right(text):
    """Whether a paragraph is read from right to left: its first letter says so."""
    ways = (unicodedata.bidirectional(character) for character in text)
    return next((way in RIGHT_TO_LEFT for way in ways if way in ("L", *RIGHT_TO_LEFT)), False)
