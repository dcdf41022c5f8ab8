"""Whom the auditor trusts, for what (VERDICTS section 2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class TrustRole(StrEnum):
    """What a trusted key may vouch for."""

    LOG = "log"
    MODEL = "model"
    ATTESTATION = "attestation"
    TSA = "tsa"
    WITNESS = "witness"
    REPORT = "report"
    CA = "ca"


#: What a C2SP verifier key can be for, by its form: it names the one note signer it verifies.
_OF_NOTES = frozenset({TrustRole.LOG, TrustRole.WITNESS})


class AnchorKind(StrEnum):
    """What form a trust anchor has."""

    PUBLIC_KEY = "public key"
    CERTIFICATE = "certificate"
    SSH_SIGNER = "SSH signer"
    MINISIGN_KEY = "minisign key"
    OPENPGP_CERTIFICATE = "OpenPGP certificate"
    TRUSTED_ROOT = "Sigstore trusted root"
    REVOCATION_LIST = "revocation list"
    OCSP_RESPONSE = "OCSP response"

    @property
    def revokes(self) -> bool:
        """Tell whether it vouches for nobody: it says who must not be trusted any more."""
        return self in {AnchorKind.REVOCATION_LIST, AnchorKind.OCSP_RESPONSE}


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """A key or certificate that the auditor trusts, or a list of those that are revoked.

    Attributes:
        name: what to call it: the file's name, or the name in a verifier key.
        kind: what form it has.
        role: what it may vouch for; None: only the kind of proof being verified, and we say so.
        fingerprint: lower hex SHA-256 of the DER SubjectPublicKeyInfo of a key, or of ``der``.
        key_fingerprint: lower hex SHA-256 of the DER SubjectPublicKeyInfo of a key or certificate;
            for a trusted root, of its content however it is written.
        der: DER SubjectPublicKeyInfo, DER certificate, CRL or OCSP response; of another form its
            own bytes: a trusted root, a line of an allowed signers file, a minisign key, OpenPGP
            packets.
        note_name: for a C2SP verifier key, the only note signer name it may verify.
        confirmed: the auditor compared the fingerprint out of band (``--confirm``).
        self_supplied: the same key also lies inside the evidence.
        found_in: the file of the evidence in which it lies, as far as known.
        key_id: by what name of its own, other than a digest, proofs call a key, or "".
        valid_from: start of its life, aware UTC; of a list, when it was made; or None.
        valid_to: end of its life, aware UTC; of a list, when the next one was due; or None.
        source: where it came from, in the auditor's words or as a path, or "".
    """

    name: str
    kind: AnchorKind
    role: TrustRole | None
    fingerprint: str
    key_fingerprint: str
    der: bytes
    note_name: str | None = None
    confirmed: bool = False
    self_supplied: bool = False
    found_in: str = ""
    key_id: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    source: str = ""

    def serves(self, role: TrustRole) -> bool:
        """Tell whether the auditor lets it vouch for ``role``; a CA vouches for what it issued.

        Without a role it serves the kind of proof being verified, a verifier key only notes.
        """
        if self.role is None:
            return self.note_name is None or role in _OF_NOTES
        if self.role is role:
            return True
        return self.role is TrustRole.CA and self.kind is AnchorKind.CERTIFICATE

    @property
    def counts(self) -> bool:
        """Tell whether it carries authenticity: not taken from the evidence, or confirmed."""
        return self.confirmed or not self.self_supplied

    def out_of_date(self, at: datetime) -> str:
        """Return what the auditor must know of its life at ``at``, as a sentence, or ""."""
        if self.valid_to is not None and self.valid_to < at:
            what = "the next one was due" if self.kind.revokes else "its life ended"
            return f"{self.name} is out of date: {what} on {self.valid_to:%Y-%m-%d %H:%M} UTC."
        if self.valid_from is not None and at < self.valid_from:
            return f"{self.name} is not valid before {self.valid_from:%Y-%m-%d %H:%M} UTC."
        return ""


@dataclass(frozen=True, slots=True)
class Secret:
    """A shared secret for an HMAC chain: raw bytes, one trailing newline already stripped."""

    id: str | None
    value: bytes = field(repr=False)
    newline_stripped: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """All that the auditor brought.

    Attributes:
        at: the time for which certificates and keys are judged, aware UTC.
        anchors: keys, certificates and trusted roots.
        secrets: shared secrets.
        threshold: how many trusted identities must have signed.
        revocations: CRLs and OCSP responses; whoever signed them is judged where they are used.
        between: certificates that may lie on a path and vouch for nobody.
    """

    at: datetime
    anchors: tuple[TrustAnchor, ...] = ()
    secrets: tuple[Secret, ...] = ()
    threshold: int = 1
    revocations: tuple[TrustAnchor, ...] = ()
    between: tuple[TrustAnchor, ...] = ()

    def with_anchors(self, found: Iterable[TrustAnchor]) -> "Trust":
        """Return this trust with what was brought: who vouches, and what revokes, apart."""
        brought = tuple(found)
        return replace(
            self,
            anchors=tuple(anchor for anchor in brought if not anchor.kind.revokes),
            revocations=tuple(anchor for anchor in brought if anchor.kind.revokes),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what to know of what the auditor brought before any work starts.

        Keys that follow each other under names of their own each end, and are judged by the time
        of what they signed: that one of them ended is no news.
        """
        brought = (a for a in (*self.anchors, *self.revocations) if not a.key_id)
        return tuple(filter(None, (anchor.out_of_date(self.at) for anchor in brought)))

    @property
    def keys(self) -> tuple[TrustAnchor, ...]:
        """Return the anchors that are one key each, bare or in a certificate."""
        single = {AnchorKind.PUBLIC_KEY, AnchorKind.CERTIFICATE}
        return tuple(anchor for anchor in self.anchors if anchor.kind in single)

    @property
    def roots(self) -> tuple[TrustAnchor, ...]:
        """Return the Sigstore trusted roots."""
        return tuple(a for a in self.anchors if a.kind is AnchorKind.TRUSTED_ROOT)

    def serving(self, role: TrustRole) -> tuple[TrustAnchor, ...]:
        """Return the keys and certificates that may vouch for ``role``."""
        return tuple(anchor for anchor in self.keys if anchor.serves(role))


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """A trust anchor in the store of a case, and who put it there.

    Attributes:
        id: number in the case, from 1.
        anchor: the key or certificate.
        added: when, aware UTC.
        who: who added it.
        confirmed_at: when its fingerprint was compared out of band, aware UTC, or None.
        confirmed_how: how, in the auditor's words, or "".
    """

    id: int
    anchor: TrustAnchor
    added: datetime
    who: str
    confirmed_at: datetime | None = None
    confirmed_how: str = ""
