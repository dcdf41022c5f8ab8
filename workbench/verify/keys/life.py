"""Whether a key may have signed when it did: the window it is trusted for, lists of revoked keys.

ETSI EN 319 102-1, 5.2.6 and 5.6.2.4, for keys as for certificates: what was signed before the end
of a key's life, or before it was revoked, counts if something trusted shows that it is as old.
"""

from collections.abc import Sequence
from datetime import datetime

from workbench.model.trust import Trust, TrustAnchor
from workbench.model.verdict import Code
from workbench.verify.keys.revocation import names_of, revoked

#: A code, and the same in a sentence.
Limit = tuple[str, str]


def limit_of(anchor: TrustAnchor, trust: Trust) -> Limit | None:
    """Return why a signature by a trusted key does not count at ``trust.moment``, or None."""
    return limit_at(anchor, trust.moment, trust.revocations)


def limit_at(
    anchor: TrustAnchor, moment: datetime, revocations: Sequence[TrustAnchor]
) -> Limit | None:
    """Return why what an anchor vouches for at ``moment`` does not count, or None."""
    return revoked_by(anchor, moment, revocations) or out_of_life(anchor, moment)


def revoked_by(
    anchor: TrustAnchor, moment: datetime, revocations: Sequence[TrustAnchor]
) -> Limit | None:
    """Return which list revoked the key of an anchor at ``moment`` or before, or None."""
    found = revoked(lambda: names_of(anchor), revocations)
    if found is None or moment < found[0].since:
        return None
    entry, by = found
    why = f" ({entry.reason})" if entry.reason else ""
    return Code.REVOKED_NO_POE, (
        f"{anchor.name} was revoked{why} on {entry.since:%Y-%m-%d %H:%M} UTC, says {by.name}, and "
        "no trusted time shows that the signature is older."
    )


def out_of_life(anchor: TrustAnchor, moment: datetime) -> Limit | None:
    """Return why ``moment`` lies outside the time for which an anchor is trusted, or None."""
    last, first = anchor.valid_to, anchor.valid_from
    if last is not None and moment > last:
        why = f"{anchor.name} is trusted up to {last:%Y-%m-%d %H:%M} UTC, and no trusted time "
        return Code.OUT_OF_BOUNDS_NO_POE, why + "shows that the signature is older."
    if first is not None and moment < first:
        why = f"{anchor.name} is trusted only from {first:%Y-%m-%d %H:%M} UTC on."
        return Code.NOT_YET_VALID, why
    return None
