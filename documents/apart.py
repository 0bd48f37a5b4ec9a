"""Reading what comes from outside in a child process: without the portal's secrets, bounded in time and memory.

The child is a module run as a program: it calls `limits.limit` before it opens anything, reads its job on its standard
input and answers JSON on its standard output.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from documents.pdf import INHERITED


class Failed(Exception):
    """The child was stopped by a limit, died, could not be started, or did not answer."""


def run(module, job, *, seconds):
    """The answer of a module to a job, in bytes, within so many seconds of the clock.

    Raises:
        Failed: there is no answer, whatever the reason.
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
    except (subprocess.SubprocessError, OSError, ValueError) as failure:
        raise Failed(type(failure).__name__) from failure
