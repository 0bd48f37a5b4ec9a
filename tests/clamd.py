"""A clamd for tests, on a port of its own: it speaks the protocol of the real one, and knows one virus.

The antivirus is a service of somebody else's, half a gigabyte of signatures; what is ours is to speak to it.
"""

import contextlib
import socketserver
import threading

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_MAX = 50 * 1024 * 1024


class Clamd(socketserver.StreamRequestHandler):
    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        answer = {b"zPING\0": lambda: b"PONG", b"zINSTREAM\0": self.scan}.get(
            command, lambda: b"UNKNOWN COMMAND"
        )
        self.wfile.write(answer() + b"\0")

    def scan(self):
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
            if len(content) > STREAM_MAX:
                return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"


@contextlib.contextmanager
def clamd(port=0):
    """Run it while the block lasts; gives its address."""
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Clamd) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
