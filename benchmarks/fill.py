"""Fill a migrated, empty database with invented public rows: `python benchmarks/fill.py CALLS LAUREATES`.

Everything is drawn from one seed and spread the same way whatever the numbers, so that two databases of different
sizes show pages of the same kind. The first word of each text is in four rows out of five, the last in one of fifty.
"""

import random
import sys
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from accounts.models import Organisation  # noqa: E402
from calls.models import Call, Fund, Round  # noqa: E402
from journal import clock  # noqa: E402
from selection.models import Laureate  # noqa: E402

BATCH = 5_000
FUNDS, MINISTRIES, CARRIERS = 6, 15, 42
SUBJECTS = ["données", "démarches", "accueil", "archives", "achats", "formations", "contrôles", "bourses"]
SOURCE = [{"title": "Source de mesure", "publisher": "Mesures", "date": "1er janvier 2026"}]


def fill(calls, laureates):
    """Write that many published calls, one in twenty open or to come, and that many laureates."""
    chance = random.Random(2018)  # noqa: S311 (no secret is drawn)
    funds = Fund.objects.bulk_create(
        Fund(slug=f"fonds-{n}", code=f"F{n}", name=f"Fonds de mesure {n}") for n in range(FUNDS)
    )
    ministries = Organisation.objects.bulk_create(
        Organisation(slug=f"ministere-{n}", name=f"Ministère de mesure {n}", kind=Organisation.Kind.MINISTRY)
        for n in range(MINISTRIES)
    )
    now = clock.now()
    made = []
    for batch in batches(new_calls(calls, funds, now, chance)):
        rows = Call.objects.bulk_create(batch)
        Round.objects.bulk_create(
            Round(call=row, closes_at=row.opens_at + timedelta(days=45)) for row in rows
        )
        made += rows
    for batch in batches(new_laureates(laureates, made, ministries, chance)):
        Laureate.objects.bulk_create(batch)


def new_calls(count, funds, now, chance):
    for number in range(count):
        ago = chance.randrange(60, 4000) if number % 20 else chance.randrange(-40, 40)
        yield Call(
            fund=chance.choice(funds),
            code=f"MESURE-{number}",
            slug=f"mesure-{number}",
            title=f"Appel {number} : {subject(chance)}",
            summary=text(chance),
            description=text(chance),
            opens_at=now - timedelta(days=ago),
            threshold=Decimal(chance.choice([100_000, 200_000, 500_000, 1_000_000])),
            state=Call.State.PUBLISHED,
            published_at=now - timedelta(days=max(ago, 41)),
            sources=SOURCE,
        )


def new_laureates(count, calls, ministries, chance):
    for number in range(count):
        call = chance.choice(calls)
        yield Laureate(
            fund_id=call.fund_id,
            call=call,
            slug=f"laureat-{number}",
            name=f"Projet {number} : {subject(chance)}",
            carrier=f"Organisme de mesure {chance.randrange(CARRIERS)}",
            ministry=chance.choice(ministries).name,
            year=chance.randrange(2014, 2027),
            summary=text(chance),
            amount=Decimal(chance.randrange(100, 20_000)) * 1000 if chance.random() < 0.4 else None,
            sources=SOURCE,
        )


def subject(chance):
    return f"modernisation des {chance.choice(SUBJECTS)}"


def text(chance):
    words = ["Transformation" if chance.random() < 0.8 else "Évolution", *chance.choices(SUBJECTS, k=30)]
    if chance.random() < 0.02:
        words.append("mutualisation")
    return " ".join(words) + "."


def batches(rows):
    while batch := list(islice(rows, BATCH)):
        yield batch


if __name__ == "__main__":
    fill(*map(int, sys.argv[1:3]))
