"""Paths from a signer's certificate to one that the auditor trusts, offline (RFC 5280 6.1).

The library's own path builder is for names of TLS servers and clients and answers yes or no; a
signature on a model or document needs other rules and a reason. What holds here:

* nothing is PASSED that was not checked; what we do not process (name constraints, unknown
  critical extensions) is never green;
* a path that cannot be shown is INDETERMINATE, never FAILED: it says nothing about the bytes;
* a hostile pool of certificates costs a bounded number of signature checks.

Revocation is checked by the lists and responses that the auditor brought (``verify.revocation``);
there is no network to ask for others.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.model.verdict import Code, Indication
from workbench.verify.keys.algorithms import policy
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.life import limit_at
from workbench.verify.keys.public import spki_of
from workbench.verify.keys.strength import RSA_BITS, weakness_of
from workbench.verify.trust.revocation import (
    KEY_STAYS_GOOD,
    NO_REVOCATION,
    Revocation,
    Revoked,
    standing_of,
    told,
)

CODE_SIGNING = frozenset({ExtendedKeyUsageOID.CODE_SIGNING.dotted_string})
TIME_STAMPING = frozenset({ExtendedKeyUsageOID.TIME_STAMPING.dotted_string})

_Kind = TypeVar("_Kind", bound=x509.ExtensionType)

MOST_CERTIFICATES = 32
MOST_PATH = 8
MOST_LOOKS = 256

_ANY_PURPOSE = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string

#: Critical extensions that the steps below process, or that name the holder and bind nobody.
_PROCESSED = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    # Harmless while no policy is asked for (RFC 5280 6.1.1 (c): any-policy).
    ExtensionOID.CERTIFICATE_POLICIES,
}


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """Whether a certificate leads to one that the auditor trusts.

    Attributes:
        indication: PASSED or INDETERMINATE.
        code: sub-indication of ETSI EN 319 102-1, or None with PASSED.
        anchor: the trusted certificate that was reached, also where a rule was broken; or None.
        path: DER certificates from the signer's to the anchor's; empty where none was found.
        reason: one sentence.
    """

    indication: Indication
    code: str | None
    anchor: TrustAnchor | None
    path: tuple[bytes, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Path:
    """Certificates from the signer's to the anchor's."""

    certificates: tuple[x509.Certificate, ...]
    anchor: TrustAnchor


@dataclass(frozen=True, slots=True)
class _Flaw:
    """The first rule that a path breaks."""

    code: str
    reason: str


def validate_path(
    leaf: bytes,
    pool: Sequence[bytes],
    anchors: Sequence[TrustAnchor],
    *,
    at: datetime,
    eku: Collection[str] = CODE_SIGNING,
    revocation: Revocation = NO_REVOCATION,
    algorithms_at: datetime | None = None,
) -> PathVerdict:
    """Return whether the DER certificate ``leaf`` leads to an anchor, valid at ``at``.

    Args:
        leaf: the signer's certificate.
        pool: DER certificates that may lie between; never trusted.
        anchors: what the auditor trusts; only certificates count, also the signer's own.
        at: time for which the path is judged, aware: that before which a signature is proven to
            have been made, else that for which trust is judged.
        eku: extended key usages, dotted, of which the signer's certificate needs one.
        revocation: what was brought about revocation, and what it means for this signature.
        algorithms_at: time for which algorithms are judged, aware; by default ``at``.
    """
    signer = read_certificate(leaf)
    if signer is None:
        code = Code.CERTIFICATE_CHAIN_GENERAL_FAILURE
        return _unsure(code, "The signer's certificate cannot be read.")
    if len(pool) > MOST_CERTIFICATES:
        reason = f"It comes with {len(pool)} certificates; at most {MOST_CERTIFICATES} are tried."
        return _unsure(Code.CERTIFICATE_CHAIN_GENERAL_FAILURE, reason)
    search = _Search(
        pool=[c for c in map(read_certificate, pool) if c is not None],
        anchors=_trusted_certificates(anchors),
    )
    flawed: PathVerdict | None = None
    for path in search.paths((signer,)):
        flaw = next(_flaws(path, at, eku, revocation, algorithms_at or at), None)
        verdict = _verdict(path, flaw, revocation, at)
        if flaw is None:
            return verdict
        flawed = flawed or verdict
    others = [signer, *(c for c in search.pool if c.subject != c.issuer)]
    return flawed or _no_path(others, algorithms_at or at)


def _no_path(certificates: Sequence[x509.Certificate], at: datetime) -> PathVerdict:
    """Say why no path was found: the library follows no weak signature, so that may be why."""
    weak = next((flaw for c in certificates for flaw in _weak_signature(c, at)), None)
    if weak is not None:
        return _unsure(weak.code, weak.reason)
    issuer = certificates[0].issuer.rfc4514_string() or "nobody"
    end = "to one that the auditor trusts"
    reason = f"No certificates lead from the signer's (issued by {issuer}) {end}."
    return _unsure(Code.NO_CERTIFICATE_CHAIN_FOUND, reason)


def _trusted_certificates(
    anchors: Sequence[TrustAnchor],
) -> list[tuple[TrustAnchor, x509.Certificate]]:
    """Return the anchors that are certificates; those that carry authenticity come first."""
    ordered = sorted(anchors, key=lambda anchor: not anchor.counts)
    return [
        (anchor, x509.load_der_x509_certificate(anchor.der))
        for anchor in ordered
        if anchor.kind is AnchorKind.CERTIFICATE
    ]


@dataclass(slots=True)
class _Search:
    """Builds paths depth first; every step is a verified signature, and steps are counted."""

    pool: list[x509.Certificate]
    anchors: list[tuple[TrustAnchor, x509.Certificate]]
    looks: int = field(default=0)

    def paths(self, begun: tuple[x509.Certificate, ...]) -> Iterator[_Path]:
        """Yield every way from ``begun`` to an anchor, the shortest continuation first."""
        last = begun[-1]
        for anchor, certificate in self.anchors:
            if last == certificate:
                yield _Path(begun, anchor)
            elif self._issued(last, certificate):
                yield _Path((*begun, certificate), anchor)
        if len(begun) == MOST_PATH - 1:
            return
        holders = {_holder(certificate) for certificate in begun}
        for issuer in self.pool:
            if _holder(issuer) not in holders and self._issued(last, issuer):
                yield from self.paths((*begun, issuer))

    def _issued(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Tell whether ``issuer`` signed ``certificate`` (RFC 5280 6.1.3 (a)(1) and (4))."""
        key = issuer.public_key()
        if issuer.subject != certificate.issuer or self.looks >= MOST_LOOKS:
            return False
        if isinstance(key, RSAPublicKey) and key.key_size >= RSA_BITS.stop:
            return False
        self.looks += 1
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            return False
        return True


