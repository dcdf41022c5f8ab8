"""What a time-stamp token is worth: over which bytes, by whom, at what time (RFC 3161 2.2, 2.3).

The signer is the certificate that the signature names and that is signed for, never the first that
travels along. Its path is judged at the time that the token states; algorithms and keys at the time
for which trust is judged, since whoever can forge a token states any time.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]  # it ships no types
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from workbench.model.report_signature import ORDER_ONLY_POLICY
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.keys.algorithms import policy
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.life import out_of_life, revoked_by
from workbench.verify.keys.public import PublicKey, spki_of, verify_signature
from workbench.verify.keys.rsa_padding import RsaScheme
from workbench.verify.keys.strength import weakness_of
from workbench.verify.timestamp.token import Token, TokenProblem, read_token
from workbench.verify.trust.revocation import Revocation
from workbench.verify.trust.x509 import TIME_STAMPING, PathVerdict, validate_path

#: Returns the digest of what was stamped, by the name that ``hashlib`` has for the hash.
DigestOf = Callable[[str], bytes]
#: Later than any time.
LAST = datetime.max.replace(tzinfo=UTC)
_Answer = tuple[Indication, str | None, str]

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_RSA_SCHEMES = {"rsassa_pkcs1v15": RsaScheme.PKCS1_V1_5, "rsassa_pss": RsaScheme.PSS}
_SCHEMES = {*_RSA_SCHEMES, "ecdsa", "ed25519"}


@dataclass(frozen=True, slots=True)
class JudgedToken:
    """A token, judged.

    Attributes:
        indication: PASSED only by an authority that the auditor trusts, over exactly these bytes.
        code: sub-code, or None with PASSED.
        why: the same in words.
        token: the token, or None where it cannot be read.
        signer: subject of the authority's certificate, or "".
        fingerprint: SHA-256 of that certificate, lower hex, or "".
        trusted_by: name of the trust anchor that decided, or "".
        path: DER certificates from the authority's to the anchor's; () where there is none.
        anchor: the anchor that was reached, or None.
    """

    indication: Indication
    code: str | None
    why: str
    token: Token | None = None
    signer: str = ""
    fingerprint: str = ""
    trusted_by: str = ""
    path: tuple[bytes, ...] = ()
    anchor: TrustAnchor | None = None

    @property
    def proven(self) -> datetime | None:
        """Return not later than when what it is over existed, where the token is trusted.

        One of a key that the signers keep says by its policy that it proves an order and no time.
        """
        if self.token is None or self.token.policy == ORDER_ONLY_POLICY:
            return None
        return self.token.latest if self.indication is Indication.PASSED else None

    def as_signature(self, covers: str) -> SignatureVerdict:
        """Return it as a row among signatures."""
        return SignatureVerdict(
            self.indication,
            self.code,
            signer=self.signer or "an unreadable time stamp",
            fingerprint=self.fingerprint,
            trusted_by=self.trusted_by,
            time=self.token.time if self.token and self.indication is Indication.PASSED else None,
            covers=covers,
        )


@dataclass(frozen=True, slots=True)
class _Flaw:
    """What keeps a token from PASSED."""

    code: Code
    reason: str
    #: Wrong by itself: FAILED where an authority made it that the auditor trusts.
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class _Signer:
    """The authority's certificate."""

    der: bytes
    certificate: x509.Certificate

    @property
    def name(self) -> str:
        return self.certificate.subject.rfc4514_string() or "a certificate without a subject"

    @property
    def spki(self) -> str:
        return hashlib.sha256(spki_of(self.certificate.public_key())).hexdigest()


