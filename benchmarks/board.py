"""Measure the deliberation board of a running portal, as the room asks for it: forty clients, every two seconds.

Run with `fill` and a file, it writes in the database that its environment names a session of nine members and twenty of
the dossiers that `desk.py` filed there, half of them revealed, and keeps in the file the path of its board and a cookie
of a member. Without, `BOARD` is the address of a board's moving part (…/comite/seances/1/tableau/direct/), `COOKIE` the
cookie of somebody who sits in that session (sessionid=…). Prints the share of 304, how long they take under that load,
and what one costs against a full board, asked one after the other: the ratio holds from one machine to another. A 304
takes three queries, two of which are signing in; `tests/selection/test_board.py` counts them. Move the session
meanwhile to see the boards that change.
"""

import http.client
import os
import random
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

CLIENTS, EVERY, ROUNDS, ALONE = 40, 2.0, 10, 50
MEMBERS, ITEMS, CRITERIA = 9, 20, 4


def fill(kept):
    """Write the session: every member scored everything, and the room looks at the first item."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from accounts.models import User
    from calls.models import Criterion, Envelope, Fund
    from selection import models

    fund, now = Fund.objects.get(slug="fonds-bureau"), timezone.localtime()
    people = User.objects.bulk_create(
        User(email=f"membre{n}@bureau.example", name=f"Membre {n}") for n in range(MEMBERS)
    )
    committee = models.Committee.objects.create(fund=fund, name="Comité de mesure")
    seats = models.CommitteeSeat.objects.bulk_create(
        models.CommitteeSeat(committee=committee, user=each, title=each.name, is_chair=each == people[0])
        for each in people
    )
    envelope = Envelope.objects.create(fund=fund, year=now.year, commitments=100_000_000)
    session = models.CommitteeSession.objects.create(
        committee=committee, envelope=envelope, title="Séance de mesure", held_on=now.date(),
        state="open", prepared_by=people[0],
    )  # fmt: skip
    call = fund.calls.order_by("pk").first()
    criteria = Criterion.objects.bulk_create(
        Criterion(call=call, key=f"critere-{n}", label=f"Critère {n}", weight=25, position=n)
        for n in range(CRITERIA)
    )
    for position, case in enumerate(models.Case.objects.filter(call=call).order_by("pk")[:ITEMS], start=1):
        item = models.AgendaItem.objects.create(
            session=session, case=case, position=position, proposed_amount=4_000_000
        )
        for seat in seats:
            card = models.Scorecard.objects.create(item=item, seat=seat, scored_at=now)
            models.ScorecardScore.objects.bulk_create(
                models.ScorecardScore(
                    scorecard=card, criterion=each, value=(position + seat.pk + each.pk) % 6
                )
                for each in criteria
            )
        if position % 2:
            models.AgendaItem.objects.filter(pk=item.pk).update(state="revealed")
    models.Board.objects.filter(session=session).update(current=session.items.order_by("position").first())
    client = Client(HTTP_HOST="localhost")
    client.force_login(people[1])
    name = settings.SESSION_COOKIE_NAME
    path = reverse("selection:board_live", args=[session.pk])
    Path(kept).write_text(f"{path}\n{name}={client.cookies[name].value}")


def main():
    board = urlsplit(os.environ["BOARD"])
    with ThreadPoolExecutor(CLIENTS) as room:
        answers = [each for client in room.map(follow, [board] * CLIENTS) for each in client]
    counts = Counter(status for status, _ in answers)
    unchanged = [seconds for status, seconds in answers if status == http.HTTPStatus.NOT_MODIFIED] or [0.0]
    print(f"{CLIENTS} clients, {len(answers)} demandes : {dict(counts)}")
    print(f"part de 304 : {counts[http.HTTPStatus.NOT_MODIFIED] / len(answers):.0%}, 3 requêtes SQL chacune")
    print(
        f"un 304 : médiane {statistics.median(unchanged) * 1000:.0f} ms, pire {max(unchanged) * 1000:.0f} ms"
    )
    _, _, stamp = ask(board, "")
    alone = {
        name: statistics.median(ask(board, told)[1] for _ in range(ALONE))
        for name, told in (("304", stamp), ("entier", ""))
    }
    print(
        f"seul : 304 {alone['304'] * 1000:.1f} ms, tableau entier {alone['entier'] * 1000:.1f} ms,"
        f" × {alone['entier'] / alone['304']:.1f}"
    )


def follow(board):
    """What one client is answered, and how fast; each starts in its own time."""
    time.sleep(random.uniform(0, EVERY))  # noqa: S311 (no secret is drawn)
    stamp, answers = "", []
    for _ in range(ROUNDS):
        status, seconds, stamp = ask(board, stamp)
        answers.append((status, seconds))
        time.sleep(EVERY)
    return answers


def ask(board, stamp):
    connection = http.client.HTTPConnection(board.netloc, timeout=30)
    start = time.perf_counter()
    connection.request("GET", board.path, headers={"Cookie": os.environ["COOKIE"], "If-None-Match": stamp})
    answer = connection.getresponse()
    answer.read()
    seconds = time.perf_counter() - start
    connection.close()
    return answer.status, seconds, answer.headers.get("ETag", stamp)


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(sys.argv[2])
    else:
        main()
