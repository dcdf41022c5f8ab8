"""Who signed a manifest, as far as the auditor trusts (OMS 1.0, 8.2; VERDICTS section 2)."""

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from workbench.model.model_signature import ModelSignature, SignatureKind
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.dsse import pae, pae_of_model_signing_0_2
from workbench.verify.keys import CURVE_HASHES, verify_signature
from workbench.verify.oms.signer import Signer, is_meant, signer_by, signer_of
from workbench.verify.x509 import PathVerdict, validate_path


@dataclass(frozen=True, slots=True)
class Judged:
    """One signature, judged.

    Attributes:
        verdict: what it is worth.
        why: the same in words.
        identity: SHA-256 of the DER SubjectPublicKeyInfo of a trusted signer, or "".
        hash_name: hash under which it verified or should have, or "" when unknown.
        legacy: it verified over the encoding of model_signing 0.2.
    """

    verdict: SignatureVerdict
    why: str
    identity: str = ""
    hash_name: str = ""
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    """How a signature verified: the hash, and whether over the encoding of 0.2."""

    hash_name: str
    legacy: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """What is the same for every signature of a bundle.

    ``encoded`` is what must be signed; ``legacy`` what model_signing 0.2 signed instead, or None
    where that does not count.
    """

    signature: ModelSignature
    trust: Trust
    covers: str
    encoded: bytes
    legacy: bytes | None

    def anchors(self, kind: AnchorKind, *, serving: bool = True) -> list[TrustAnchor]:
        """Return the anchors of a kind, those that carry authenticity first."""
        fitting = (a for a in self.trust.anchors if a.kind is kind)
        right = [a for a in fitting if a.serves(TrustRole.MODEL) is serving]
        return sorted(right, key=lambda anchor: not anchor.counts)

    def path(self, *, serving: bool) -> PathVerdict | None:
        """Return the path to a trusted certificate, or None where none is trusted."""
        anchors = self.anchors(AnchorKind.CERTIFICATE, serving=serving)
        leaf, *pool = self.signature.certificates
        return validate_path(leaf, pool, anchors, at=self.trust.at) if anchors else None

    def match(self, key: EllipticCurvePublicKey | None, value: bytes) -> _Match | None:
        """Return how ``value`` verifies with a key, or None; the curve fixes the hash."""
        if key is None:
            return None
        own = CURVE_HASHES[key.curve.name]
        if verify_signature(key, value, self.encoded, own):
            return _Match(own.name, legacy=False)
        if self.legacy is None:
            return None
        # 0.2 hashed with SHA-256 whatever the curve; model_signing also takes the curve's hash.
        for algorithm in (hashes.SHA256(), own):
            if verify_signature(key, value, self.legacy, algorithm):
                return _Match(algorithm.name, legacy=True)
        return None

    def passed(self, anchor: TrustAnchor, signer: Signer, match: _Match, more: str) -> Judged:
        """Return what a signature is worth that verifies and leads to a trust anchor."""
        why = f"Verifies with the key of {signer.name} (ECDSA, {match.hash_name}).{more}"
        if match.legacy:
            why += " It is over the encoding of model_signing 0.2, accepted for its old form only."
        if not anchor.counts:
            why += " The same key lies in the evidence; confirm its fingerprint out of band."
            verdict = self.verdict(Indication.INDETERMINATE, Code.SELF_SUPPLIED_KEY, signer, anchor)
            return Judged(verdict, why, hash_name=match.hash_name, legacy=match.legacy)
        if anchor.role is None:
            why += " The anchor was given without a role: it serves model signatures here."
        verdict = self.verdict(Indication.PASSED, None, signer, anchor)
        return Judged(verdict, why, signer.spki, match.hash_name, match.legacy)

    def wrong_role(self, anchor: TrustAnchor, signer: Signer) -> Judged:
        why = f"Verifies, but you trust {anchor.name} as {anchor.role}, not for models."
        verdict = self.verdict(Indication.INDETERMINATE, Code.ROLE_MISMATCH, signer, anchor)
        return Judged(verdict, why)

    def broken(self, anchor: TrustAnchor | None, signer: Signer) -> Judged:
        why = (
            f"Does not verify with the key of {signer.name}: payload or signature were changed, "
            "or another key made it."
        )
        verdict = self.verdict(Indication.FAILED, Code.SIG_CRYPTO_FAILURE, signer, anchor)
        expected = CURVE_HASHES[signer.key.curve.name].name if signer.key else ""
        return Judged(verdict, why, hash_name=expected)

    def unsure(self, code: str, why: str, signer: Signer) -> Judged:
        return Judged(self.verdict(Indication.INDETERMINATE, code, signer, None), why)

    def verdict(
        self, indication: Indication, code: str | None, signer: Signer, anchor: TrustAnchor | None
    ) -> SignatureVerdict:
        return SignatureVerdict(
            indication=indication,
            code=code,
            signer=signer.name,
            fingerprint=signer.fingerprint,
            trusted_by="" if anchor is None else anchor.name,
            covers=self.covers,
        )


