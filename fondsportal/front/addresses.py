"""Addresses in full, as a reader outside the portal needs them: they never depend on the host a request names."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse


def absolute(path):
    return settings.PORTAL_URL.rstrip("/") + path


def pattern(name):
    """The full address of a page with its one argument to be filled in: `pattern(…).format(slug)`."""
    return absolute(_pattern(name))


@lru_cache  # a file of a hundred thousand rows asks for as many addresses
def _pattern(name):
    return reverse(name, args=["_"]).replace("/_/", "/{}/")
