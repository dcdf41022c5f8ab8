"""Ask a time-stamping server (RFC 3161 3.4): the one thing that signs and uses the network.

Only when the user asked for it, by a URL and by allowing the network. Nothing of the report leaves
the machine but the SHA-256 that is to be stamped. No redirection is followed, nothing is kept.
"""

import http.client
import time
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from workbench.errors import SigningError, UsageError
from workbench.sign.time_stamp import Stamper, query, taken_in

_ANSWER_BYTES = 1024 * 1024
_SECONDS = 30
_TYPES = ("application/timestamp-query", "application/timestamp-reply")


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
    """Return how a server is named on record: without what it knows a customer by."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _parts(url: str) -> SplitResult:
    wrong = UsageError(f"{url} is not the address of a time-stamping server: http(s)://HOST/….")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port that is no number, a bracket that is not closed
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or port == 0:
        raise wrong
    return parts


def _asked(parts: SplitResult, body: bytes) -> bytes:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("POST", path, body, {"Content-Type": _TYPES[0], "Accept": _TYPES[1]})
        answer = connection.getresponse()
        data = _read(answer, time.monotonic() + _SECONDS)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SigningError(f"{parts.hostname} does not answer: {error}.") from error
    finally:
        connection.close()
    if answer.status != 200 or len(data) > _ANSWER_BYTES:
        raise SigningError(f"{parts.hostname} gave no time stamp: HTTP {answer.status}.")
    return data


def _read(answer: http.client.HTTPResponse, end: float) -> bytes:
    """Read an answer; one that comes drop by drop would never end, and nothing could stop it."""
    data = b""
    while len(data) <= _ANSWER_BYTES and (block := answer.read1()):
        data += block
        if time.monotonic() > end:
            raise TimeoutError("it takes too long")
    return data
