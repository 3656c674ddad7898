"""A gateway on loopback that says yes to everything, as cheaply as can be, and counts its calls."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_BODY = b'{"code": 0, "message": "OK"}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_BODY),
    _BODY,
)


@dataclass
class CannedGateway:
    """Where it listens, and how often it was called."""

    url: str
    calls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, connection: socket.socket) -> None:
        """Answer every request of a connection until its caller closes it."""
        with connection, connection.makefile("rb") as requests:
            while line := requests.readline():
                length = 0
                while line.strip():
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                    line = requests.readline()
                requests.read(length)
                with self._lock:
                    self.calls += 1
                connection.sendall(_ANSWER)


@contextmanager
def canned_gateway() -> Iterator[CannedGateway]:
    """One that listens on a free port; ends with the connections that callers close."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = CannedGateway(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:  # closed: nobody calls any more
                    return
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=gateway.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield gateway
        finally:
            listener.shutdown(socket.SHUT_RDWR)
