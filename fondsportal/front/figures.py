"""The portal in a few figures: real facts only, counted at most every five minutes."""

import logging

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from redis.exceptions import RedisError

from calls.models import Call, Fund
from calls.money import published_amount
from selection.models import Laureate

SECONDS = 300
log = logging.getLogger(__name__)


def figures():
    """Funds, calls and laureates, and what is known of the amounts; what is invented is not counted.

    An announcement shows at its minute on its own page: these totals follow within five minutes, never before.
    """
    try:
        return cache.get_or_set("front.figures", counted, SECONDS)
    except RedisError:
        log.warning("Les chiffres de l’accueil sont recomptés : le cache ne répond pas.")
        return counted()


def counted():
    laureates = Laureate.objects.public().filter(fund__rehearsal=False, fictitious=False)
    known = laureates.aggregate(
        laureates=Count("pk"),
        known=Count("amount"),
        total=Sum("amount"),
        more_than=Count("amount", filter=Q(amount_qualifier=Laureate.Qualifier.MORE_THAN)),
        approx=Count("amount", filter=Q(amount_qualifier=Laureate.Qualifier.APPROX)),
    )
    # A total is no more exact than the least exact of its parts.
    qualifier = next((each for each in ("more_than", "approx") if known[each]), "")
    return {
        "funds": Fund.objects.public().count(),
        "calls": Call.objects.public().filter(fictitious=False).count(),
        "laureates": known["laureates"],
        "known": known["known"],
        "amount": published_amount(known["total"], qualifier),
    }
