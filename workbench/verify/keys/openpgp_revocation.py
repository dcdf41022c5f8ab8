"""That an OpenPGP key is revoked, since when, and whether what it signed before stays good."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

_REASON = 29
#: Superseded, retired; not: no reason, compromised (RFC 9580 5.2.3.31).
_SOFT_REASONS = {1, 3}


@dataclass(frozen=True, slots=True)
class PgpRevocation:
    """That a key is revoked (RFC 9580 5.2.3.31).

    Attributes:
        since: when it was, as the revocation says, aware UTC, or None.
        soft: whether it was retired or superseded, so that what it signed before stays good; a key
            that may have been lost takes everything with it.
    """

    since: datetime | None = None
    soft: bool = False

    def counts_at(self, moment: datetime) -> bool:
        """Tell whether it bears on what is proven to be as old as ``moment``."""
        return not self.soft or self.since is None or moment >= self.since

    @property
    def shown(self) -> str:
        """Return what is known of it, as the end of a sentence."""
        when = "" if self.since is None else f" on {self.since:%Y-%m-%d %H:%M} UTC"
        if not self.soft:
            return f"was revoked{when} as one that may have been lost: nothing by it counts"
        return f"was revoked{when}, and no trusted time shows that the signature is older"


def revocation_in(body: bytes, created: datetime | None) -> PgpRevocation:
    """Return what the body of a revocation signature says; without a readable reason: lost."""
    with suppress(IndexError):
        return PgpRevocation(created, _reason(body) in _SOFT_REASONS)
    return PgpRevocation(created)


def worst_of(found: Sequence[PgpRevocation]) -> PgpRevocation:
    """Return what several revocations come to; where none can be read the key counts as lost."""
    hard = [one for one in found if not one.soft]
    known = [one.since for one in hard or found if one.since is not None]
    if hard or not found:
        return PgpRevocation(min(known, default=None))
    return PgpRevocation(min(known) if len(known) == len(found) else None, soft=True)


def _reason(body: bytes) -> int | None:
    """Return why a key was revoked, as the signed part of its revocation says."""
    width = {4: 2, 6: 4}.get(body[0])
    if width is None:
        return None
    rest = body[4 + width : 4 + width + int.from_bytes(body[4 : 4 + width])]
    while rest:
        size, start = rest[0], 1
        if size == 255:
            size, start = int.from_bytes(rest[1:5]), 5
        elif size >= 192:
            size, start = ((size - 192) << 8) + rest[1] + 192, 2
        if rest[start] & 0x7F == _REASON:
            return rest[start + 1]
        rest = rest[start + size :]
    return None
