"""The portal's own processes: started, watched, started again after a crash, stopped to the last."""

import contextlib
import http.client
import os
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

from fondsportal.services.quarters import Refused, spawn, tail

# docker-compose.yml runs these very commands; tests/services/test_compose.py compares them.
# Beat keeps its clock in memory: its file would be broken by a SIGKILL, and every task is only a bell.
WORKER = ["celery", "-A", "fondsportal", "worker", "-l", "INFO", "--without-mingle"]
COMMANDS = {
    "web": ["gunicorn", "fondsportal.wsgi"],
    "worker": [*WORKER, "-n", "short@%h", "-Q", "celery"],
    "worker-long": [*WORKER, "-n", "long@%h", "-Q", "documents,long"],
    "beat": [
        "celery",
        "-A",
        "fondsportal",
        "beat",
        "-l",
        "INFO",
        "--scheduler",
        "celery.beat:Scheduler",
    ],
}
READY_SECONDS = 120
# How long a process gets after each signal: finish the work, put it back, and out.
STOP_SECONDS = {signal.SIGTERM: 10, signal.SIGQUIT: 5}
LOG_MAX_BYTES = 10_000_000


class Child:
    """One process of the table, its log, and when to start it again."""

    def __init__(self, name, argv, log, call):
        self.name, self.argv, self.log, self.call = name, argv, log, call
        self.crashes, self.due = 0, None
        if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
            log.replace(log.with_suffix(".old.log"))
        self.start()

    def start(self):
        self.due, self.started = None, time.monotonic()
        with self.log.open("ab") as log:
            self.process = spawn(self.argv, stdout=log, stderr=log, **self.call)

    def tend(self):
        """Start the process again when it has ended: after 1 s, then 2, 4… up to 30 if it keeps crashing."""
        now = time.monotonic()
        if self.due is not None:
            if now >= self.due:
                self.start()
        elif (code := self.process.poll()) is not None:
            self.end_group()
            self.crashes = 1 if now - self.started > 60 else self.crashes + 1
            delay = min(30, 2 ** (self.crashes - 1))
            self.due = now + delay
            print(
                f"{self.name} s'est arrêté (code {code}), relancé dans {delay} s ; voir {self.log}",
                flush=True,
            )

    def signal(self, signum):
        if self.process.poll() is None:
            self.process.send_signal(signum)

    def end_group(self):
        """A dead parent's children would keep its port or its tasks."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Runs some processes of the table as long as its `with` block lasts."""

    def __init__(self, names, *, root, logs, environment, commands=COMMANDS):
        self.plan = {name: commands[name] for name in names}
        self.call = {"cwd": root, "env": environment}
        self.logs = Path(logs)
        self.children = []

    def __enter__(self):
        try:
            for name, argv in self.plan.items():
                self.children.append(Child(name, argv, self.logs / f"{name}.log", self.call))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *failure):
        self.stop()

    def watch(self):
        """Tend the processes until a signal says to stop."""
        while True:
            self.tend()
            time.sleep(0.2)

    def tend(self):
        for child in self.children:
            child.tend()

    def wait_until_ready(self, url):
        """Answer once the page says 200; give up when a process keeps crashing or after two minutes."""
        deadline = time.monotonic() + READY_SECONDS
        while not answers(url):
            self.tend()
            fallen = next((child for child in self.children if child.crashes >= 3), None)
            if fallen or time.monotonic() > deadline:
                log = (fallen or self.children[0]).log
                raise Refused(f"Le portail ne répond pas sur {url}. Fin de {log} :\n{tail(log)}")
            time.sleep(0.2)

    def stop(self):
        """All at once, politely then less so; whatever is left of their groups is killed."""
        for signum, seconds in STOP_SECONDS.items():
            for child in self.children:
                child.signal(signum)
            deadline = time.monotonic() + seconds
            while (
                any(child.process.poll() is None for child in self.children) and time.monotonic() < deadline
            ):
                time.sleep(0.05)
        for child in self.children:
            child.end_group()


def answers(url):
    """Does this local page answer 200? No proxy of the environment is asked."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
