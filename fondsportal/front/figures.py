"""The portal in a few figures: real facts only, counted at most every five minutes."""

import hashlib
import logging

from django.core.cache import cache
from django.db.models import Max
from redis.exceptions import RedisError

from calls.models import Call, Fund
from selection.figures import Tally, tallies
from selection.models import Announcement, Laureate, LaureateChange

SECONDS = 300
log = logging.getLogger(__name__)


def figures():
    """Funds, calls and laureates, and what is known of the amounts; what is invented is not counted.

    What was counted is remembered for the announcements, the changes and the calls that are public at this minute, for
    no others.
    """
    seen = Announcement.objects.public().order_by("pk").values_list("pk", flat=True)
    changes = LaureateChange.objects.told().order_by("pk").values_list("pk", flat=True)
    last_call = Call.objects.public().aggregate(at=Max("published_at"))["at"]
    key = hashlib.sha256(",".join(map(str, [*seen, "changes", *changes, last_call])).encode()).hexdigest()
    try:
        return cache.get_or_set(f"front.figures.{key}", counted, SECONDS)
    except RedisError:
        log.warning("Les chiffres de l’accueil sont recomptés : le cache ne répond pas.")
        return counted()


def counted():
    laureates = Laureate.objects.public().counted().filter(fictitious=False)
    whole = Tally()
    for tally in tallies(laureates, "fund").values():
        whole.add(vars(tally))
    whole.to_confirm = laureates.to_confirm().count()
    return {
        "funds": Fund.objects.public().count(),
        "calls": Call.objects.public().filter(fictitious=False).count(),
        "laureates": whole,
    }
