"""Compare the public pages on a small and on a large portal, side by side on one machine: `make bench`.

Prints ratios, which hold from one machine to another; the absolute figures are only those of this machine. CPU is that
of the web's processes and of PostgreSQL's, per request, in milliseconds. « × petit » compares a page with the same
page of the small portal, asked in turns with it; « × texte » with a view that answers plain text.
`MEASURED` is the environment's list of addresses, the smaller portal first.
"""

import http.client
import os
import statistics
from pathlib import Path
from urllib.parse import quote, urlsplit

PAGES = {
    "texte simple": "/sante/vivant",
    "accueil": "/",
    "appels": "/appels/",
    "appels, mot courant": "/appels/?q=transformation",
    "appels, mot rare et fonds": "/appels/?q=mutualisation&fonds=fonds-1",
    "un appel": "/appels/mesure-7/",
    "lauréats": "/laureats/",
    "lauréats, mot courant": "/laureats/?q=transformation",
    "lauréats, mot rare": "/laureats/?q=mutualisation",
    "lauréats, année et ministère": f"/laureats/?annee=2020&ministere={quote('Ministère de mesure 3')}",
    "un lauréat": "/laureats/laureat-7/",
}
ROUNDS, REQUESTS = 5, 20
TICKS = os.sysconf("SC_CLK_TCK")
MEASURED = ("gunicorn", "postgres")
GOAL = 1.5


def main():
    """Measure each page of each portal in turn, several times over, and print the table."""
    small, large = os.environ["MEASURED"].split()
    cpu = {}
    for name, path in PAGES.items():
        for address in (small, large):
            measure(address, path, 2)
        turns = [
            (address, measure(address, path, REQUESTS)) for _ in range(ROUNDS) for address in (small, large)
        ]
        cpu[name] = [
            statistics.median(spent for address, spent in turns if address == asked)
            for asked in (small, large)
        ]
    text = cpu["texte simple"][0]
    print(f"{'page':30} {'petit, ms':>10} {'grand, ms':>10} {'× texte':>8} {'× petit':>8}")
    for name, (few, many) in cpu.items():
        passed = "" if many / few <= GOAL else "  au-delà de 1,5"
        print(f"{name:30} {few:10.2f} {many:10.2f} {few / text:8.1f} {many / few:8.2f}{passed}")


def measure(address, path, requests):
    """CPU milliseconds per request, of the web and of the database, on one kept connection."""
    place = urlsplit(address)
    link = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    before = spent()
    for _ in range(requests):
        link.request("GET", path)
        response = link.getresponse()
        response.read()
        if response.status != http.client.OK:
            raise SystemExit(f"{address}{path} : {response.status}")
    link.close()
    return (spent() - before) * 1000 / requests


def spent():
    """The CPU seconds of our sisters so far: the web and the database that the same command started (Linux)."""
    parents, costs = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        if any(word in command for word in MEASURED):
            # Its own time, and that of the children it has waited for.
            costs[int(folder.name)] = sum(map(int, fields[11:15]))
    family = os.getppid()
    return sum(cost for pid, cost in costs.items() if descends(pid, family, parents)) / TICKS


def descends(pid, ancestor, parents):
    while pid in parents:
        if pid == ancestor:
            return True
        pid = parents[pid]
    return False


if __name__ == "__main__":
    main()
