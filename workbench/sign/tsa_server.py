"""Ask a time-stamping server (RFC 3161 3.4): the one thing that signs and uses the network.

Only when the user asked for it, by a URL and by allowing the network. Nothing of the report leaves
the machine but the SHA-256 that is to be stamped. No redirection is followed, nothing is kept.
"""

import http.client
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

from workbench.errors import SigningError, UsageError
from workbench.sign.time_stamp import Stamper, query, taken_in

_ANSWER_BYTES = 1024 * 1024
_SECONDS = 30
_TYPES = ("application/timestamp-query", "application/timestamp-reply")
_BOTH_WAYS = 2  # socket.SHUT_RDWR, without loading what opens sockets
#: What stands for a server whose address cannot be read.
_NAMELESS = "that server"


def to_nobody(_server: str) -> None:
    """Tell nobody that a server is asked: what came of it is told."""


def server_stamper(
    url: str, *, more: tuple[bytes, ...] = (), told: Callable[[str], None] = to_nobody
) -> Stamper:
    """Return who asks a server for a time stamp.

    Args:
        url: the server.
        more: certificates that may be its own.
        told: told the server before it is asked, whatever comes of it.

    Raises:
        UsageError: that is no URL of a server.
    """
    parts = _parts(url)

    def stamp(imprint: bytes) -> bytes:
        told(server_name(url))
        return taken_in(_asked(parts, query(imprint)), imprint, more=more)

    return stamp


def server_name(url: str) -> str:
    """Return how a server is named wherever it is told: scheme and host.

    All else in an address may be what the server knows a customer by: user, path, query.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # a bracket that is not closed
        return _NAMELESS
    if not parts.scheme or not host:
        return _NAMELESS
    return f"{parts.scheme}://[{host}]" if ":" in host else f"{parts.scheme}://{host}"


def _parts(url: str) -> SplitResult:
    """Return an address, taken apart; what is wrong with one is said without repeating it."""
    wrong = UsageError(
        "That is not the address of a time-stamping server: http(s)://HOST/…, with no user in it."
    )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port that is no number, a bracket that is not closed
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise wrong
    asked_for = parts.path + parts.query
    if port == 0 or not (asked_for.isascii() and asked_for.isprintable()) or " " in asked_for:
        raise wrong
    return parts


def _asked(parts: SplitResult, body: bytes) -> bytes:
    """Return the answer of a server.

    One deadline holds for all of it: finding the host, connecting, TLS, head and body. Each step
    of ``http.client`` waits for its next bytes alone, so that a server that lets them drip would
    hold the job for ever, and nothing could stop it.
    """
    asking = _Asking(parts, body)
    asking.start()
    asking.join(_SECONDS)
    if asking.is_alive():
        asking.give_up()
        raise SigningError(f"{parts.hostname} does not answer: it takes too long.")
    match asking.failed:
        case OSError() | http.client.HTTPException() | ValueError() as error:
            raise SigningError(f"{parts.hostname} does not answer: {error}.") from error
        case Exception() as error:
            raise error
        case _:
            pass
    if asking.status != http.client.OK or len(asking.answer) > _ANSWER_BYTES:
        raise SigningError(f"{parts.hostname} gave no time stamp: HTTP {asking.status}.")
    return asking.answer


class _Asking(Thread):
    """One question and its answer, on a thread of its own: who waits for it may give up."""

    def __init__(self, parts: SplitResult, body: bytes) -> None:
        super().__init__(name="time stamp", daemon=True)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._body = body
        self._socket: Any = None  # its module opens sockets: it is not loaded here
        self._given_up = Event()
        self.status = 0
        self.answer = b""
        self.failed: Exception | None = None

    def run(self) -> None:
        """Ask."""
        try:
            self._ask()
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            self.failed = error
        finally:
            self._connection.close()

    def give_up(self) -> None:
        """Ask no more, and end what is being read."""
        self._given_up.set()
        if self._socket is not None:
            with suppress(OSError):  # it ended meanwhile
                self._socket.shutdown(_BOTH_WAYS)

    def _ask(self) -> None:
        self._connection.connect()
        self._socket = self._connection.sock
        if self._given_up.is_set():
            return
        headers = {"Content-Type": _TYPES[0], "Accept": _TYPES[1]}
        self._connection.request("POST", self._path, self._body, headers)
        with self._connection.getresponse() as answer:  # it may outlive the connection
            self.status = answer.status
            while len(self.answer) <= _ANSWER_BYTES and (block := answer.read1()):
                self.answer += block
                if self._given_up.is_set():
                    return
