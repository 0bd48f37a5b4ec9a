"""The commands behind `make run`, `make test`, `make rehearse`, `make bench` and `make services`."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fondsportal.services import system
from fondsportal.services.quarters import Refused
from fondsportal.services.stack import (
    ROOT,
    Stop,
    free_port,
    given_urls,
    require_free,
    services,
    stop_on_signals,
)

CHECKS = {
    "Règles de code": ["ruff", "check", "."],
    "Mise en forme": ["ruff", "format", "--check", "."],
    "Couches d'imports": ["lint-imports"],
    "Migrations à jour": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    # Each process takes from the other's rest, so that both end together.
    "Essais": ["pytest", "-n", "3", "--dist", "worksteal"],
}

# The measures that need no portal.
PURE = {"Annexe d’une séance": "calibration", "Choix sous l’enveloppe": "choice"}
# Calls and laureates of the portals that `bench` compares.
SIZES = {"SMALL": "100 100", "LARGE": "10000 100000"}
# Filed dossiers of the same portals, for the secretariat's list.
DESKS = {"SMALL_DESK": "100", "LARGE_DESK": "100000"}
# PostgreSQL plans by statistics, which it gathers by itself only after a while.
ANALYZE = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL'], autocommit=True).execute('VACUUM ANALYZE')"


def run():
    """The whole demonstration, until a signal stops it."""
    port = int(os.environ.get("PORT") or 8000)
    with services(data_directory(".data"), port=port) as portal:
        system.require_pango()
        require_free(port)
        say("Préparation de la base…")
        portal.manage("migrate", "--no-input", "--verbosity", "0", role="portal_owner")
        say("Chargement de la démonstration…")
        portal.manage("load_demo")
        with portal.supervise("web", "worker", "worker-long", "beat") as supervisor:
            accounts = portal.ask("demo_accounts")
            say("Démarrage du portail…")
            supervisor.wait_until_ready(f"http://127.0.0.1:{port}/sante/pret")
            table, _ = accounts.communicate()
            say(f"\nPortail prêt : {portal.base['PORTAL_URL']}\n\n{table}")
            say(f"Journaux des processus : {portal.logs}. Ctrl-C pour arrêter.")
            supervisor.watch()


def test():
    """Every check, then the tests; with ARGS, pytest alone with these arguments. The first failure's code."""
    arguments = shlex.split(os.environ.get("ARGS", ""))
    system.require_pango()
    system.require_chromium()
    checks = {"Essais": ["pytest", *arguments]} if arguments else CHECKS
    codes = {}
    with throw_away() as portal:
        for heading, argv in checks.items():
            say(f"\n=== {heading} : {shlex.join(argv)}")
            codes[heading] = portal.call(argv, role="portal")
    if not arguments:
        say("\n=== Petite répétition")
        with tempfile.TemporaryDirectory() as data:
            codes["Petite répétition"] = play(data, ["--size", "3"])
    failed = [heading for heading, code in codes.items() if code]
    if failed:
        say(f"\nÉchec : {', '.join(failed)}.", sys.stderr)
    return next(filter(None, codes.values()), 0)


def rehearse():
    """A whole campaign played by invented people, on a data directory of its own, by SIZE and SEED."""
    options = [
        word
        for name in ("SIZE", "SEED")
        if os.environ.get(name)
        for word in (f"--{name.lower()}", os.environ[name])
    ]
    system.require_pango()
    return play(data_directory(".data-rehearsal"), options)


def play(data, options):
    with services(data) as portal:
        portal.manage("migrate", "--no-input", "--verbosity", "0", role="portal_owner")
        with portal.supervise("worker", "worker-long", "beat", WORKER_CONCURRENCY="2"):
            return portal.call(["python", "manage.py", "rehearse", *options])


def bench():
    """The measures, against two portals on fresh, durable databases: a small one and a large one (SMALL=…, LARGE=…)."""
    system.require_pango()
    for heading, name in PURE.items():
        say(f"\n=== {heading}")
        if code := subprocess.run(
            [sys.executable, f"benchmarks/{name}.py"], cwd=ROOT, check=False
        ).returncode:
            return code
    with ExitStack() as stack:
        portals = [filled(stack, os.environ.get(name, size)) for name, size in SIZES.items()]
        addresses = " ".join(portal.base["PORTAL_URL"] for portal in portals)
        return (
            portals[0].call(["python", "benchmarks/run.py"], PORTALS=addresses)
            or portals[0].call(["python", "benchmarks/dossiers.py"], PORTALS=addresses)
            or measure_desk(stack, portals, addresses)
            or measure_documents()
        )


