"""An identity that the auditor trusts: who it is, and who must have vouched for that.

Compared exactly, character by character: a pattern would let in whoever can take a name that
fits it. What stands for one in the trust store is the canonical JSON of the two texts.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from workbench.errors import UsageError
from workbench.evidence.quick_json import json_text
from workbench.evidence.strict_json import parse
from workbench.model.json_place import Place
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code
from workbench.verify.keys.life import Limit, out_of_life

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs with a Sigstore certificate.

    Attributes:
        name: subject alternative name of the certificate.
        issuer: who must have vouched for it.
    """

    name: str
    issuer: str

    @property
    def shown(self) -> str:
        """Return both in words."""
        return f"{self.name}, vouched for by {self.issuer}"


def identity_anchor(
    identity: Identity,
    *,
    role: TrustRole | None,
    source: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> TrustAnchor:
    """Return an identity as something that the auditor trusts.

    Raises:
        UsageError: one of the two texts is missing, too long, or a pattern.
    """
    for what, text in (("identity", identity.name), ("issuer", identity.issuer)):
        if not text.strip() or text != text.strip() or len(text) > LONGEST:
            raise UsageError(f"The {what} to trust must be a text without spaces around it.")
        if "*" in text or not text.isprintable():
            raise UsageError(
                f"{text} is a pattern. The {what} is compared exactly, since whoever could take a "
                "name that fits would be trusted: name each one."
            )
    der = json_text({"identity": identity.name, "issuer": identity.issuer}).encode()
    digest = hashlib.sha256(der).hexdigest()
    return TrustAnchor(
        name=identity.shown,
        kind=AnchorKind.IDENTITY,
        role=role,
        fingerprint=digest,
        key_fingerprint=digest,
        der=der,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
    )


def identity_of(anchor: TrustAnchor) -> Identity:
    """Return the identity that an anchor of this kind is."""
    place = Place(parse(anchor.der, what=anchor.name), "")
    return Identity(place.text("identity"), place.text("issuer"))


def limits_of(
    names: Sequence[str], issuer: str, trust: Trust, role: TrustRole, times: Sequence[datetime]
) -> Iterator[tuple[TrustAnchor, Limit | None]]:
    """Yield the trusted identities that a certificate is of, with what keeps each from counting.

    Args:
        names: subject alternative names of the certificate.
        issuer: who vouched for them.
        trust: whom the auditor trusts.
        role: what the signer must be trusted for.
        times: when it was signed, as somebody trusted says.
    """
    for anchor in trust.identities:
        known = identity_of(anchor)
        if known.name not in names or known.issuer != issuer:
            continue
        if not anchor.serves(role):
            why = f"The auditor trusts {anchor.name} for something else ({anchor.role})."
            yield anchor, (Code.ROLE_MISMATCH, why)
        else:
            found = (out_of_life(anchor, at) for at in times)
            yield anchor, next(filter(None, found), None)