def judge_token(
    data: bytes, digest_of: DigestOf, trust: Trust, *, certificates: Sequence[bytes] = ()
) -> JudgedToken:
    """Return what a token, or a response with one, is worth.

    Args:
        data: DER of a TimeStampResp or of a bare token.
        digest_of: hashes what was stamped; asked only for a hash that still counts.
        trust: whom the auditor trusts, and for what time.
        certificates: DER certificates that may be the authority's or lie on its path.
    """
    token = read_token(data)
    if isinstance(token, TokenProblem):
        return JudgedToken(Indication.FAILED, Code.FORMAT_FAILURE, token.message)
    anchors = trust.serving(TrustRole.TSA)
    known = [a.der for a in trust.anchors if a.kind is AnchorKind.CERTIFICATE]
    signer = _signer(token, (*token.certificates, *certificates, *known))
    if signer is None:
        code = Code.NO_CERTIFICATE_CHAIN_FOUND if anchors else Code.NO_TRUST_ANCHOR
        why = "The certificate that its signature names is not here: give it with --trust tsa=FILE."
        return JudgedToken(Indication.INDETERMINATE, code, why, token)
    pool = [der for der in (*token.certificates, *certificates) if der != signer.der]
    path = _path(token, signer, pool, trust)
    flaw = next(_flaws(token, signer, digest_of, trust), None)
    return _judged(token, signer, path, flaw, trust)


def _signer(token: Token, found: Sequence[bytes]) -> _Signer | None:
    """Return the certificate that the signature names; of several, the one that is signed for."""
    called = [s for s in map(_read, dict.fromkeys(found)) if s and _is_called(token, s)]
    meant = [signer for signer in called if _is_signed_for(token, signer)]
    return next(iter((*meant, *called)), None)


def _read(der: bytes) -> _Signer | None:
    certificate = read_certificate(der)
    return None if certificate is None else _Signer(der, certificate)


def _is_called(token: Token, signer: _Signer) -> bool:
    """Tell whether the SignerInfo names a certificate (RFC 5652 5.3)."""
    sid, certificate = token.signer, signer.certificate
    if sid.key_identifier:
        try:
            found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
            return False
        return found.value.digest == sid.key_identifier
    same = certificate.issuer.public_bytes() == sid.issuer
    return same and certificate.serial_number == sid.serial


def _is_signed_for(token: Token, signer: _Signer) -> bool:
    """Tell whether the digest of a certificate is among what is signed (RFC 5816 2.2.1)."""
    named = token.named
    if named is None or named.algorithm not in {"sha1", *_HASHES}:
        return False
    return hashlib.new(named.algorithm, signer.der, usedforsecurity=False).digest() == named.digest


def _path(token: Token, signer: _Signer, pool: Sequence[bytes], trust: Trust) -> PathVerdict:
    """Return the path to what the auditor trusts for time stamps, else to anything else."""
    serving = trust.serving(TrustRole.TSA)
    fitting = _path_to(token, signer, pool, trust, serving)
    if fitting.anchor is not None:
        return fitting
    others = [anchor for anchor in trust.anchors if anchor not in serving]
    other = _path_to(token, signer, pool, trust, others)
    return fitting if other.anchor is None else other


def _path_to(
    token: Token,
    signer: _Signer,
    pool: Sequence[bytes],
    trust: Trust,
    anchors: Sequence[TrustAnchor],
) -> PathVerdict:
    same = [a for a in anchors if a.kind is AnchorKind.PUBLIC_KEY and a.fingerprint == signer.spki]
    path = validate_path(
        signer.der,
        pool,
        anchors,
        at=token.time,
        eku=TIME_STAMPING,
        revocation=Revocation(trust.revocations, of_timestamps=True),
        algorithms_at=trust.at,
    )
    if path.anchor is None and same:
        pinned = min(same, key=lambda anchor: not anchor.counts)
        # RFC 3161 section 4: a key that was revoked, whenever that was, takes its stamps with it.
        limit = out_of_life(pinned, token.time) or revoked_by(pinned, LAST, trust.revocations)
        if limit is not None:
            return PathVerdict(Indication.INDETERMINATE, limit[0], pinned, (signer.der,), limit[1])
        reason = f"The auditor trusts the key of the authority itself ({pinned.name})."
        return PathVerdict(Indication.PASSED, None, pinned, (signer.der,), reason)
    return path


