"""Who is in which section now. In the cache alone: it is forgotten a minute after the last sign of life."""

import logging

from django.core.cache import cache
from django.db.models import Q

from accounts.models import Membership, User

logger = logging.getLogger(__name__)

SECONDS = 60


def enter(application, user, section_key):
    """Someone is in a section; a cache that fails hides them, and stops nobody."""
    _asked(cache.set, _key(application, user), section_key, SECONDS)


def leave(application, user):
    _asked(cache.delete, _key(application, user))


def of(application, people=None):
    """The people in each section, by its key.

    Args:
        people: those who may write, where the caller has them already; they are asked of the database otherwise.
    """
    people = {_key(application, user): user for user in (people or writers(application))}
    found = {}
    for key, section_key in (_asked(cache.get_many, people) or {}).items():
        found.setdefault(section_key, []).append(people[key])
    return found


def others(application, user, people=None):
    """The same, without oneself."""
    found = {key: [each for each in there if each != user] for key, there in of(application, people).items()}
    return {key: there for key, there in found.items() if there}


def writers(application):
    """Who may be in the sections of a dossier: those invited on it, and who certifies for the body, not all its own."""
    invited = application.collaborators.values("user")
    certifying = Membership.objects.certifying().filter(organisation=application.organisation_id)
    return User.objects.filter(Q(pk__in=invited) | Q(pk__in=certifying.values("user")))


def _key(application, user):
    return f"presence.{application.pk}.{user.pk}"


def _asked(ask, *arguments):
    try:
        return ask(*arguments)
    except Exception:  # whatever the cache's client may raise when Valkey is away
        logger.warning("the cache is away; nobody is shown present")
        return None