def measure_desk(stack, portals, addresses):
    """The secretariat's list on the same portals, with filed dossiers (SMALL_DESK=…, LARGE_DESK=…)."""
    folder, sessions = stack.enter_context(tempfile.TemporaryDirectory()), []
    for portal, (name, size) in zip(portals, DESKS.items(), strict=True):
        sessions.append(os.path.join(folder, name))
        say(f"Remplissage : {os.environ.get(name, size)} dossiers déposés…")
        filling = ["python", "benchmarks/desk.py", "fill", os.environ.get(name, size), sessions[-1]]
        if portal.call(filling):
            raise Refused("Le remplissage a échoué.")
        portal.call(["python", "-c", ANALYZE], role="portal")
    measuring = ["python", "benchmarks/desk.py"]
    return portals[-1].call(measuring, PORTALS=addresses, SESSIONS=" ".join(sessions)) or measure_board(
        portals[0], os.path.join(folder, "board")
    )


def measure_board(portal, kept):
    """The deliberation board of a session on the same dossiers."""
    say("\n=== Tableau de séance")
    if portal.call(["python", "benchmarks/board.py", "fill", kept]):
        raise Refused("Le remplissage a échoué.")
    path, cookie = Path(kept).read_text().split()
    address = f"{portal.base['PORTAL_URL']}{path}"
    return portal.call(["python", "benchmarks/board.py"], BOARD=address, COOKIE=cookie)


def measure_documents():
    """How documents are made, on a portal of their own (DOSSIERS=…)."""
    say("\n=== Documents")
    with tempfile.TemporaryDirectory() as data, services(data, port=free_port()) as portal:
        portal.manage("migrate", "--no-input", "--verbosity", "0", role="portal_owner")
        return portal.call(["python", "benchmarks/documents.py"])


def filled(stack, size):
    """A portal that holds « calls laureates » invented rows, its web running as long as the stack stands."""
    port = free_port()
    data = stack.enter_context(tempfile.TemporaryDirectory())
    portal = stack.enter_context(services(data, port=port))
    portal.manage("migrate", "--no-input", "--verbosity", "0", role="portal_owner")
    say(f"Remplissage : {size} (appels, lauréats)…")
    if portal.call(["python", "benchmarks/fill.py", *size.split()]):
        raise Refused("Le remplissage a échoué.")
    portal.call(["python", "-c", ANALYZE], role="portal")
    supervisor = stack.enter_context(portal.supervise("web", WEB_CONCURRENCY="2"))
    supervisor.wait_until_ready(f"http://127.0.0.1:{port}/sante/pret")
    return portal


def stay():
    """The tests' PostgreSQL and Valkey, kept up for a developer who runs pytest by hand."""
    with throw_away() as portal:
        for name in ("DATABASE_URL", "REDIS_URL", "FILES_ROOT", "TEST_TEMPLATE"):
            say(f"export {name}={shlex.quote(portal.environment('portal').get(name, ''))}")
        say("\n# Puis, ailleurs : .venv/bin/pytest --reuse-db tests/… (ici, Ctrl-C pour arrêter)")
        while True:
            signal.pause()


COMMANDS = {"run": run, "test": test, "rehearse": rehearse, "bench": bench, "services": stay}


@contextmanager
def throw_away():
    """The services of a test run, in a directory that disappears with them."""
    settings = "fondsportal.settings.test"
    with tempfile.TemporaryDirectory() as data, services(data, settings=settings, throw_away=True) as portal:
        if given_urls() is None:
            # Each process of the tests copies this schema, rather than making it anew by every migration.
            portal.manage("migrate", "--no-input", "--verbosity", "0", role="portal_owner")
            portal.base["TEST_TEMPLATE"] = "portal"
        yield portal


def data_directory(default):
    return ROOT / Path(os.environ.get("DATA") or default).expanduser()


def say(text, file=None):
    print(text, file=file, flush=True)


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        for name, command in COMMANDS.items():
            say(f"python -m fondsportal.services {name:9} {command.__doc__.splitlines()[0]}")
        return 0 if arguments in (["--help"], ["-h"]) else 2
    stop_on_signals()
    try:
        return COMMANDS[arguments[0]]() or 0
    except Refused as refused:
        say(str(refused), sys.stderr)
        return 1
    except Stop as stop:
        say("\nArrêté.")
        return 0 if arguments[0] in ("run", "services") else 128 + stop.args[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
