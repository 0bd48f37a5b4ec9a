import nh3
from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

register = template.Library()
markdown = MarkdownIt("zero").enable(["list", "emphasis", "newline", "paragraph"])
TAGS = {"p", "ul", "ol", "li", "em", "strong", "br"}


@register.filter
def prose(text):
    """Free text as paragraphs and lists; whatever HTML someone typed is shown, never obeyed."""
    return mark_safe(nh3.clean(markdown.render(text or ""), tags=TAGS, attributes={}))  # noqa: S308