def _flaws(token: Token, signer: _Signer, digest_of: DigestOf, trust: Trust) -> Iterator[_Flaw]:
    """Yield what keeps a token from PASSED, whoever made it, the gravest first."""
    # 1. Its algorithms still count, for the imprint, the content and the signature.
    yield from _weak(token, trust.at)
    # 2. The signature is over these attributes, they are over this content (RFC 5652 5.4, 5.6).
    yield from _not_signed(token, signer)
    # 3. The attributes bind the very certificate that made it (RFC 3161 2.4.2, RFC 5816 2.2.1).
    if token.named is None:
        yield _Flaw(Code.SIG_CONSTRAINTS_FAILURE, "Nothing that is signed names its certificate.")
    elif not _is_signed_for(token, signer):
        reason = "What is signed names another certificate than the one that made it."
        yield _Flaw(Code.SIG_CONSTRAINTS_FAILURE, reason)
    # 4. The certificate is one of a time-stamping authority, and of nothing else (2.3).
    yield from _is_no_authority(signer)
    yield from _is_called_otherwise(token, signer)
    if token.critical:  # RFC 5280 4.2: whoever does not know it must not rely on the rest
        reason = "It has a critical extension, which is not processed here."
        yield _Flaw(Code.SIG_CONSTRAINTS_FAILURE, reason)
    # 5. It is over exactly these bytes.
    if digest_of(token.imprint_algorithm) != token.imprint:
        reason = "It is not over these bytes: their digest is not the one that was stamped."
        yield _Flaw(Code.HASH_FAILURE, reason, wrong=True)
    # 6. It does not come from the time after the one for which trust is judged.
    if token.time > trust.at:
        reason = f"It states {token.time:%Y-%m-%d %H:%M} UTC, after the time that is judged."
        yield _Flaw(Code.NOT_YET_VALID, reason)


def _weak(token: Token, at: datetime) -> Iterator[_Flaw]:
    for what, name in (
        ("The imprint is made", token.imprint_algorithm),
        ("The content is hashed", token.digest_algorithm),
        ("The signature is made", token.hash_algorithm),
    ):
        weak = policy().weak_hash(name, at)
        if weak or name not in _HASHES:
            reason = f"{what} with {weak or name + ', which is not used here'}."
            yield _Flaw(Code.CRYPTO_CONSTRAINTS_FAILURE, reason)
    if token.scheme not in _SCHEMES:
        reason = f"The signature is of the kind {token.scheme}, which is not used here."
        yield _Flaw(Code.CRYPTO_CONSTRAINTS_FAILURE, reason)


def _not_signed(token: Token, signer: _Signer) -> Iterator[_Flaw]:
    key = signer.certificate.public_key()
    weak = weakness_of(key)
    if weak or not isinstance(key, PublicKey):
        yield _Flaw(Code.CRYPTO_CONSTRAINTS_FAILURE, f"The key of {signer.name} {weak}.")
        return
    if hashlib.new(token.digest_algorithm, token.info).digest() != token.content_digest:
        reason = "Its content is not what was signed: it was changed."
        yield _Flaw(Code.HASH_FAILURE, reason, wrong=True)
    scheme = _RSA_SCHEMES.get(token.scheme, RsaScheme.PKCS1_V1_5)
    algorithm = _HASHES[token.hash_algorithm]
    if token.content_type != "tst_info":
        yield _Flaw(Code.FORMAT_FAILURE, "What is signed is not a time stamp.", wrong=True)
    if not verify_signature(
        key, token.signature, token.signed, algorithm, scheme=scheme, salt=token.salt
    ):
        reason = f"Its signature does not verify with the key of {signer.name}."
        yield _Flaw(Code.SIG_CRYPTO_FAILURE, reason, wrong=True)


