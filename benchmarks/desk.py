"""Measure the secretariat's list on a running portal: `make bench`, after the public pages and the applicant's space.

Run with `fill`, a number and a file, it writes that many filed dossiers, five finished reviews each, in the database
that its environment names, and keeps there the session of an officer. Without, it takes the portals of `PORTALS` and
the sessions of `SESSIONS`, the smaller first, and prints for each way to look at the list its CPU on both, asked in
turns, and the SQL queries that it takes. The goal is twice, and twelve queries.
"""

import http.client
import os
import random
import statistics
import sys
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Organisation, User  # noqa: E402
from applications.models import Application, Submission  # noqa: E402
from benchmarks.run import spent  # noqa: E402
from calls.models import Call, FormVersion, Fund, FundRole, Round  # noqa: E402
from journal import clock  # noqa: E402
from selection.indexing import CONFIG  # noqa: E402
from selection.models import Case, Review  # noqa: E402

BATCH, REVIEWS, CALLS = 2_000, 5, 8
ROUNDS, REQUESTS = 5, 10
GOAL, MOST_QUERIES = 2, 12
LIST = "/secretariat/dossiers/"
PAGES = {
    "tous les dossiers": LIST,
    "un appel": f"{LIST}?appel=bureau-0",
    "par note": f"{LIST}?tri=note",
    "par montant": f"{LIST}?tri=montant",
    "par nom": f"{LIST}?tri=titre",
    "par référence": f"{LIST}?tri=reference",
    "un état": f"{LIST}?etat=under_review",
    "les miens": f"{LIST}?agent=moi",
    "mot courant": f"{LIST}?q=guichet",
}


def fill(number, kept):
    """Write that many dossiers as their filing would; the database itself makes their cases."""
    chance = random.Random(2027)  # noqa: S311 (no secret is drawn)
    fund = Fund.objects.create(slug="fonds-bureau", code="BUREAU", name="Fonds de mesure")
    people = User.objects.bulk_create(
        User(email=f"agent{n}@bureau.example", name=f"Agent {n}") for n in range(REVIEWS + 1)
    )
    FundRole.objects.bulk_create(
        FundRole(user=each, fund=fund, role=FundRole.Role.OFFICER) for each in people
    )
    body = Organisation.objects.create(slug="bureau-porteur", name="Porteur de mesure", kind="operateur")
    calls = [made_call(fund, f"BUREAU-{rank}") for rank in range(CALLS)]
    made = iter(range(number))
    while batch := list(islice(made, BATCH)):
        file_batch(batch, calls, body, people, chance)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE selection_case SET indexed_id = submission_id, search = to_tsvector(%s::regconfig, title)",
            [CONFIG],
        )
    client = Client(HTTP_HOST="localhost")
    client.force_login(people[-1])
    Path(kept).write_text(client.cookies[settings.SESSION_COOKIE_NAME].value)


def file_batch(ranks, calls, body, people, chance):
    applications = Application.objects.bulk_create(
        Application(
            call=call, round=call.first_round, form=call.first_form, organisation=body, created_by=people[0],
            title=title(chance), state=Application.State.FILED, number=rank + 1,
            reference=f"{call.code}-{rank + 1:06}",
        )
        for rank in ranks
        for call in [calls[rank % len(calls)]]
    )  # fmt: skip
    Submission.objects.bulk_create(
        Submission(
            application=each, revision=1, content=content(each, body), sha256=f"{each.pk:064x}",
            filed_by=people[0], filed_at=clock.now() - timedelta(minutes=chance.randrange(100_000)),
            requested_grant=Decimal(chance.randrange(200, 20_000)) * 1000, total_cost=Decimal(30_000_000),
            promised_savings=Decimal(0),
        )
        for each in applications
    )  # fmt: skip
    cases = list(Case.objects.filter(application__in=applications))
    for case in cases:
        case.state = chance.choice(["to_check", "eligible", "under_review", "under_review"])
        case.officer = people[-1] if chance.random() < 0.01 else chance.choice(people[:-1])
        case.review_score = Decimal(chance.randrange(0, 5001)) / 1000
        case.reviews_asked = case.reviews_finished = REVIEWS
    Case.objects.bulk_update(
        cases, ["state", "officer", "review_score", "reviews_asked", "reviews_finished"], batch_size=500
    )
    Review.objects.bulk_create(
        Review(
            case=case, reviewer=each, state="finished", recommendation="favourable", finished_at=clock.now()
        )
        for case in cases
        for each in people[:REVIEWS]
    )


def title(chance):
    words = ["Guichet", "Données", "Accueil", "Archives", "Achats", "Formation", "Contrôle", "Bourses"]
    return f"{chance.choice(words)} {chance.choice(words).lower()} {chance.randrange(10**6)}"


def content(application, body):
    return {
        "title": application.title, "organisation": {"name": body.name}, "themes": [], "sections": [],
        "attachments": [], "financing": [], "savings": [],
    }  # fmt: skip


def made_call(fund, code):
    now = clock.now()
    call = Call.objects.create(
        fund=fund, code=code, slug=code.lower(), title=f"Appel {code}", summary="Mesure.",
        opens_at=now - timedelta(days=90), state=Call.State.PUBLISHED, published_at=now - timedelta(days=90),
    )  # fmt: skip
    call.first_round = Round.objects.create(call=call, closes_at=now - timedelta(days=1))
    call.first_form = FormVersion.objects.create(
        call=call, definition={"sections": [], "checks": [], "criteria": [], "scale_max": 5}, sha256="0" * 64
    )
    return call


def main():
    """Measure each page of each portal in turn, several times over, and print the table."""
    sessions = [Path(kept).read_text() for kept in os.environ["SESSIONS"].split()]
    portals = list(zip(os.environ["PORTALS"].split(), sessions, strict=True))
    print(
        f"{'liste du secrétariat':24} {'requêtes SQL':>12} {'petit : ms':>11} {'grand : ms':>11} {'× petit':>8}"
    )
    for name, path in PAGES.items():
        queries = counted(path)
        turns = [[measured(portal, session, path) for portal, session in portals] for _ in range(ROUNDS + 1)]
        few, many = (statistics.median(each) * 1000 for each in zip(*turns[1:], strict=True))
        passed = "" if many / few <= GOAL and queries <= MOST_QUERIES else "  au-delà"
        print(f"{name:24} {queries:12} {few:11.2f} {many:11.2f} {many / few:8.2f}{passed}")


def counted(path):
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(email=f"agent{REVIEWS}@bureau.example"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
    return len(captured)


def measured(portal, session, path):
    """CPU seconds per request, of the web and of the database."""
    place = urlsplit(portal)
    link = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
    before = spent()
    for _ in range(REQUESTS):
        link.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
        response = link.getresponse()
        response.read()
        if response.status != http.client.OK:
            raise SystemExit(f"{path} : {response.status}")
    link.close()
    return max(spent() - before, 0.001) / REQUESTS


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]), sys.argv[3])
    else:
        main()
