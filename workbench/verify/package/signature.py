"""Judge the signature over a manifest: CAdES, detached, in the one form that ours have."""

import hashlib
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives import hashes

from workbench.model.report_signature import DOCUMENT_PURPOSES
from workbench.model.trust import AnchorKind, Trust, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.keys.certificate import read_certificate as loaded
from workbench.verify.keys.public import verify_signature
from workbench.verify.keys.signable import usable_key
from workbench.verify.report.certificate import Certificate, read_certificate
from workbench.verify.report.cms import SignedCms, read_cms
from workbench.verify.report.der import DerError
from workbench.verify.report.token_form import oddity
from workbench.verify.timestamp.judge import JudgedToken, judge_token
from workbench.verify.trust.revocation import Revocation
from workbench.verify.trust.x509 import validate_path


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature is worth.

    Attributes:
        verdict: the row of it.
        why: the same in words.
        holds: whether it is over exactly this manifest; None: that could not be decided.
        stamp: the time stamp over it, or None.
    """

    verdict: SignatureVerdict
    why: str
    holds: bool | None = None
    stamp: JudgedToken | None = None

    @property
    def trusted(self) -> bool:
        """Tell whether somebody signed whom the auditor trusts."""
        return self.verdict.indication is Indication.PASSED


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found: an indication, its code, and the reason."""

    indication: Indication
    code: str | None
    why: str
    trusted_by: str = ""


def judge_signature(der: bytes, manifest: bytes, trust: Trust, covers: str) -> Signature:
    """Return what a signature over a manifest is worth.

    Steps: 1 read it; 2 compare the digest of the manifest; 3 verify the value with the signer's
    key; 4 judge the time stamp; 5 follow the certificate to somebody trusted.
    """
    try:
        cms = read_cms(der)
        signer = read_certificate(cms.signer)
    except DerError as error:
        why = f"It is not in the one form that is read here ({error}): openssl cms reads others."
        row = SignatureVerdict(Indication.INDETERMINATE, Code.UNKNOWN_PROFILE, covers=covers)
        return Signature(row, why)
    stamp = None
    if cms.time_stamp is not None:
        value = cms.signature
        stamp = judge_token(cms.time_stamp, lambda name: hashlib.new(name, value).digest(), trust)
        stamp = _in_our_form(stamp, cms.time_stamp)
    found = _broken(cms, manifest) or _path(cms, signer, trust, stamp)
    row = SignatureVerdict(
        found.indication,
        found.code,
        signer=signer.name,
        fingerprint=signer.fingerprint,
        trusted_by=found.trusted_by,
        time=stamp.proven if stamp and found.indication is Indication.PASSED else None,
        covers=covers,
    )
    return Signature(row, found.why, found.indication is not Indication.FAILED, stamp)


def _in_our_form(stamp: JudgedToken, token: bytes) -> JudgedToken:
    """Return a good time stamp as an open one where it could be changed and still be good."""
    odd = oddity(token, stamp.path) if stamp.indication is Indication.PASSED else ""
    if not odd:
        return stamp
    code, why = Code.SIG_CONSTRAINTS_FAILURE, f"It proves no time here: {odd}."
    return replace(stamp, indication=Indication.INDETERMINATE, code=code, why=why)


def _broken(cms: SignedCms, manifest: bytes) -> _Found | None:
    """Return what is wrong with a signature whoever made it, or None."""
    if cms.message_digest != hashlib.sha256(manifest).digest():
        why = "The manifest is not the one that was signed."
        return _Found(Indication.FAILED, Code.HASH_FAILURE, why)
    certificate = loaded(cms.signer)
    key = None if certificate is None else usable_key(certificate.public_key())
    if key is None:
        why = "The key of the certificate is too weak, or of no kind used here."
        return _Found(Indication.INDETERMINATE, Code.CRYPTO_CONSTRAINTS_FAILURE, why)
    if not verify_signature(key, cms.signature, cms.signed, hashes.SHA256()):
        why = "The signature does not belong to this manifest and this certificate."
        return _Found(Indication.FAILED, Code.SIG_CRYPTO_FAILURE, why)
    if any(hashlib.sha256(der).digest() not in cms.named for der in cms.certificates):
        why = "A certificate is embedded that the signer does not name: nobody vouches for it."
        return _Found(Indication.INDETERMINATE, Code.SIG_CONSTRAINTS_FAILURE, why)
    return None


def _path(cms: SignedCms, signer: Certificate, trust: Trust, stamp: JudgedToken | None) -> _Found:
    """Follow the signer's certificate to somebody whom the auditor trusts (RFC 5280 6.1)."""
    anchors = [a for a in trust.serving(TrustRole.REPORT) if a.kind is AnchorKind.CERTIFICATE]
    pool = [der for der in cms.certificates if der != cms.signer]
    proven = stamp.proven if stamp else None
    path = validate_path(
        cms.signer,
        pool,
        anchors,
        at=proven or trust.at,
        eku=DOCUMENT_PURPOSES,
        revocation=Revocation(trust.revocations),
        algorithms_at=trust.at,
    )
    if path.anchor is None:
        code = path.code if anchors else Code.NO_TRUST_ANCHOR
        why = path.reason if anchors else f"Nobody says who {signer.name} is: no --trust was given."
        return _Found(Indication.INDETERMINATE, code or Code.NO_CERTIFICATE_CHAIN_FOUND, why)
    if path.indication is not Indication.PASSED:
        return _Found(Indication.INDETERMINATE, path.code, path.reason, path.anchor.name)
    if not path.anchor.counts:
        why = f"{path.anchor.name} lies in the evidence too ({path.anchor.found_in})."
        return _Found(Indication.INDETERMINATE, Code.SELF_SUPPLIED_KEY, why, path.anchor.name)
    return _Found(Indication.PASSED, None, path.reason, path.anchor.name)
