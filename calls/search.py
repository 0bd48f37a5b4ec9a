"""Full-text search in French: accents, capitals and plurals do not matter.

A searchable model keeps a stored column made by `vector(…)` under a GIN index, so that PostgreSQL keeps it right
whoever writes. The text search configuration `french_portal` is made by the migration `calls.0002_text_search`.
"""

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.utils.html import escape
from django.utils.safestring import mark_safe

CONFIG = "french_portal"
# Private characters that no text holds: what is found is marked with them, then the text escaped, then shown.
START, STOP = "\ue000", "\ue001"


def vector(*weighted):
    """The expression of a stored column: `vector(("title", "A"), ("summary", "B"))`."""
    found = None
    for field, weight in weighted:
        part = SearchVector(field, weight=weight, config=CONFIG)
        found = part if found is None else found + part
    return found


def query(text):
    """What someone typed, as a search: all the words, « "a b" » for a phrase, -word to leave out."""
    return SearchQuery(text, config=CONFIG, search_type="websearch")


def headline(field, text):
    """An annotation: the passages of `field` where the words stand, to be shown by `highlighted`."""
    return SearchHeadline(
        field, query(text), config=CONFIG, start_sel=START, stop_sel=STOP, max_words=40, min_words=20
    )


def highlighted(text):
    """A headline as safe HTML, the words found in <mark>."""
    return mark_safe(  # noqa: S308
        escape(text).replace(START, "<mark>").replace(STOP, "</mark>")
    )
