"""Who knows how to build which document. Each app's `produced.py` registers its kinds here.

A builder takes the subject's key and the path to write, writes a PDF there and returns nothing; it only reads
the database. It runs in the worker, outside any transaction.
"""

builders = {}


def builder(kind):
    """Register the decorated function as the maker of documents of this kind."""

    def register(function):
        builders[kind] = function
        return function

    return register
