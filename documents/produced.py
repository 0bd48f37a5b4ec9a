"""Who knows how to build which document. Each app's `produced.py` registers its kinds here.

A builder takes the subject's key and the path to write, and writes a file there; it only reads the database. What it
returns, if anything, is a dictionary that the journal keeps with the making. It runs in the worker, outside any
transaction.
"""

PDF = "application/pdf"
builders = {}
content_types = {}


def builder(kind, content_type=PDF):
    """Register the decorated function as the maker of documents of this kind; what is not a PDF has no pages."""

    def register(function):
        builders[kind] = function
        content_types[kind] = content_type
        return function

    return register
