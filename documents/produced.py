"""Who knows how to build which document, and who is told when one cannot be. Each app's `produced.py` registers here.

A builder takes the subject's key and the path to write, and writes a file there; it only reads the database. What it
returns, if anything, is a dictionary that the journal keeps with the making. It runs in the worker, outside any
transaction, and again when its worker died.
"""

from dataclasses import dataclass

PDF = "application/pdf"
builders = {}
content_types = {}
parts_of = {}
passing = set()
concerns = {}


def builder(kind, content_type=PDF, *, parts=None, lasts=True):
    """Register the decorated function as the maker of documents of this kind; what is not a PDF has no pages.

    `parts` gives, from a subject's key, the (kind, key) of the documents to make before it, by any worker. One that
    does not last is only made for wholes that it is a part of: it serves each that is asked for within a month.
    """

    def register(function):
        builders[kind] = function
        content_types[kind] = content_type
        if parts:
            parts_of[kind] = parts
        if not lasts:
            passing.add(kind)
        return function

    return register


@dataclass(frozen=True)
class Concern:
    """What a document is, in a few words, and the accounts that can do something about its failure."""

    label: str
    people: list


def concern(*kinds):
    """Register the decorated function as who knows, from a kind and subject keys, the `Concern` of each key."""

    def register(function):
        concerns.update(dict.fromkeys(kinds, function))
        return function

    return register
