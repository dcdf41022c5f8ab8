"""Who signed a manifest, as far as the auditor trusts (OMS 1.0, 8.2; VERDICTS section 2).

Whose signature it is, as ``resources/help/verdicts.md`` has it:

1. by the key that verifies it, whatever it is called;
2. else by a key that the auditor brought and that the bundle names: then it is broken;
3. else, where the bundle names none, by whom the auditor trusts for models: then it is broken;
4. else by an unknown key: listed, no effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from workbench.model.envelope import EnvelopeSignature
from workbench.model.expectation import Origin
from workbench.model.model_signature import ModelSignature, SignatureKind
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.dsse import pae, pae_of_model_signing_0_2
from workbench.verify.keys.life import limit_of
from workbench.verify.keys.public import verify_signature
from workbench.verify.keys.strength import CURVE_HASHES
from workbench.verify.oms.signer import Known, Signer, known_key, names_of, signer_of
from workbench.verify.sigstore.findings import Scratch

if TYPE_CHECKING:  # what judges certificates is loaded by the first one: a key needs none of it
    from workbench.verify.keys.signable import Judged as Sealed
    from workbench.verify.trust.x509 import PathVerdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One signature, judged.

    Attributes:
        verdict: what it is worth.
        why: the same in words.
        identity: SHA-256 of the DER SubjectPublicKeyInfo of a trusted signer, or "".
        hash_name: hash under which it verified or should have, or "" when unknown.
        legacy: it verified over the encoding of model_signing 0.2.
        sealed: what the Sigstore bundle around it is worth, or None.
    """

    verdict: SignatureVerdict
    why: str
    identity: str = ""
    hash_name: str = ""
    legacy: bool = False
    sealed: "Sealed | None" = None


@dataclass(frozen=True, slots=True)
class _Match:
    """How a signature verified: the hash, and whether over the encoding of 0.2."""

    hash_name: str
    legacy: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """What is the same for every signature of a bundle.

    ``encoded`` is what must be signed; ``legacy`` what model_signing 0.2 signed instead, or None
    where that does not count. ``origin`` and ``scratch`` are for a Sigstore identity.
    """

    signature: ModelSignature
    trust: Trust
    origin: Origin
    scratch: Scratch
    covers: str
    encoded: bytes
    legacy: bytes | None

    def known(self) -> list[Known]:
        """Return the auditor's keys: the fitting ones first, then those that carry authenticity."""
        keys = map(known_key, self.trust.keys)
        return sorted(keys, key=lambda one: (not one.fits, not one.anchor.counts))

    def path(self) -> "PathVerdict":
        """Return the path to what the auditor brought: for models, else for something else."""
        certificates = [a for a in self.trust.anchors if a.kind is AnchorKind.CERTIFICATE]
        fitting = self._path([a for a in certificates if _serves(a)])
        if fitting.anchor is not None:
            return fitting
        other = self._path([a for a in certificates if not _serves(a)])
        return fitting if other.anchor is None else other

    def _path(self, anchors: Sequence[TrustAnchor]) -> "PathVerdict":
        from workbench.verify.trust.revocation import Revocation
        from workbench.verify.trust.x509 import validate_path

        leaf, *pool = self.signature.certificates
        return validate_path(
            leaf,
            pool,
            anchors,
            at=self.trust.moment,
            revocation=Revocation(self.trust.revocations),
            algorithms_at=self.trust.at,
        )

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
        """Return what a signature is worth that verifies and leads to a fitting anchor."""
        why = f"Verifies with the key of {signer.name} (ECDSA, {match.hash_name}).{more}"
        if match.legacy:
            why += " It is over the encoding of model_signing 0.2, accepted for its old form only."
        if not anchor.counts:
            where = f" ({anchor.found_in})" if anchor.found_in else ""
            why += f" The same key lies in the evidence{where}; confirm its fingerprint otherwise."
            verdict = self.verdict(Indication.INDETERMINATE, Code.SELF_SUPPLIED_KEY, signer, anchor)
            return Judged(verdict, why, hash_name=match.hash_name, legacy=match.legacy)
        if limit := limit_of(anchor, self.trust):
            why = f"Verifies with the key of {signer.name}, but: {limit[1]}{_without_role(anchor)}"
            return Judged(self.verdict(Indication.INDETERMINATE, limit[0], signer, anchor), why)
        verdict = self.verdict(Indication.PASSED, None, signer, anchor)
        why += _without_role(anchor)
        return Judged(verdict, why, signer.spki, match.hash_name, match.legacy)

    def wrong_role(self, anchor: TrustAnchor, signer: Signer, match: _Match) -> Judged:
        why = f"Verifies, but the auditor trusts {anchor.name} {_purpose(anchor)}."
        verdict = self.verdict(Indication.INDETERMINATE, Code.ROLE_MISMATCH, signer, anchor)
        return Judged(verdict, why, hash_name=match.hash_name, legacy=match.legacy)

    def broken(self, anchor: TrustAnchor, signer: Signer) -> Judged:
        """Return what a signature is worth that names a key and is not by it."""
        serves = _serves(anchor)
        other = "" if serves else f", which the auditor trusts {_purpose(anchor)}"
        why = (
            f"Does not verify with the key of {signer.name} that it names{other}: payload or "
            f"signature were changed, or another key made it.{_without_role(anchor)}"
        )
        return self.failed(why, signer, anchor if serves else None)

    def by_nobody(self, trusted: Sequence[Known]) -> Judged:
        """Return what a signature is worth that names nobody and is by none of ``trusted``."""
        names = ", ".join(one.anchor.name for one in trusted)
        why = (
            "It names no key, and does not verify with any that the auditor trusts for models "
            f"({names})."
        )
        why += "".join(sorted({_without_role(one.anchor) for one in trusted}))
        return self.failed(why, Signer("an unnamed key", key=trusted[0].signer.key), None)

    def failed(self, why: str, signer: Signer, anchor: TrustAnchor | None) -> Judged:
        verdict = self.verdict(Indication.FAILED, Code.SIG_CRYPTO_FAILURE, signer, anchor)
        expected = CURVE_HASHES[signer.key.curve.name].name if signer.key else ""
        return Judged(verdict, why, hash_name=expected)

    def unusable(self, signer: Signer) -> Judged:
        why = f"The key of {signer.name} is of a kind that signs no models (OMS: ECDSA); not tried."
        return self.unsure(Code.CRYPTO_CONSTRAINTS_FAILURE, why, signer)

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
            time=self.trust.proven if indication is Indication.PASSED else None,
            covers=self.covers,
        )


