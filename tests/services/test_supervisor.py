import os
import sys
import time

import pytest

from fondsportal.services.quarters import Refused
from fondsportal.services.supervisor import Supervisor


def supervise(tmp_path, code):
    commands = {"web": [sys.executable, "-c", code]}
    return Supervisor(["web"], root=tmp_path, logs=tmp_path, environment=dict(os.environ), commands=commands)


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat") as stat:  # A zombie waits for its new parent, not for us.
        return stat.read().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_crashed_process_is_started_again_after_a_pause(tmp_path, capsys):
    with supervise(tmp_path, "print('up', flush=True); raise SystemExit(3)") as supervisor:
        [child] = supervisor.children
        child.process.wait()

        supervisor.tend()
        assert child.due > time.monotonic()
        child.due = time.monotonic()
        supervisor.tend()
        child.process.wait()

    assert (tmp_path / "web.log").read_text() == "up\nup\n"
    assert "web s'est arrêté (code 3), relancé dans 1 s" in capsys.readouterr().out


def test_stopping_leaves_no_process_not_even_a_grandchild(tmp_path):
    code = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with supervise(tmp_path, code) as supervisor:
        [child] = supervisor.children
        wait_for(lambda: (tmp_path / "web.log").read_text().endswith("\n"))
        grandchild = int((tmp_path / "web.log").read_text())

    assert child.process.returncode is not None
    wait_for(lambda: gone(grandchild))


def test_waiting_gives_up_on_a_process_that_keeps_crashing(tmp_path):
    with supervise(tmp_path, "raise SystemExit('no port')") as supervisor:
        [child] = supervisor.children
        child.crashes = 2

        with pytest.raises(Refused, match="no port"):
            supervisor.wait_until_ready("http://127.0.0.1:9/sante/pret")
