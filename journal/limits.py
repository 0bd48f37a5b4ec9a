"""How often one may ask: counted in the cache by a hash of who asks, which expires with the count."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from journal.refusals import TooMany

log = logging.getLogger(__name__)


def limit(purpose, request, *, most, within, who=None):
    """Count one more request for this purpose, and stop it beyond `most` in `within` seconds.

    Counted by address, unless `who` names what to count by: a person, a dossier.

    A whole ministry may come from one address: be generous. Without the cache nobody is counted nor stopped.

    Raises:
        TooMany: answered as 429.
    """
    counted = address_of(request) if who is None else str(who)
    who = salted_hmac(f"limit.{purpose}", counted, algorithm="sha256").hexdigest()
    key = f"limit.{purpose}.{who}"
    try:
        cache.add(key, 0, within)
        if cache.incr(key) > most:
            raise TooMany(retry_after=within)
    except (RedisError, ValueError):  # no cache, or the count expired between the two
        log.warning("« %s » n’est pas compté : le cache ne répond pas.", purpose)


def address_of(request):
    """Where a request comes from, past the proxies that the settings vouch for; never kept in clear."""
    passed = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.PROXIES and len(passed) >= settings.PROXIES:
        return passed[-settings.PROXIES]
    return request.META.get("REMOTE_ADDR", "")
