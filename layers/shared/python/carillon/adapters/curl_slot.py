"""One of curl's handles: it carries one HTTP transfer after the other, and tells how each ended."""

import os
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pycurl

from carillon.models.gateway import Cause, NoReply

ANSWER_MAX_BYTES = 65_536
"""A gateway's answer has some 30 bytes, a provider's some 5 KB; whoever sends more is neither."""

_DISCARD_AT_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER of socket(7), for zero seconds: closing is a reset, and nothing is sent after it."""

_CODES = {
    code: name.removeprefix("E_")
    for name, code in vars(pycurl).items()
    if name.startswith("E_") and isinstance(code, int)
}


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for, and how many seconds it may take: a POST if it has a body."""

    url: str
    headers: Sequence[str]
    """Lines `Name: value` of printable ASCII."""
    body: bytes | None
    within_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer, whatever its status; `body` is decoded, `head` has the header lines."""

    status: int
    head: Sequence[bytes]
    body: bytes
    duration_s: float

    def header(self, name: str) -> str:
        """The value of the first header of this name; empty without any."""
        for line in self.head:
            found, _, value = line.decode("latin-1").partition(":")
            if found.lower() == name.lower():
                return value.strip()
        return ""


Ended = Answer | NoReply


class CurlSlot:
    """A handle and the transfer that it carries, which has this `number` and this `deadline`.

    The deadline is by `time.monotonic`, and whoever drives the handle keeps it: curl's own timeout
    closes a connection in order, and the kernel goes on with what it has not sent yet.
    """

    def __init__(self, *, ca_file: str, idle_max_s: int, on_socket: Callable[[int], None]) -> None:
        """Trust these authorities; do not use a connection again that rested for longer.

        `on_socket` is told the number of each socket that is made.
        """
        self._on_socket = on_socket
        self.number = -1
        self.deadline = 0.0
        self._begun = 0.0
        self._handed_over = False
        self._head: list[bytes] = []
        self._body = bytearray()
        self.handle = pycurl.Curl()
        for option, value in (
            (pycurl.ACCEPT_ENCODING, "identity"),  # decode what is encoded all the same
            (pycurl.CAINFO, ca_file),
            (pycurl.HEADERFUNCTION, self._take_head),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.MAXAGE_CONN, idle_max_s),
            (pycurl.NOSIGNAL, 1),
            (pycurl.PREREQFUNCTION, self._hand_over),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.PROXY, ""),  # whatever the environment says
            (pycurl.SOCKOPTFUNCTION, self._made),
            (pycurl.WRITEFUNCTION, self._take_body),
        ):
            self.handle.setopt(option, value)

    def load(self, request: Request, number: int, *, fresh: bool) -> None:
        """Make it carry this, over a fresh connection if so; ValueError if it cannot be asked."""
        if not all(each.isascii() and each.isprintable() for each in request.headers):
            raise ValueError("a header is not printable ASCII")
        try:
            self.handle.setopt(pycurl.URL, request.url)
            self.handle.setopt(pycurl.FRESH_CONNECT, int(fresh))
            self.handle.setopt(pycurl.HTTPHEADER, list(request.headers))
            if request.body is None:
                self.handle.setopt(pycurl.HTTPGET, 1)
            else:
                self.handle.setopt(pycurl.POSTFIELDS, request.body)
        except (pycurl.error, TypeError) as error:
            raise ValueError("the address is none") from error
        self.number = number
        self._begun = time.monotonic()
        self.deadline = self._begun + request.within_s
        self._handed_over = False
        self._head.clear()
        self._body.clear()

    def answer(self) -> Answer:
        """What arrived, now that all of it has."""
        return Answer(
            status=self.handle.getinfo(pycurl.RESPONSE_CODE),
            head=tuple(self._head),
            body=bytes(self._body),
            duration_s=self._spent_s(),
        )

    def failure(self, code: int) -> NoReply:
        """Why no whole answer arrived, by curl's code; never in its words, which may quote it."""
        detail = f"curl {code} {_CODES.get(code, 'unknown')}"
        if errno := self.handle.getinfo(pycurl.OS_ERRNO):
            detail = f"{detail}: {os.strerror(errno)}"
        return NoReply(self._cause(code), self._handed_over, detail, self._spent_s())

    def cut(self) -> NoReply:
        """Its time is over: have the kernel forget what it has not sent, once this is removed."""
        fd = self.handle.getinfo(pycurl.ACTIVESOCKET)
        if fd >= 0:
            connection = socket.socket(fileno=fd)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DISCARD_AT_CLOSE)
            connection.detach()
        return self.failure(pycurl.E_OPERATION_TIMEDOUT)

    def _cause(self, code: int) -> Cause:
        if code == pycurl.E_OPERATION_TIMEDOUT or time.monotonic() >= self.deadline:
            return "timeout"
        if self._handed_over:
            return "too_large" if code == pycurl.E_WRITE_ERROR else "broken"
        if code == pycurl.E_COULDNT_RESOLVE_HOST:
            return "dns"
        return "tls" if self.handle.getinfo(pycurl.CONNECT_TIME) > 0 else "connect"

    def _spent_s(self) -> float:
        return time.monotonic() - self._begun

    def _made(self, fd: int, _purpose: int) -> int:
        """Called by curl with a new socket, before it is connected."""
        self._on_socket(fd)
        return pycurl.SOCKOPT_OK

    def _hand_over(self, *_addresses: object) -> int:
        """Called by curl before it writes the request; from here on the gateway may have it.

        Were a kept connection to break before its first answer, curl would ask once more on a new
        one. Whether to do that is for others to decide.
        """
        if self._handed_over or time.monotonic() >= self.deadline:
            return pycurl.PREREQFUNC_ABORT
        self._handed_over = True
        return pycurl.PREREQFUNC_OK

    def _take_head(self, line: bytes) -> None:
        """Called by curl: a line of a head. An interim answer's is followed by the next head."""
        if line.startswith(b"HTTP/"):
            self._head.clear()
        self._head.append(line)

    def _take_body(self, part: bytes) -> int | None:
        """Called by curl; another number than that of the bytes ends the transfer."""
        self._body += part
        return None if len(self._body) <= ANSWER_MAX_BYTES else 0
