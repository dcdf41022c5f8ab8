"""Time stamps over a seal: by file, from a server, or by a key of one's own."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workbench.errors import UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.model.statement import SEALED_STATEMENT
from workbench.output import write_whole
from workbench.sign.keys import SigningKey
from workbench.sign.time_stamp import OwnStamper, query, taken_in
from workbench.sign.tsa_server import server_stamper


@dataclass(frozen=True, slots=True)
class Stamping:
    """Who stamps: exactly one of the two.

    Attributes:
        own: a time-stamping key of one's own, which proves an order and no time, or None.
        server: URL of a time-stamping server, or "".
        network: the user allows the network for it.
        clock: tells the time, aware.
    """

    own: SigningKey | None = None
    server: str = ""
    network: bool = False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        if self.own is not None and self.server:
            raise UsageError("Stamp with a key of your own or by a server, not both.")
        if self.server and not self.network:
            raise UsageError(f"Asking {self.server} uses the network: allow it (--allow-network).")
        if self.network and not self.server:
            raise UsageError("The network is allowed for a time-stamping server: name it (--tsa).")

    def token(self, imprint: bytes) -> bytes:
        """Return a token over a SHA-256.

        Raises:
            SigningError: whoever stamps does not.
        """
        if self.own is not None:
            return OwnStamper(self.own, self.clock)(imprint)
        return server_stamper(self.server)(imprint)


def query_over(folder: Path) -> bytes:
    """Return a query for a time stamp over the statement of a sealed folder (``.tsq``)."""
    return query(_imprint(folder))


def stamped(folder: Path, reply: Path) -> Path:
    """Put the answer of an authority (``.tsr``) into a sealed folder; return its place.

    Raises:
        SigningError: it is over something else, or cannot be read.
        UsageError: the folder is not sealed, or has a time stamp.
    """
    place = folder / f"{SEALED_STATEMENT}.tsr"
    imprint = _imprint(folder)
    if place.exists() or place.is_symlink():
        raise UsageError(f"{folder} has a time stamp already.", path=str(place))
    token = taken_in(read_whole(single(reply), limit=MIB), imprint)
    write_whole(place, token)
    return place


def _imprint(folder: Path) -> bytes:
    statement = folder / SEALED_STATEMENT
    if not statement.is_file():
        raise UsageError(f"{folder} is not sealed: it has no {SEALED_STATEMENT}.", path=str(folder))
    return hashlib.sha256(read_whole(single(statement), limit=MIB)).digest()
