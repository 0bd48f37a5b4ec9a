import os
import signal
import socket
import stat
import subprocess
import sys
from contextlib import ExitStack

import psycopg
import pytest

from fondsportal.services import stack
from fondsportal.services.quarters import Refused

HOLD = """
import sys, time
from fondsportal.services.stack import Stop, services, stop_on_signals
stop_on_signals()
try:
    with services(sys.argv[1], throw_away=True) as portal:
        print(portal.environment()["DATABASE_URL"], flush=True)
        time.sleep(60)
except Stop:
    print("stopped", flush=True)
"""


@pytest.fixture
def hold(tmp_path, monkeypatch):
    """Starts another process that holds the services of tmp_path, as `make run` does."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    holders = []

    def start(**call):
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True, cwd=stack.ROOT, **call
        )
        holders.append(holder)
        return holder, holder.stdout.readline().strip()

    yield start
    for holder in holders:
        holder.terminate()
        holder.communicate()


def answers(url):
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_second_start_is_refused_and_the_first_goes_on(tmp_path, hold):
    first, url = hold()

    with pytest.raises(Refused, match=rf"tourne déjà.*processus {first.pid}"), stack.services(tmp_path):
        pass

    assert answers(url)


def test_a_start_after_a_sigkill_works(hold):
    first, _ = hold()
    first.kill()
    first.wait()

    _, url = hold()

    assert answers(url)


def test_sigint_stops_everything_even_where_a_shell_had_it_ignored(hold):
    holder, url = hold(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    assert answers(url)

    holder.send_signal(signal.SIGINT)

    assert holder.communicate(timeout=20)[0] == "stopped\n"
    assert not answers(url)


def test_given_addresses_are_used_and_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://web@db/portal")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/portal")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    monkeypatch.setattr(stack, "ignore_signals", lambda: None)

    with stack.services(tmp_path) as portal:
        web, owner = portal.environment(), portal.environment("portal_owner")

    assert (web["DATABASE_URL"], owner["DATABASE_URL"]) == (
        "postgresql://web@db/portal",
        "postgresql://owner@db/portal",
    )
    assert web["REDIS_URL"] == "redis://cache/0"
    assert not (tmp_path / "postgres").exists()


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    key = stack.secret_key(tmp_path)

    assert (stack.secret_key(tmp_path), len(key) >= 50) == (key, True)
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_port_in_use_is_refused_in_plain_words(monkeypatch):
    monkeypatch.setattr(stack, "PORT_SECONDS", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Refused, match=f"Le port {port} est déjà pris"):
            stack.require_free(port)


def test_the_lock_ends_with_its_block(tmp_path):
    for _ in range(2):
        with ExitStack() as block:
            stack.lock(tmp_path / "data", block)

    assert (tmp_path / "data" / "lock").read_text() == str(os.getpid())