def judge_signatures(
    signature: ModelSignature, trust: Trust, *, legacy: bool, covers: str
) -> tuple[Judged, ...]:
    """Judge every signature of an envelope, each for itself.

    ``legacy``: the payload has the form of model_signing 0.2. ``covers``: what it is over.
    """
    content = signature.payload_type, signature.payload
    old = pae_of_model_signing_0_2(*content) if legacy else None
    case = _Case(signature, trust, covers, encoded=pae(*content), legacy=old)
    judge = {
        SignatureKind.KEY: _by_key,
        SignatureKind.CERTIFICATE: _by_certificate,
        SignatureKind.SIGSTORE: _by_sigstore,
    }[signature.kind]
    return tuple(judge(case, item.value) for item in signature.signatures)


def _by_key(case: _Case, value: bytes) -> Judged:
    """Judge by the auditor's public keys; the hint only says which of them was meant."""
    serving = case.anchors(AnchorKind.PUBLIC_KEY)
    meant = [anchor for anchor in serving if is_meant(anchor, case.signature)]
    for anchor in sorted(serving, key=lambda anchor: anchor not in meant):
        signer = signer_by(anchor)
        if match := case.match(signer.key, value):
            more = "" if anchor in meant else " The hint, which nothing protects, names another."
            return case.passed(anchor, signer, match, more)
    for anchor in case.anchors(AnchorKind.PUBLIC_KEY, serving=False):
        if case.match(signer_by(anchor).key, value):
            return case.wrong_role(anchor, signer_by(anchor))
    if meant:
        return case.broken(meant[0], signer_by(meant[0]))
    hint = case.signature.hint
    unknown = Signer(f"key with hint {hint}" if hint else "an unnamed key")
    why = f"No key that you trust for models is the signer's ({unknown.name})."
    return case.unsure(Code.NO_TRUST_ANCHOR, why, unknown)


def _by_certificate(case: _Case, value: bytes) -> Judged:
    """Judge by the certificate's own key or by a path to a trusted certificate (RFC 5280 6.1)."""
    signer = signer_of(case.signature.certificates[0])
    if signer is None:
        why = "The signer's certificate cannot be read."
        unknown = Signer("an unreadable certificate")
        return Judged(case.verdict(Indication.FAILED, Code.FORMAT_FAILURE, unknown, None), why)
    match = case.match(signer.key, value)
    same = [a for a in case.anchors(AnchorKind.PUBLIC_KEY) if a.key_fingerprint == signer.spki]
    if same and match:
        return case.passed(same[0], signer, match, " You trust the key itself.")
    if same:
        return case.broken(same[0], signer)
    path = case.path(serving=True)
    if path is not None and path.anchor is not None:
        return _by_path(case, path, signer, match)
    other = case.path(serving=False)
    if other is not None and other.anchor is not None and match:
        return case.wrong_role(other.anchor, signer)
    verifies = "verifies" if match else "does not verify"
    why = "You trust no certificate for models." if path is None else path.reason
    code = Code.NO_TRUST_ANCHOR if path is None else path.code or Code.NO_CERTIFICATE_CHAIN_FOUND
    return case.unsure(code, f"{why} The signature {verifies} with its own certificate.", signer)


def _by_path(case: _Case, path: PathVerdict, signer: Signer, match: _Match | None) -> Judged:
    """Judge by a path that leads to a trusted certificate."""
    if path.anchor is None or match is None:
        return case.broken(path.anchor, signer)
    if path.indication is Indication.PASSED:
        return case.passed(path.anchor, signer, match, f" {path.reason}")
    why = f"Verifies with the key of {signer.name}, but: {path.reason}"
    return Judged(case.verdict(path.indication, path.code, signer, path.anchor), why)


def _by_sigstore(case: _Case, value: bytes) -> Judged:
    """Say that nothing is judged; ``value`` is one of the signatures."""
    signer = signer_of(case.signature.certificates[0]) or Signer("a Sigstore identity")
    why = (
        f"{len(value)} bytes of signature were not judged: "
        "Sigstore identities are judged in a later version."
    )
    return case.unsure(Code.NO_TRUST_ANCHOR, why, signer)
