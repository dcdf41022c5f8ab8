"""Who stamps: a key of one's own, or a server where the user allows the network."""

from collections.abc import Callable
from datetime import datetime

from workbench.errors import UsageError
from workbench.sign.keys import SigningKey
from workbench.sign.time_stamp import OwnStamper, Stamper
from workbench.sign.tsa_server import server_name, server_stamper, to_nobody


def stamper_of(
    own: SigningKey | None,
    server: str,
    *,
    network: bool,
    clock: Callable[[], datetime],
    told: Callable[[str], None] = to_nobody,
) -> Stamper | None:
    """Return who stamps, or None where nobody was named.

    Args:
        own: a time-stamping key of one's own, which proves an order and no time, or None.
        server: URL of a time-stamping server, or "".
        network: the user allows the network for it.
        clock: tells the time, aware.
        told: told the server before it is asked.

    Raises:
        UsageError: both were named, or the network is not allowed, or allowed for nothing.
    """
    if own is not None and server:
        raise UsageError("Stamp with a key of your own or by a server, not both.")
    if server and not network:
        raise UsageError(
            f"Asking {server_name(server)} uses the network: allow it (--allow-network)."
        )
    if network and not server:
        raise UsageError("The network is allowed for a time-stamping server: name it (--tsa).")
    if own is not None:
        return OwnStamper(own, clock)
    return server_stamper(server, told=told) if server else None


def telling(stamper: Stamper | None, server: str, told: Callable[[str], None]) -> Stamper | None:
    """Return who stamps, and tells of the server that it asks before it does; None for nobody."""
    if stamper is None or not server:
        return stamper

    def stamp(imprint: bytes) -> bytes:
        told(server_name(server))
        return stamper(imprint)

    return stamp