def _holder(certificate: x509.Certificate) -> tuple[x509.Name, bytes]:
    """Return who holds a certificate: a name and a key stand once in a path."""
    return certificate.subject, spki_of(certificate.public_key())


def _flaws(
    path: _Path,
    at: datetime,
    eku: Collection[str],
    revocation: Revocation,
    algorithms_at: datetime,
) -> Iterator[_Flaw]:
    """Yield the rules that a path breaks, in the order of RFC 5280 6.1.3 to 6.1.5."""
    signer, *issuers = path.certificates
    for certificate in path.certificates:
        yield from _broken_form(certificate)
    # 1. The signatures of the path use algorithms that still hold (6.1.3 (a)(1)).
    for certificate in path.certificates[:-1]:
        yield from _weak_signature(certificate, algorithms_at)
    for certificate in path.certificates:
        yield from _weak_key(certificate, algorithms_at)
        # 2. Every certificate is valid at the time asked for (6.1.3 (a)(2)).
        yield from _out_of_time(certificate, at)
        # 3. Nothing critical is left unprocessed (6.1.4 (o), 6.1.5 (f)).
        yield from _unprocessed(certificate)
    for certificate, issuer in pairwise(path.certificates):
        yield from _revoked(certificate, issuer, revocation, at)
    if limit := limit_at(path.anchor, at, revocation.brought):
        yield _Flaw(*limit)
    # 4. Whoever issued may issue, that many certificates deep, for this purpose (6.1.4 (k)-(n)).
    between = 0
    for issuer in issuers:
        yield from _may_not_issue(issuer, between, eku)
        between += issuer.subject != issuer.issuer
    # 5. The signer's certificate is for signatures of this kind (4.2.1.3, 4.2.1.12).
    yield from _may_not_sign(signer, eku, pinned=not issuers)