def _is_no_authority(signer: _Signer) -> Iterator[_Flaw]:
    """RFC 3161 2.3: for time stamping only, critical; and it issues no certificates."""
    try:
        extensions = signer.certificate.extensions
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (ValueError, x509.DuplicateExtension, x509.ExtensionNotFound):
        yield _Flaw(Code.CHAIN_CONSTRAINTS_FAILURE, f"{signer.name} does not say what it is for.")
        return
    if list(purposes.value) != [ExtendedKeyUsageOID.TIME_STAMPING] or not purposes.critical:
        reason = f"{signer.name} is not for time stamps alone, as the standard wants it to be."
        yield _Flaw(Code.CHAIN_CONSTRAINTS_FAILURE, reason)
    try:
        authority = extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    if authority:
        reason = f"{signer.name} is a certificate authority, and may not stamp."
        yield _Flaw(Code.CHAIN_CONSTRAINTS_FAILURE, reason)


def _is_called_otherwise(token: Token, signer: _Signer) -> Iterator[_Flaw]:
    """RFC 3161 2.4.2: the name in a token is one of those of its certificate."""
    if token.authority is None:
        return
    try:
        stated = asn1_x509.Name.load(token.authority, strict=True)
        same = stated == asn1_x509.Certificate.load(signer.der).subject
    except (ValueError, TypeError, KeyError):
        same = False
    if not same:
        reason = f"It calls its authority otherwise than the certificate does ({signer.name})."
        yield _Flaw(Code.SIG_CONSTRAINTS_FAILURE, reason)


def _judged(
    token: Token, signer: _Signer, path: PathVerdict, flaw: _Flaw | None, trust: Trust
) -> JudgedToken:
    """Put together who made a token and what is wrong with it (VERDICTS 2)."""
    anchor = path.anchor
    if anchor is None:
        indication, code, why = _by_nobody_known(path, flaw, trust)
    else:
        indication, code, why = _by_somebody_known(token, signer, anchor, path, flaw)
    serves = anchor is not None and anchor.serves(TrustRole.TSA)
    return JudgedToken(
        indication,
        code,
        why,
        token,
        signer.name,
        signer.certificate.fingerprint(hashes.SHA256()).hex(),
        anchor.name if anchor is not None and serves else "",
        path.path,
        anchor,
    )


def _by_nobody_known(path: PathVerdict, flaw: _Flaw | None, trust: Trust) -> _Answer:
    broken = "" if flaw is None else f" Besides: {flaw.reason}"
    if not any(a.kind is AnchorKind.CERTIFICATE for a in trust.serving(TrustRole.TSA)):
        why = f"The auditor trusts no time-stamping authority.{broken}"
        return Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR, why
    code = path.code or Code.NO_CERTIFICATE_CHAIN_FOUND
    return Indication.INDETERMINATE, code, f"{path.reason}{broken}"


def _by_somebody_known(
    token: Token, signer: _Signer, anchor: TrustAnchor, path: PathVerdict, flaw: _Flaw | None
) -> _Answer:
    if not anchor.serves(TrustRole.TSA):
        why = f"The auditor trusts {anchor.name} for another purpose ({anchor.role})."
        return Indication.INDETERMINATE, Code.ROLE_MISMATCH, why
    if flaw is not None:
        indication = Indication.FAILED if flaw.wrong else Indication.INDETERMINATE
        return indication, flaw.code, flaw.reason
    if path.indication is not Indication.PASSED:
        return path.indication, path.code, path.reason
    if not anchor.counts:
        why = f"{anchor.name} also lies in the evidence; confirm its fingerprint otherwise."
        return Indication.INDETERMINATE, Code.SELF_SUPPLIED_KEY, why
    when = f"{token.time:%Y-%m-%d %H:%M:%S} UTC"
    margin = f", give or take {token.accuracy.total_seconds():g} s" if token.accuracy else ""
    why = f"Stamped by {signer.name} at {when}{margin}. {path.reason}"
    return Indication.PASSED, None, why
