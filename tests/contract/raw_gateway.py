"""A gateway made of bare sockets, for what no decent HTTP server can be made to do."""

import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"code":0,"message":"OK"}'

Serve = Callable[["RawGateway", socket.socket], None]


class RawGateway:
    """Does with each connection what `serve` says, in a thread each, for a `with` block."""

    def __init__(self, serve: Serve, *, tls: ssl.SSLContext | None = None) -> None:
        """With `tls` a connection is served after its handshake."""
        self.connections = 0
        self.requests: list[bytes] = []
        self.over = Event()
        self._serve = serve
        self._tls = tls
        self._lock = Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        """Listen."""
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop, and wait for all threads."""
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def read_request(self, connection: socket.socket) -> bytes:
        """The next request, also noted in `requests`; b"" when there is none."""
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0 or len(received) < end + 4 + _length(
            received
        ):
            chunk = connection.recv(65536)
            if not chunk:
                break
            received += chunk
        if received:
            with self._lock:
                self.requests.append(received)
        return received

    def drip(self, connection: socket.socket, data: bytes, *, every_s: float) -> None:
        """Send byte by byte."""
        for byte in data:
            if self.over.wait(every_s):
                return
            connection.sendall(bytes([byte]))

    def wait_until_closed(self) -> None:
        """Until every connection so far is served and closed."""
        for thread in self._threads[1:]:
            thread.join()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._start(self._handle, connection)

    def _handle(self, connection: socket.socket) -> None:
        connection.settimeout(10)  # No thread outlives a failed test for long.
        with suppress(OSError), closing(connection):
            if self._tls is None:
                self._serve(self, connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as secured:
                    self._serve(self, secured)


def answering(answer: bytes) -> Serve:
    """Give every request on every connection this answer."""

    def serve(gateway: RawGateway, connection: socket.socket) -> None:
        while gateway.read_request(connection):
            connection.sendall(answer)

    return serve


def answering_once(answer: bytes) -> Serve:
    """Give this answer and close."""

    def serve(gateway: RawGateway, connection: socket.socket) -> None:
        gateway.read_request(connection)
        connection.sendall(answer)

    return serve


def _length(request: bytes) -> int:
    for line in request.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
