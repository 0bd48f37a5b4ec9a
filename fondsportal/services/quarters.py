"""Where an embedded server lives and under which account it runs.

Servers refuse to run as root, or should. When root starts one, it runs as an unprivileged account that can
neither read the project nor cross its parent directories, and no mode of theirs is changed: the programs are
copied to a runtime directory, and the data directory is reached as the working directory.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


class Refused(Exception):
    """The start cannot go on; the message is French and meant for the terminal."""


@dataclass(frozen=True)
class Quarters:
    """One server's home (its data), runtime directory (socket, copied programs) and account."""

    home: Path
    runtime: Path
    uid: int
    gid: int

    @classmethod
    def prepare(cls, home):
        """Make both directories, mode 0700, owned by the account that the server will run under.

        The runtime path is short (a socket's path holds 107 characters) and hangs on the home alone, so that
        a later start finds a server that survived.
        """
        home = Path(home).resolve()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = _account_for(home)
        name = hashlib.sha256(bytes(home)).hexdigest()[:10]
        runtime = Path(tempfile.gettempdir()) / f"fonds-{os.geteuid()}-{name}"
        runtime.mkdir(mode=0o700, exist_ok=True)
        if runtime.is_symlink() or runtime.stat().st_uid not in (os.geteuid(), account.pw_uid):
            raise Refused(f"Le répertoire {runtime} appartient à quelqu'un d'autre : supprimez-le.")
        if os.geteuid() == 0:
            for path in (home, runtime):
                os.chown(path, account.pw_uid, account.pw_gid)
        return cls(home, runtime, account.pw_uid, account.pw_gid)

    @property
    def lowered(self):
        """Is the server run by another account than ours?"""
        return self.uid != os.geteuid()

    def programs(self, *parts):
        """The directory that holds these (source, relative target) parts of a wheel, copied if need be."""
        target = self.runtime / "programs"
        if not target.exists():
            fresh = self.runtime / f"programs-{os.getpid()}"
            for source, relative in parts:
                copy = shutil.copytree if source.is_dir() else shutil.copy2
                (fresh / relative).parent.mkdir(parents=True, exist_ok=True)
                copy(source, fresh / relative)
            # Installed under a strict umask, they would be ours alone to read.
            for path in (fresh, *fresh.rglob("*")):
                mode = path.stat().st_mode
                path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
            fresh.rename(target)
        return target

    def command(self, log):
        """The arguments of `subprocess` that run a server here, under its account, logging to `log`."""
        call = {
            "cwd": self.home,
            "env": {"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            "stdin": subprocess.DEVNULL,
            "stdout": log,
            "stderr": subprocess.STDOUT,
        }
        if self.lowered:
            call |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return call

    def leave(self):
        """Remove the runtime directory, once the server is stopped."""
        shutil.rmtree(self.runtime, ignore_errors=True)


def dying_with_parent(signum):
    """A `preexec_fn` that has Linux send `signum` to the child when we die, even by SIGKILL.

    Elsewhere a server survives such a death, and the next start adopts it.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(1, signum, 0, 0, 0)


def spawn(argv, *, on_death=signal.SIGTERM, **call):
    """Start a process in a session of its own, so that a Ctrl-C in the terminal reaches us alone."""
    return subprocess.Popen(argv, start_new_session=True, preexec_fn=dying_with_parent(on_death), **call)


def tail(path, lines=15):
    """The last lines of a log, for an error message."""
    text = path.read_text(errors="replace") if path.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


def _account_for(home):
    owner = home.stat().st_uid
    if os.geteuid() == 0:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    if owner != os.geteuid():
        raise Refused(f"{home} appartient à un autre compte : choisissez un autre répertoire avec DATA=…")
    return pwd.getpwuid(owner)