def judge_signatures(
    signature: ModelSignature,
    trust: Trust,
    origin: Origin,
    *,
    legacy: bool,
    covers: str,
    scratch: Scratch,
) -> tuple[Judged, ...]:
    """Judge every signature of an envelope, each for itself.

    Args:
        signature: the bundle.
        trust: whom the auditor trusts.
        origin: what the auditor states of the signer.
        legacy: the payload has the form of model_signing 0.2.
        covers: what it is over, in words.
        scratch: where commands of a recipe find the bundle.
    """
    content = signature.payload_type, signature.payload
    old = pae_of_model_signing_0_2(*content) if legacy else None
    case = _Case(signature, trust, origin, scratch, covers, encoded=pae(*content), legacy=old)
    judge = {
        SignatureKind.KEY: _by_key,
        SignatureKind.CERTIFICATE: _by_certificate,
        SignatureKind.SIGSTORE: _by_sigstore,
    }[signature.kind]
    judged = (judge(case, item) for item in signature.signatures)
    if signature.kind is SignatureKind.SIGSTORE or not origin.names_signer:
        return tuple(judged)
    return tuple(_held_to(case, one) for one in judged)


def _held_to(case: _Case, judged: Judged) -> Judged:
    """Return a signature by nobody of Sigstore's as open, where the auditor asks for another."""
    from workbench.verify.sigstore.asked import why_not_asked_for

    leaf = next(iter(case.signature.certificates), None)
    why = why_not_asked_for(case.origin, leaf)
    if not why or judged.verdict.indication is not Indication.PASSED:
        return judged
    open_ = Indication.INDETERMINATE
    verdict = replace(judged.verdict, indication=open_, code=Code.SIG_CONSTRAINTS_FAILURE)
    return replace(
        judged, verdict=replace(verdict, time=None), why=f"{judged.why} {why}", identity=""
    )


def _by_key(case: _Case, item: EnvelopeSignature) -> Judged:
    """Judge by the auditor's keys: the numbers are those of the rule above."""
    known, names = case.known(), names_of(case.signature, item)
    # 1. By the key that verifies it.
    found = [
        _by_known(case, k, m, names) for k in known if (m := case.match(k.signer.key, item.value))
    ]
    if found:
        return min(found, key=_goodness)
    # 2. By the key that the bundle names.
    for one in known:
        if one.is_called(names):
            usable = one.signer.key is not None
            return case.broken(one.anchor, one.signer) if usable else case.unusable(one.signer)
    # 3. Meant for whom the auditor trusts.
    trusted = [one for one in known if one.fits and one.signer.key is not None]
    if not names and trusted:
        return case.by_nobody(trusted)
    # 4. By an unknown key.
    unknown = Signer(f"key with hint {', '.join(sorted(names))}" if names else "an unnamed key")
    why = f"No key that the auditor trusts for models is the signer's ({unknown.name})."
    return case.unsure(Code.NO_TRUST_ANCHOR, why, unknown)


def _by_known(case: _Case, known: Known, match: _Match, names: frozenset[str]) -> Judged:
    """Judge a signature by a key of the auditor with which it verifies."""
    if not known.fits:
        return case.wrong_role(known.anchor, known.signer, match)
    called = not names or known.is_called(names)
    more = "" if called else " The hint, which nothing protects, names another."
    return case.passed(known.anchor, known.signer, match, more)


