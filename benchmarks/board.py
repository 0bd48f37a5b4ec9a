"""Measure the deliberation board of a running portal, as the room asks for it: forty clients, every two seconds.

`BOARD` is the address of a board's moving part (…/comite/seances/1/tableau/direct/), `COOKIE` the cookie of somebody
who sits in that session (sessionid=…). Prints the share of 304, how long they take under that load, and what one costs
against a full board, asked one after the other: the ratio holds from one machine to another. A 304 takes three queries,
two of which are signing in; `tests/selection/test_board.py` counts them. Move the session meanwhile to see the boards
that change.
"""

import http.client
import os
import random
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

CLIENTS, EVERY, ROUNDS, ALONE = 40, 2.0, 10, 50


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
    main()