def _broken_form(certificate: x509.Certificate) -> Iterator[_Flaw]:
    try:
        certificate.extensions  # noqa: B018 - they are parsed when first asked for
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        reason = f"The extensions of {_name(certificate)} cannot be read."
        yield _Flaw(Code.CERTIFICATE_CHAIN_GENERAL_FAILURE, reason)


def _weak_signature(certificate: x509.Certificate, at: datetime) -> Iterator[_Flaw]:
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        reason = f"{_name(certificate)} is signed with an algorithm that is not known here."
        yield _Flaw(Code.CRYPTO_CONSTRAINTS_FAILURE, reason)
        return
    if algorithm is not None and (weak := policy().weak_hash(algorithm.name, at)):
        reason = f"{_name(certificate)} is signed with {weak}."
        yield _Flaw(Code.CRYPTO_CONSTRAINTS_FAILURE, reason)


def _weak_key(certificate: x509.Certificate, at: datetime) -> Iterator[_Flaw]:
    key = certificate.public_key()
    if weak := weakness_of(key):
        reason = f"The key of {_name(certificate)} {weak}."
        yield _Flaw(Code.CRYPTO_CONSTRAINTS_FAILURE, reason)
    elif ended := policy().weak_key(key, at):
        reason = f"The key of {_name(certificate)} is {ended}."
        yield _Flaw(Code.CRYPTO_CONSTRAINTS_FAILURE, reason)


def _revoked(
    certificate: x509.Certificate, issuer: x509.Certificate, revocation: Revocation, at: datetime
) -> Iterator[_Flaw]:
    """ETSI EN 319 102-1 5.2.6: revoked before the signature is proven to have been made."""
    found = standing_of(certificate, issuer, revocation.brought)
    if not isinstance(found, Revoked):
        return
    kept = found.reason in KEY_STAYS_GOOD or not revocation.of_timestamps
    if at >= found.since or not kept:
        why = "" if found.reason is None else f" ({found.reason.value})"
        reason = (
            f"{_name(certificate)} was revoked{why} on {found.since:%Y-%m-%d %H:%M} UTC, says "
            f"{found.source}, and no trusted time shows that the signature is older."
        )
        if at < found.since:
            reason = (
                f"{_name(certificate)} was revoked{why}, says {found.source}, in a way that "
                "takes every timestamp from it (RFC 3161 section 4)."
            )
        yield _Flaw(Code.REVOKED_NO_POE, reason)


def _out_of_time(certificate: x509.Certificate, at: datetime) -> Iterator[_Flaw]:
    """ETSI EN 319 102-1 5.2.6: without trusted time of the signature, "expired" proves nothing."""
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < first:
        reason = f"{_name(certificate)} is valid only from {first:%Y-%m-%d %H:%M} UTC."
        yield _Flaw(Code.NOT_YET_VALID, reason)
    if at > last:
        reason = (
            f"{_name(certificate)} expired on {last:%Y-%m-%d %H:%M} UTC, and no trusted time "
            "shows that the signature is older."
        )
        yield _Flaw(Code.OUT_OF_BOUNDS_NO_POE, reason)


