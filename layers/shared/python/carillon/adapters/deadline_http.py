"""HTTP under one deadline: a `requests` transport whose every call ends in time.

The timeouts of requests and urllib3 hold for one attempt to connect and for one read each, so a
server that sends a byte now and then is waited for without end, and looking up a name has no limit
at all. Here a call carries its deadline, and every socket operation (connect, TLS handshake, send,
receive) first takes what is left of it as its own timeout. Nothing needs to be interrupted from
outside, and an operation that would begin too late does not begin.
"""

import socket
import ssl
import struct
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.response import BaseHTTPResponse

from carillon.adapters.deadline import Address, Call, Phase, current_call


class DeadlineSocket(socket.socket):
    """A socket whose operations never outlast the current call."""

    used_at: float = 0.0
    """When it last received something, by `time.monotonic`."""

    def sendall(self, *args: Any) -> None:
        """Send; from here on the gateway may have the request."""
        with self._bounded() as call:
            call.phase = Phase.HANDED_OVER
            super().sendall(*args)

    def recv_into(self, *args: Any) -> int:
        """Receive: all that http.client reads comes through here."""
        with self._bounded():
            received = super().recv_into(*args)
        self.used_at = time.monotonic()
        return received

    def _bounded(self) -> "_Bounded":
        return _Bounded(self)


class _Bounded:
    """One operation of a socket, in the time that is left of the current call.

    A class, because a call has half a dozen of them and a generator takes thrice as long.
    """

    __slots__ = ("_call", "_socket")

    def __init__(self, of: DeadlineSocket) -> None:
        self._socket = of
        self._call = current_call.get()

    def __enter__(self) -> Call:
        self._socket.settimeout(self._call.left_s())
        return self._call

    def __exit__(self, _kind: object, error: BaseException | None, _at: object) -> None:
        if isinstance(error, TimeoutError):
            self._call.timed_out = True
            # The closing that follows becomes a reset: the kernel forgets what it has not sent yet.
            linger = struct.pack("ii", 1, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


class DeadlineTlsSocket(DeadlineSocket, ssl.SSLSocket):
    """The same under TLS: OpenSSL's reads, writes and handshake obey the timeout as a whole."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands, which happens while the connection is made."""
        with self._bounded() as call:
            call.phase = Phase.SECURING
            super().do_handshake(block)
            call.phase = Phase.READY

    def send(self, *args: Any) -> int:
        """Send a part: `SSLSocket.sendall` is a loop over this."""
        with self._bounded():
            return super().send(*args)


class _HttpConnection(HTTPConnection):
    """Makes deadline sockets, and does not trust a connection that rested for long."""

    def _new_conn(self) -> socket.socket:
        # The method in which urllib3's own SOCKS support makes its sockets, too.
        call = current_call.get()
        call.phase = Phase.LOOKING_UP
        try:
            addresses = call.names.addresses(self._dns_host, self.port, timeout_s=call.left_s())
            call.phase = Phase.CONNECTING
            connected = _connect(addresses, self.socket_options or [], call)
        except (OSError, ValueError) as error:
            # Not a bare OSError: urllib3 takes a connection reset here for one after the request.
            call.timed_out = isinstance(error, TimeoutError)
            raise NewConnectionError(self, type(error).__name__) from error
        call.phase = Phase.READY
        return connected

    @property
    def is_connected(self) -> bool:
        """Asked by the pool before it gives the connection out again."""
        used_at = getattr(self.sock, "used_at", 0.0)
        idle_s = time.monotonic() - used_at
        return super().is_connected and idle_s <= current_call.get().idle_max_s


class _HttpsConnection(_HttpConnection, HTTPSConnection):
    """The same under TLS; the context it is given makes `DeadlineTlsSocket`s."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


Options = Iterable[tuple[int, int, int | bytes]]


def _connect(addresses: list[Address], options: Options, call: Call) -> DeadlineSocket:
    """Try one address after the other, each with its even share of the time that is left."""
    for left in range(len(addresses), 0, -1):
        try:
            return _connect_to(addresses[-left], options, timeout_s=call.left_s() / left)
        except OSError:
            if left == 1:
                raise
    raise OSError("the name has no address")


def _connect_to(address: Address, options: Options, *, timeout_s: float) -> DeadlineSocket:
    family, kind, protocol, _, place = address
    made = DeadlineSocket(family, kind, protocol)
    try:
        for option in options:
            made.setsockopt(*option)
        made.settimeout(timeout_s)
        made.connect(place)
    except OSError:
        made.close()
        raise
    return made


@cache
def _tls_context(ca_file: str) -> ssl.SSLContext:
    """Demands a valid certificate of the right host. Reading the authorities takes some 20 ms."""
    context = ssl.create_default_context(cafile=ca_file)
    context.sslsocket_class = DeadlineTlsSocket
    return context


class DeadlineTransport(HTTPAdapter):
    """Sends prepared requests within the current `Call`, over connections that it keeps.

    It is used without a `requests.Session`, which would follow or read redirects, keep cookies,
    and take proxies and passwords from the environment. Safe in many threads.
    """

    def __init__(self, *, connections: int, ca_file: str | None = None) -> None:
        """Keep up to `connections` open; trust `ca_file` instead of certifi's authorities."""
        self._tls = _tls_context(ca_file or DEFAULT_CA_BUNDLE_PATH)
        self._pools: dict[str, HTTPConnectionPool] = {}
        super().__init__(pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Called by the base class; the place to choose the pools."""
        super().init_poolmanager(*args, ssl_context=self._tls, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *args: Any, **options: Any
    ) -> HTTPConnectionPool:
        """Find the pool once for each origin, `https://host:443`, not once for each request."""
        origin = "/".join(str(request.url).split("/", 3)[:3])
        if origin not in self._pools:
            pool = super().get_connection_with_tls_context(request, *args, **options)
            self._pools[origin] = pool
        return self._pools[origin]

    def open(
        self,
        method: str,
        target: str,
        *,
        of: PreparedRequest,
        headers: Mapping[str, str],
        body: bytes,
    ) -> BaseHTTPResponse:
        """Ask for a path at the origin `of` this request; the answer's body is still to be read.

        What `send` adds for a `Session`, such as cookies and a guess at the encoding, takes a
        quarter of a call.
        """
        pool = self.get_connection_with_tls_context(of, verify=True)
        return pool.urlopen(
            method,
            target,
            body=body,
            headers=headers,
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            timeout=current_call.get().left_s(),
        )

    def close(self) -> None:
        """Close the kept connections: a pool does so when nobody knows it any more."""
        self._pools.clear()
        super().close()

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave it to the context; here the authorities would be read for each connection."""
