"""Compare the public pages on a small and on a large portal, side by side on one machine: `make bench`.

Prints ratios, which hold from one machine to another; the absolute figures are only those of this machine. CPU is that
of the web's processes and of PostgreSQL's, per request, in milliseconds. « × petit » compares a page with the same
page of the small portal, asked in turns with it; « × texte » with a view that answers plain text.
A rare word fills no page of the small portal: « Ko » tells what each answers. `PORTALS` is the environment's list of
addresses, the smaller portal first.
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
    "appels, mot courant et montant": "/appels/?q=transformation&montant=600000",
    "appels clos": "/appels/?etat=clos",
    "un appel": "/appels/mesure-7/",
    "lauréats": "/laureats/",
    "lauréats, mot courant": "/laureats/?q=transformation",
    "lauréats, mot courant, par nom": "/laureats/?q=transformation&tri=nom",
    "lauréats, porteur": "/laureats/?porteur=mesure",
    "lauréats, mot rare": "/laureats/?q=mutualisation",
    "lauréats, année et ministère": f"/laureats/?annee=2020&ministere={quote('Ministère de mesure 3')}",
    "un lauréat": "/laureats/laureat-7/",
    "recherche, mot courant": "/recherche/?q=transformation",
    "recherche, mot rare": "/recherche/?q=mutualisation",
    "API, lauréats": "/api/v1/laureats",
    "résultats": "/resultats/",
}
ROUNDS, REQUESTS = 5, 20
TICKS = os.sysconf("SC_CLK_TCK")
MEASURED = ("gunicorn", "postgres")
GOAL = 1.5


def main():
    """Measure each page of each portal in turn, several times over, and print the table."""
    portals = os.environ["PORTALS"].split()
    costs = {}
    for name, path in PAGES.items():
        for portal in portals:
            measure(portal, path, 2)
        turns = [(portal, measure(portal, path, REQUESTS)) for _ in range(ROUNDS) for portal in portals]
        costs[name] = [median(turn for asked, turn in turns if asked == portal) for portal in portals]
    text = costs["texte simple"][0][0]
    print(
        f"{'page':32} {'petit : ms':>10} {'Ko':>5} {'grand : ms':>11} {'Ko':>5} {'× texte':>8} {'× petit':>8}"
    )
    for name, ((few, small), (many, large)) in costs.items():
        passed = "" if many / few <= GOAL else "  au-delà de 1,5"
        print(
            f"{name:32} {few:10.2f} {small:5.0f} {many:11.2f} {large:5.0f}"
            f" {few / text:8.1f} {many / few:8.2f}{passed}"
        )


def median(turns):
    """The middle CPU of several turns of one page, and its size."""
    cpu, sizes = zip(*turns, strict=True)
    return statistics.median(cpu), sizes[0]


def measure(portal, path, requests):
    """CPU milliseconds per request, of the web and of the database, and kilobytes, on one kept connection."""
    place = urlsplit(portal)
    link = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    before = spent()
    for _ in range(requests):
        link.request("GET", path)
        response = link.getresponse()
        body = response.read()
        if response.status != http.client.OK:
            raise SystemExit(f"{portal}{path} : {response.status}")
    link.close()
    return (spent() - before) * 1000 / requests, len(body) / 1000


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
