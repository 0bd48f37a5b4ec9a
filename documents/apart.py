"""Reading what comes from outside in a child process: without the portal's secrets, bounded in time and memory.

The child is a module run as a program: it calls `limits.limit` before it opens anything, reads its job on its standard
input and answers JSON on its standard output.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from documents.pdf import INHERITED


class Failed(Exception):
    """The child was stopped by a limit, died, or did not answer: it would again."""


class Busy(Exception):
    """The machine has too much in hand, for now."""


@contextlib.contextmanager
def place(name, *, most=1):
    """Hold one of so many places of this name while the block lasts, among all the processes of this machine.

    Raises:
        Busy: they are all taken.
    """
    folder = Path(settings.FILES_ROOT) / "places"
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        for number in range(most):
            lock = held.enter_context((folder / f"{name}-{number}").open("w"))
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
        else:
            raise Busy
        yield


def run(module, job, *, seconds):
    """The answer of a module to a job, in bytes, within so many seconds of the clock.

    Raises:
        Failed: there is no answer.
        Busy: no process could be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the modules are ours
            [sys.executable, "-m", module],
            cwd=Path(__file__).resolve().parents[1],
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
            input=job,
            capture_output=True,
            timeout=seconds,
            check=True,
        )
        return json.loads(done.stdout)
    except OSError as failure:
        raise Busy from failure
    except (subprocess.SubprocessError, ValueError) as failure:
        raise Failed(type(failure).__name__) from failure
