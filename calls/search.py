"""Full-text search in French: accents, capitals and plurals do not matter.

A searchable model keeps a stored column made by `vector(…)` under a GIN index, so that PostgreSQL keeps it right
whoever writes. The text search configuration `french_portal` is made by the migration `calls.0002_text_search`.
"""

import re

from django.contrib.postgres.search import (
    SearchConfig,
    SearchHeadline,
    SearchQuery,
    SearchVector,
    SearchVectorCombinable,
    SearchVectorField,
)
from django.db.models import Func
from django.utils.html import escape
from django.utils.safestring import mark_safe

CONFIG = "french_portal"
# Private characters that no text holds: what is found is marked with them, then the text escaped, then shown.
START, STOP = "\ue000", "\ue001"
LONGEST = 200
QUOTES = str.maketrans(dict.fromkeys("«»“”„", '"'))
COMPOUND = re.compile(r"(?<![\w-])[^\W\d_]+(?:[-‐‑][^\W\d_]+)+(?!\w)")
# « à » loses its accent before the list of empty words is read, and so would count as a word.
EMPTY = re.compile(r"(?<![\w'’-])[àa](?![\w'’-])", re.IGNORECASE)


class ValuesVector(SearchVectorCombinable, Func):
    """The vector of a JSON column: the texts it holds, not the names of what they are."""

    function = "to_tsvector"
    template = "setweight(%(function)s('" + CONFIG + "'::regconfig, %(expressions)s), '%(weight)s')"
    output_field = SearchVectorField()
    config = SearchConfig(CONFIG)

    def __init__(self, field, *, weight):
        super().__init__(field, weight=weight)


def vector(*weighted):
    """The expression of a stored column: `vector(("title", "A"), ("summary", "B"))`."""
    found = None
    for field, weight in weighted:
        part = SearchVector(field, weight=weight, config=CONFIG)
        found = part if found is None else found + part
    return found


def query(text):
    """What someone typed, as a search: all the words, « "a b" » for a phrase, a OU b, -word to leave out."""
    return SearchQuery(plain(text), config=CONFIG, search_type="websearch")


def plain(text):
    """What someone typed as PostgreSQL reads it best, whatever was typed.

    French quotes make a phrase too, and « Île-de-France » is one of three words: with its hyphens it would not be
    found where the text has none. PostgreSQL refuses NUL; past `LONGEST` characters nobody meant a search.
    """
    parts = text.replace("\0", " ").translate(QUOTES)[:LONGEST].split('"')
    for outside in range(0, len(parts), 2):
        part = EMPTY.sub(" ", parts[outside])
        part = re.sub(r"\bOU\b", "OR", part)
        parts[outside] = COMPOUND.sub(lambda word: f'"{spaced(word[0])}"', part)
    for inside in range(1, len(parts), 2):
        parts[inside] = COMPOUND.sub(lambda word: spaced(word[0]), parts[inside])
    return '"'.join(parts)


def spaced(word):
    return re.sub("[-‐‑]", " ", word)


def any_word(text, *, most=40):
    """A search for what shares at least one word with a text, however it was typed."""
    words = re.findall(r"\w+", text)[:most]
    return SearchQuery(" or ".join(words), config=CONFIG, search_type="websearch")


def headline(field, text, *, whole=False):
    """An annotation: the passages of `field` where the words stand, or all of it, to be shown by `highlighted`.

    It reads the text again: annotate only the rows that are shown.
    """
    length = {"highlight_all": True} if whole else {"max_words": 40, "min_words": 20}
    return SearchHeadline(field, query(text), config=CONFIG, start_sel=START, stop_sel=STOP, **length)


def highlighted(text):
    """A headline as safe HTML, the words found in <mark>."""
    return mark_safe(  # noqa: S308
        escape(text).replace(START, "<mark>").replace(STOP, "</mark>")
    )
