"""What the auditor brings to trust: key files with roles, confirmed fingerprints, secrets.

A key that also lies in the evidence is self-supplied: it shows who signed, not who that is. What
makes a key self-supplied is its bytes anywhere in the evidence, in whatever form. A certificate in
a signature's own chain does not: it is an element of a path (RFC 5280 6.1), and bundles may carry
the very root that the auditor has from elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.model.stated import id_and_file
from workbench.model.trust import Secret, Trust, TrustAnchor

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def load_trust(
    specs: Sequence[str],
    *,
    confirm: Sequence[str] = (),
    secrets: Sequence[str] = (),
    at: datetime,
    threshold: int = 1,
) -> Trust:
    """Return what the auditor trusts.

    Args:
        specs: ``[ROLE=]FILE`` each, a trust store among them; what stands before ``=`` is a role
            only when it is one.
        confirm: fingerprints compared out of band: 64 hex digits in any case, with or without
            ``sha256:``, colons and spaces.
        secrets: ``[ID=]FILE`` each.
        at: time for which trust is judged, aware.
        threshold: how many trusted identities must have signed, at least 1.

    Raises:
        SourceError: a file is missing, unreadable, empty, or holds nothing that can be trusted.
        UsageError: a fingerprint is none or belongs to no key here, or the threshold is below 1.
    """
    if threshold < 1:
        raise UsageError(f"At least one trusted signer is needed; {threshold} makes no sense.")
    anchors = _anchors(specs) if specs else []
    for text in confirm:
        anchors = _confirmed(anchors, text)
    trust = Trust(
        at=at,
        secrets=tuple(sorted(map(_secret, secrets), key=_secret_order)),
        threshold=threshold,
    )
    return trust.with_anchors(sorted(set(anchors), key=_anchor_order))


def _anchor_order(anchor: TrustAnchor) -> tuple[str, str, str]:
    """Order anchors by what they are: the order in which they were named means nothing."""
    return anchor.name, anchor.role or "", anchor.fingerprint


def _secret_order(secret: Secret) -> tuple[str, bytes]:
    return secret.id or "", secret.value


def mark_self_supplied(trust: Trust, places: Mapping[str, str]) -> Trust:
    """Return ``trust`` with the anchors marked whose key also lies in the evidence.

    ``places``: fingerprint of a key or certificate, lower hex, to where it lies.
    """
    return replace(trust, anchors=tuple(_marked(anchor, places) for anchor in trust.anchors))


def _marked(anchor: TrustAnchor, places: Mapping[str, str]) -> TrustAnchor:
    place = places.get(anchor.fingerprint, places.get(anchor.key_fingerprint))
    return anchor if place is None else replace(anchor, self_supplied=True, found_in=place)


def _anchors(specs: Sequence[str]) -> list[TrustAnchor]:
    """Read the key files; what reads them is loaded where there is one."""
    from workbench.verify.keys.revocation import require_own_signer
    from workbench.verify.trust.key_files import anchors_in

    anchors = [anchor for spec in specs for anchor in anchors_in(spec)]
    require_own_signer(anchors)
    return anchors


def _confirmed(anchors: list[TrustAnchor], text: str) -> list[TrustAnchor]:
    """Mark the anchors whose fingerprint, or whose key's, is ``text``."""
    fingerprint = re.sub(r"[\s:]", "", text.strip().lower().removeprefix("sha256:"))
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise UsageError(f"--confirm takes a SHA-256 fingerprint of 64 hex digits, not {text}.")
    meant = [a for a in anchors if fingerprint in {a.fingerprint, a.key_fingerprint}]
    if not meant:
        raise UsageError(
            f"--confirm {fingerprint} is the fingerprint of no key given with --trust."
        )
    return [replace(anchor, confirmed=True) if anchor in meant else anchor for anchor in anchors]


def _secret(spec: str) -> Secret:
    """Read a secret: raw bytes, without one newline at their end. It is never shown."""
    id_, name = id_and_file(spec)
    data = read_whole(single(Path(name)), limit=MIB)
    value = data.removesuffix(b"\n")
    if value != data:
        value = value.removesuffix(b"\r")
    if not value:
        raise SourceError(f"{name} holds no secret: it is empty.", path=name)
    return Secret(id_, value, newline_stripped=value != data)
