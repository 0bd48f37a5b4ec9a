"""Asking clamd, ClamAV's daemon, whether a file holds a virus: its INSTREAM command, over TCP or a local socket.

`CLAMAV_ADDRESS` is host:port, or the path of a socket; empty, the portal has no antivirus. The protocol is in
clamd(8): « z » and a NUL around each command, then pieces preceded by their length on four bytes, the last one empty.
"""

import contextlib
import socket

from django.conf import settings

PIECE = 1 << 17
PATIENCE = 120  # seconds without a word from clamd, which answers once it has looked at the whole file


class Away(Exception):
    """The antivirus does not answer, or cannot tell."""


def is_there():
    """Whether the antivirus answers."""
    try:
        with _line() as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except Away:
        return False


def scan(path):
    """Return the name of the virus that a file holds, empty when there is none; raises `Away`."""
    with _line() as line, path.open("rb") as file:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
        answer = _answer(line).removeprefix("stream: ")
    if answer == "OK":
        return ""
    if not answer.endswith(" FOUND"):
        raise Away(answer or "no answer")
    return answer.removesuffix(" FOUND")[:120]


@contextlib.contextmanager
def _line():
    address = settings.CLAMAV_ADDRESS
    try:
        with socket.socket(socket.AF_UNIX if address.startswith("/") else socket.AF_INET) as line:
            line.settimeout(PATIENCE)
            host, _, port = address.rpartition(":")
            line.connect(address if address.startswith("/") else (host, int(port)))
            yield line
    except OSError as error:
        raise Away(str(error)) from error


def _answer(line):
    said = b""
    while not said.endswith(b"\0") and (more := line.recv(4096)):
        said += more
    return said.rstrip(b"\0").decode(errors="replace")
