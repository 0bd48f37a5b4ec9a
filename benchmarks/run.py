"""Compare the public list of calls with a plain-text view, side by side on one server: `make bench`.

Prints ratios, which hold from one machine to another; the absolute figures are only those of this machine. CPU is
that of the web's processes (the database's apart), per request, in milliseconds. The number of SQL queries is counted
in this process on the same database.
"""

import http.client
import os
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

PAGES = {"texte simple": "/sante/vivant", "liste des appels": "/appels/"}
ROUNDS, REQUESTS = 5, 60
TICKS = os.sysconf("SC_CLK_TCK")


def main():
    """Measure each page in turn, several times over, and print the table."""
    call_command("load_demo", verbosity=0)
    measures = {name: [] for name in PAGES}
    for _ in range(ROUNDS):
        for name, path in PAGES.items():
            measures[name].append(measure(path))
    base = statistics.median(cpu for cpu, _ in measures["texte simple"])
    print(f"{'page':20} {'requêtes SQL':>12} {'CPU ms':>8} {'durée ms':>9} {'rapport':>8}")
    for name, path in PAGES.items():
        cpu = statistics.median(cpu for cpu, _ in measures[name])
        wall = statistics.median(wall for _, wall in measures[name])
        print(f"{name:20} {queries(path):12} {cpu:8.2f} {wall:9.2f} {cpu / base:7.1f}×")


def measure(path):
    """(CPU, wall) in milliseconds per request, for the web's processes, on one kept connection."""
    address = urlsplit(os.environ["PORTAL_URL"])
    link = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    before, started = web_cpu(), time.perf_counter()
    for _ in range(REQUESTS):
        link.request("GET", path)
        response = link.getresponse()
        response.read()
        if response.status != http.client.OK:
            raise SystemExit(f"{path} : {response.status}")
    wall, cpu = time.perf_counter() - started, web_cpu() - before
    link.close()
    return cpu * 1000 / REQUESTS, wall * 1000 / REQUESTS


def web_cpu():
    """The CPU seconds spent so far by every gunicorn process of this machine (Linux)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"fondsportal.wsgi" in (folder / "cmdline").read_bytes():
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return total / TICKS


def queries(path):
    """How many SQL queries an anonymous visitor's page costs."""
    client = Client(headers={"host": "127.0.0.1"})
    client.get(path).close()
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


if __name__ == "__main__":
    main()