def _unprocessed(certificate: x509.Certificate) -> Iterator[_Flaw]:
    for extension in certificate.extensions:
        constrains = extension.oid == ExtensionOID.NAME_CONSTRAINTS
        if constrains or (extension.critical and extension.oid not in _PROCESSED):
            what = "name constraints" if constrains else extension.oid.dotted_string
            reason = f"{_name(certificate)} asks for {what}, which is not processed here."
            yield _Flaw(Code.CHAIN_CONSTRAINTS_FAILURE, reason)


def _may_not_issue(issuer: x509.Certificate, between: int, eku: Collection[str]) -> Iterator[_Flaw]:
    """Yield what keeps ``issuer`` from issuing above ``between`` intermediate certificates."""
    basic = _extension(issuer, x509.BasicConstraints)
    usage = _extension(issuer, x509.KeyUsage)
    if basic is None or not basic.ca:
        yield _broken(f"{_name(issuer)} issued a certificate but is no certificate authority.")
    elif basic.path_length is not None and between > basic.path_length:
        yield _broken(f"{_name(issuer)} allows {basic.path_length} authorities below it.")
    if usage is not None and not usage.key_cert_sign:
        yield _broken(f"{_name(issuer)} may not sign certificates (key usage).")
    purposes = _purposes(issuer)
    if purposes is not None and not purposes & {*eku, _ANY_PURPOSE}:
        yield _broken(f"{_name(issuer)} may not issue for this purpose (extended key usage).")


def _may_not_sign(
    signer: x509.Certificate, eku: Collection[str], *, pinned: bool
) -> Iterator[_Flaw]:
    """Yield what keeps ``signer`` from signing; a pinned one needs no purpose: you gave it one."""
    usage, purposes = _extension(signer, x509.KeyUsage), _purposes(signer)
    if usage is None and not pinned:
        yield _broken(f"{_name(signer)} does not say that it may sign (key usage).")
    elif usage is not None and not (
        usage.digital_signature or (usage.content_commitment and set(eku) == TIME_STAMPING)
    ):
        yield _broken(f"{_name(signer)} may not sign (key usage).")
    if purposes is None and not pinned:
        yield _broken(f"{_name(signer)} does not say what it may sign (extended key usage).")
    elif purposes is not None and not purposes & {*eku, _ANY_PURPOSE}:
        yield _broken(f"{_name(signer)} is not for signatures of this kind (extended key usage).")


def _broken(reason: str) -> _Flaw:
    return _Flaw(Code.CHAIN_CONSTRAINTS_FAILURE, reason)


def _extension(certificate: x509.Certificate, kind: type[_Kind]) -> _Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _purposes(certificate: x509.Certificate) -> set[str] | None:
    """Return the extended key usages, dotted, or None where the extension is absent."""
    found = _extension(certificate, x509.ExtendedKeyUsage)
    return None if found is None else {purpose.dotted_string for purpose in found}


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string() or "a certificate without a name"


def _verdict(path: _Path, flaw: _Flaw | None, revocation: Revocation, at: datetime) -> PathVerdict:
    encoded = tuple(c.public_bytes(Encoding.DER) for c in path.certificates)
    if flaw is not None:
        return PathVerdict(Indication.INDETERMINATE, flaw.code, path.anchor, encoded, flaw.reason)
    names = " ← ".join(_name(c) for c in path.certificates)
    trusted = f"Path to {path.anchor.name}, which the auditor trusts"
    reason = f"{trusted}: {names}. {_about_revocation(path, revocation, at)}"
    return PathVerdict(Indication.PASSED, None, path.anchor, encoded, reason)


def _about_revocation(path: _Path, revocation: Revocation, at: datetime) -> str:
    """Say of every certificate of a path what is known about its revocation."""
    if not revocation.brought:
        return "Revocation was not checked."
    pairs = pairwise(path.certificates)
    words = [told(_name(c), standing_of(c, issuer, revocation.brought), at) for c, issuer in pairs]
    return " ".join(words) or "Nothing on the path can be revoked by its issuer."


def _unsure(code: str, reason: str) -> PathVerdict:
    return PathVerdict(Indication.INDETERMINATE, code, None, (), reason)
