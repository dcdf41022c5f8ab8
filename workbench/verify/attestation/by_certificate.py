"""Whose a signature is by a path to a certificate that the auditor brought (RFC 5280 6.1).

For bundles with a certificate where the auditor brought no Sigstore trusted root: an authority of
one's own. The path is judged at the time before which a trusted time stamp over the bundle proves
that it existed, else at the time of the verification.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from workbench.model.bundle import Bundle
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.signable import Check, Judged, Signable, expected, usable_key, verifying
from workbench.verify.trust.revocation import Revocation
from workbench.verify.trust.x509 import PathVerdict, validate_path


def judge_certificate(
    bundle: Bundle, signables: Sequence[Signable], trust: Trust, covers: str
) -> Judged:
    """Return what the signature of a bundle is worth."""
    leaf, *pool = bundle.certificates
    certificate = read_certificate(leaf)
    if certificate is None:
        why = "The signer's certificate cannot be read."
        return Judged(SignatureVerdict(Indication.FAILED, Code.FORMAT_FAILURE, covers=covers), why)
    open_verdict = SignatureVerdict(
        Indication.INDETERMINATE,
        Code.NO_TRUST_ANCHOR,
        certificate.subject.rfc4514_string() or "a certificate without a subject",
        hashlib.sha256(leaf).hexdigest(),
        covers=covers,
    )
    key = usable_key(certificate.public_key())
    if key is None:
        verdict = replace(open_verdict, code=Code.CRYPTO_CONSTRAINTS_FAILURE)
        return Judged(verdict, "The key of the certificate is too weak, or of no kind used here.")
    check = verifying(key, bundle.signature, signables)
    anchors = [a for a in trust.keys if a.kind is AnchorKind.CERTIFICATE and _serves(a)]
    path = validate_path(
        leaf,
        pool,
        anchors,
        at=trust.moment,
        revocation=Revocation(trust.revocations),
        algorithms_at=trust.at,
    )
    if path.anchor is None:
        return _untrusted(open_verdict, path, check, known=bool(anchors))
    verdict = replace(open_verdict, trusted_by=path.anchor.name)
    if check is None:
        verdict = replace(verdict, indication=Indication.FAILED, code=Code.SIG_CRYPTO_FAILURE)
        why = f"It does not verify with its certificate, which {path.anchor.name} vouches for."
        return Judged(verdict, why, check=expected(key))
    return _trusted(replace(verdict, time=trust.proven), path, path.anchor, check)


def _serves(anchor: TrustAnchor) -> bool:
    return anchor.serves(TrustRole.ATTESTATION)


def _untrusted(
    verdict: SignatureVerdict, path: PathVerdict, check: Check | None, *, known: bool
) -> Judged:
    does = "verifies" if check else "does not verify"
    own = f"The signature {does} with its own certificate."
    if not known:
        why = "The auditor trusts no certificate and no Sigstore trusted root for attestations."
        return Judged(verdict, f"{why} {own}", check=check, holds=check is not None)
    verdict = replace(verdict, code=path.code or Code.NO_CERTIFICATE_CHAIN_FOUND)
    return Judged(verdict, f"{path.reason} {own}", check=check, holds=check is not None)


def _trusted(
    verdict: SignatureVerdict, path: PathVerdict, anchor: TrustAnchor, check: Check
) -> Judged:
    why = f"Verifies with its certificate. {path.reason}"
    if path.indication is not Indication.PASSED:
        return Judged(replace(verdict, code=path.code, time=None), why, check=check, holds=True)
    if not anchor.counts:
        why += f" {anchor.name} lies in the evidence too ({anchor.found_in})."
        verdict = replace(verdict, code=Code.SELF_SUPPLIED_KEY, time=None)
        return Judged(verdict, why, check=check, holds=True)
    verdict = replace(verdict, indication=Indication.PASSED, code=None)
    identity = hashlib.sha256(check.der).hexdigest()
    return Judged(verdict, why, identity, check, holds=True)
