"""Ask a time-stamping server (RFC 3161 3.4): the one thing that signs and uses the network.

Only when the user asked for it, by a URL and by allowing the network. Nothing of the report leaves
the machine but the SHA-256 that is to be stamped. No redirection is followed, nothing is kept.
"""

import http.client
from urllib.parse import urlsplit

from workbench.errors import SigningError, UsageError
from workbench.sign.time_stamp import Stamper, query, taken_in

_ANSWER_BYTES = 1024 * 1024
_SECONDS = 30
_TYPES = ("application/timestamp-query", "application/timestamp-reply")


def server_stamper(url: str, *, more: tuple[bytes, ...] = ()) -> Stamper:
    """Return who asks a server for a time stamp; ``more`` are certificates that may be its own.

    Raises:
        UsageError: that is no URL of a server.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise UsageError(f"{url} is not the address of a time-stamping server: http(s)://HOST/….")

    def stamp(imprint: bytes) -> bytes:
        return taken_in(_asked(url, query(imprint)), imprint, more=more)

    return stamp


def _asked(url: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("POST", path, body, {"Content-Type": _TYPES[0], "Accept": _TYPES[1]})
        answer = connection.getresponse()
        data = answer.read(_ANSWER_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SigningError(f"{parts.hostname} does not answer: {error}.") from error
    finally:
        connection.close()
    if answer.status != 200 or len(data) > _ANSWER_BYTES:
        raise SigningError(f"{parts.hostname} gave no time stamp: HTTP {answer.status}.")
    return data