def _by_certificate(case: _Case, item: EnvelopeSignature) -> Judged:
    """Judge by the certificate's own key or by a path to a trusted certificate (RFC 5280 6.1)."""
    signer = signer_of(case.signature.certificates[0])
    if signer is None:
        why = "The signer's certificate cannot be read."
        unknown = Signer("an unreadable certificate")
        return Judged(case.verdict(Indication.FAILED, Code.FORMAT_FAILURE, unknown, None), why)
    if signer.key is None:
        return case.unusable(signer)
    match = case.match(signer.key, item.value)
    same = [k.anchor for k in case.known() if _is_bare(k) and k.signer.spki == signer.spki]
    path = case.path()
    reached = [*same, *([path.anchor] if path.anchor else [])]
    if not reached:
        return _untrusted(case, path, signer, match)
    if match is None:
        return case.broken(min(reached, key=lambda anchor: not _serves(anchor)), signer)
    found = [_by_same_key(case, anchor, signer, match) for anchor in same]
    if path.anchor is not None:
        found.append(_by_path(case, path, path.anchor, signer, match))
    return min(found, key=_goodness)


def _is_bare(known: Known) -> bool:
    return known.anchor.kind is AnchorKind.PUBLIC_KEY


def _goodness(judged: Judged) -> tuple[int, bool]:
    """Of several anchors that a certificate leads to the best decides, a fitting one first."""
    verdict = judged.verdict
    return verdict.indication.severity, verdict.code == Code.ROLE_MISMATCH


def _untrusted(case: _Case, path: "PathVerdict", signer: Signer, match: _Match | None) -> Judged:
    """Judge a certificate that leads to nothing that the auditor brought."""
    verifies = "verifies" if match else "does not verify"
    code, why = path.code or Code.NO_CERTIFICATE_CHAIN_FOUND, path.reason
    if not any(a.kind is AnchorKind.CERTIFICATE and _serves(a) for a in case.trust.anchors):
        code, why = Code.NO_TRUST_ANCHOR, "The auditor trusts no certificate for models."
    return case.unsure(code, f"{why} The signature {verifies} with its own certificate.", signer)


def _by_same_key(case: _Case, anchor: TrustAnchor, signer: Signer, match: _Match) -> Judged:
    """Judge a certificate whose very key the auditor brought."""
    if not _serves(anchor):
        return case.wrong_role(anchor, signer, match)
    return case.passed(anchor, signer, match, " The auditor trusts the key itself.")


def _by_path(
    case: _Case, path: "PathVerdict", anchor: TrustAnchor, signer: Signer, match: _Match
) -> Judged:
    """Judge by a path that leads to a certificate that the auditor brought."""
    if not _serves(anchor):
        return case.wrong_role(anchor, signer, match)
    if path.indication is Indication.PASSED:
        return case.passed(anchor, signer, match, f" {path.reason}")
    why = f"Verifies with the key of {signer.name}, but: {path.reason}{_without_role(anchor)}"
    return Judged(case.verdict(path.indication, path.code, signer, anchor), why)


def _by_sigstore(case: _Case, item: EnvelopeSignature) -> Judged:
    """Judge by a Sigstore trusted root; of several signatures a bundle of Sigstore has one."""
    signer = signer_of(case.signature.certificates[0]) or Signer("a Sigstore identity")
    bundle = case.signature.bundle
    if bundle is None or item.value != bundle.signature:
        why = "A Sigstore bundle has one signature; this is another one."
        return case.unsure(Code.SIG_CONSTRAINTS_FAILURE, why, signer)
    if not case.trust.roots:
        why = "It is by a Sigstore identity, and the auditor brought no Sigstore trusted root."
        return case.unsure(Code.NO_TRUST_ANCHOR, why, signer)
    from workbench.verify.keys.signable import Signable
    from workbench.verify.sigstore.judge import judge_bundle

    encoded = [data for data in (case.encoded, case.legacy) if data is not None]
    found = judge_bundle(
        bundle,
        [Signable(data) for data in encoded],
        case.trust,
        case.origin,
        role=TrustRole.MODEL,
        covers=case.covers,
        scratch=case.scratch,
    )
    name = found.check.hash_name if found.check else ""
    return Judged(found.verdict, found.why, found.identity, name, sealed=found)


def _serves(anchor: TrustAnchor) -> bool:
    return anchor.serves(TrustRole.MODEL)


def _purpose(anchor: TrustAnchor) -> str:
    """Return for what the auditor trusts an anchor that may not vouch here."""
    if anchor.role is TrustRole.MODEL or (anchor.role is None and anchor.note_name is None):
        return "as a certificate, and this signature comes with a bare key"
    return f"for another purpose ({anchor.role or 'signed notes'})"


def _without_role(anchor: TrustAnchor) -> str:
    if anchor.role is not None or anchor.note_name is not None:
        return ""
    return f" {anchor.name} was given without a role: it serves model signatures here."
