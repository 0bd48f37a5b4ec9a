"""What every command shares: a locked data directory, its services, the environment to find them."""

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fondsportal.services.postgres import THROW_AWAY, Postgres
from fondsportal.services.quarters import Refused, dying_with_parent
from fondsportal.services.supervisor import Supervisor
from fondsportal.services.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
# How long a predecessor that was killed gets to leave its port.
PORT_SECONDS = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """A signal asked to stop; `with` blocks unwind, and later signals are ignored meanwhile."""


class Stack:
    """The running services, and the environment in which the portal's commands find them."""

    def __init__(self, data, urls, environment):
        self.data, self.urls = data, urls
        self.logs = data / "logs"
        self.base = environment

    def environment(self, role="portal_web", **more):
        """The variables of a command that connects as `role`."""
        return self.base | {"DATABASE_URL": self.urls[role]} | more

    def call(self, argv, *, role="portal_web", **more):
        """Run a command on the terminal and give its exit code; a signal reaches it before it is killed."""
        process = subprocess.Popen(
            argv,
            cwd=ROOT,
            env=self.environment(role, **more),
            preexec_fn=dying_with_parent(signal.SIGTERM),
        )
        try:
            return process.wait()
        except BaseException:
            self._end(process)
            raise

    def manage(self, *arguments, role="portal_web"):
        """Run one of Django's commands, which must succeed."""
        if code := self.call([sys.executable, "manage.py", *arguments], role=role):
            raise Refused(f"« manage.py {' '.join(arguments)} » a échoué (code {code}).")

    def ask(self, *arguments):
        """Start one of Django's commands and give it back, to read what it prints later."""
        argv = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(
            argv,
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=dying_with_parent(signal.SIGTERM),
        )

    def supervise(self, *names, **more):
        """The supervisor of these processes, to be entered."""
        return Supervisor(names, root=ROOT, logs=self.logs, environment=self.environment(**more))

    def _end(self, process):
        # Ctrl-C reached it as well as us; a plain `kill` reached us alone.
        for signum in (signal.SIGINT, signal.SIGKILL):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
                return
            process.send_signal(signum)
        process.wait()


@contextmanager
def services(data, *, settings="fondsportal.settings.dev", throw_away=False, port=8000):
    """PostgreSQL and Valkey on `data`, stopped in the end; given addresses are used instead of our own.

    A throw-away pair waits for no disk: for tests.
    """
    data = Path(data).resolve()
    with ExitStack() as stack:
        lock(data, stack)
        (data / "logs").mkdir(exist_ok=True)
        (data / "files").mkdir(mode=0o700, exist_ok=True)
        urls, redis_url = given_urls(), os.environ.get("REDIS_URL")
        if urls is None:
            options = THROW_AWAY if throw_away else ()
            postgres = Postgres(data / "postgres", data / "logs" / "postgres.log", options=options)
            stack.callback(postgres.stop)
            postgres.start()
            urls = {role: postgres.url(role) for role in ("portal", "portal_owner", "portal_web")}
        if redis_url is None:
            valkey = Valkey(data / "valkey", data / "logs" / "valkey.log", durable=not throw_away)
            stack.callback(valkey.stop)
            valkey.start()
            redis_url = valkey.url
        stack.callback(ignore_signals)
        environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": settings,
            "REDIS_URL": redis_url,
            "FILES_ROOT": str(data / "files"),
            "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(data),
            "PORT": str(port),
            "PORTAL_URL": os.environ.get("PORTAL_URL") or f"http://127.0.0.1:{port}",
        }
        yield Stack(data, urls, environment)


def given_urls():
    """The addresses of the environment's own PostgreSQL, or None: one for migrating, one for the rest."""
    if not (url := os.environ.get("DATABASE_URL")):
        return None
    return {"portal": url, "portal_owner": os.environ.get("DATABASE_OWNER_URL") or url, "portal_web": url}


def lock(data, stack):
    """Take the data directory for ourselves, or refuse: two servers on one would destroy it."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = stack.enter_context((data / "lock").open("a+"))
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        raise Refused(f"Le portail tourne déjà sur {data} (processus {handle.read().strip()}).") from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()


def secret_key(data):
    """The data directory's own key, made once, readable by its owner alone."""
    path = data / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def require_free(port):
    """Refuse a port that someone else listens on."""
    deadline = time.monotonic() + PORT_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                return probe.bind(("127.0.0.1", port))
            except PermissionError:
                raise Refused(f"Le port {port} est réservé : choisissez-en un autre avec PORT=…") from None
            except OSError:
                time.sleep(0.2)
    raise Refused(f"Le port {port} est déjà pris : choisissez-en un autre avec PORT=…")


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop_on_signals():
    """Turn the first signal into `Stop`, also where a shell told its background job to ignore SIGINT."""

    def stop(signum, frame):
        ignore_signals()
        raise Stop(signum)

    for signum in SIGNALS:
        # What `nohup` asked to ignore stays ignored.
        if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, stop)


def ignore_signals():
    """Nothing may interrupt the stopping itself."""
    for signum in SIGNALS:
        signal.signal(signum, signal.SIG_IGN)
