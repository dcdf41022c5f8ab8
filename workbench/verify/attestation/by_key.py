"""Whose a signature is that comes with no certificate (VERDICTS section 2).

1. That key's which verifies it, whatever it is called.
2. Else a key's that the auditor brought and that the signature names: then it is broken.
3. Else, where it names none, of whom the auditor trusts for attestations: then it is broken.
4. Else an unknown key's: listed, no effect.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from workbench.model.olpc import canonical
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.keys.life import limit_of
from workbench.verify.keys.public import PublicKey, public_key_of
from workbench.verify.keys.signable import Check, Judged, Signable, expected, verifying

#: Other key ids than digests are names of any kind, which tell nothing here.
_DIGEST = re.compile(r"[0-9a-f]{64}")

#: Judges whether a key id is good enough to count here; a sentence where it is not.
Refuse = Callable[[str], str]


def accept_any(_keyid: str) -> str:
    """Take a key id for the hint that it is (DSSE 1.0)."""
    return ""


@dataclass(frozen=True, slots=True)
class ByKey:
    """Judges signatures by the auditor's keys.

    Attributes:
        trust: whom the auditor trusts.
        signables: what they may be over, each in its turn.
        covers: what that is, in words.
        refuse: says why a key id cannot count.
        bare_means: what it means that a signature is over the payload itself, in a sentence.
    """

    trust: Trust
    signables: Sequence[Signable]
    covers: str
    refuse: Refuse = accept_any
    bare_means: str = ""

    def judge(self, value: bytes, names: frozenset[str]) -> Judged:
        """Return what a signature is worth; ``names``: what it calls its key."""
        anchors = sorted(self.trust.keys, key=lambda a: (not _fits(a), not a.counts))
        found = [
            self._verified(anchor, check, names)
            for anchor in anchors
            if (check := verifying(public_key_of(anchor), value, self.signables))
        ]
        if found:
            return min(found, key=lambda one: one.verdict.indication.severity)
        for anchor in anchors:
            if _fits(anchor) and names & names_of(anchor):
                why = f"It names the key of {anchor.name} and does not verify with it."
                return self._broken(anchor, why)
        fitting = [anchor for anchor in anchors if _fits(anchor)]
        if fitting and not names:
            known = ", ".join(anchor.name for anchor in fitting)
            why = f"It names no key, and verifies with none that the auditor trusts ({known})."
            return self._broken(None, why)
        called = ", ".join(sorted(names)) or "unnamed"
        why = f"No key that the auditor trusts for attestations is the signer's ({called})."
        unknown = self._verdict(Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR, None, called)
        return Judged(unknown, why)

    def _verified(self, anchor: TrustAnchor, check: Check, names: frozenset[str]) -> Judged:
        """Return what a signature is worth that verifies with a key of the auditor."""
        why = f"Verifies with the key of {anchor.name}."
        code: str | None = None
        if not _fits(anchor):
            code = Code.ROLE_MISMATCH
            why += f" But the auditor trusts it for something else ({anchor.role or anchor.kind})."
        elif not anchor.counts:
            code = Code.SELF_SUPPLIED_KEY
            why += f" The same key lies in the evidence ({anchor.found_in})."
        elif refused := next(filter(None, map(self.refuse, names or {""})), ""):
            code = Code.SIG_CONSTRAINTS_FAILURE
            why += f" {refused}"
        elif limit := limit_of(anchor, self.trust):
            code = limit[0]
            why += f" But: {limit[1]}"
        if check.bare and self.bare_means:
            why += f" {self.bare_means}"
        if any(map(_DIGEST.fullmatch, names)) and not names & names_of(anchor):
            why += " The key id, which nothing protects, names another."
        if anchor.role is None and code is None:
            why += f" {anchor.name} was given without a role: it serves attestations here."
        indication = Indication.PASSED if code is None else Indication.INDETERMINATE
        verdict = self._verdict(indication, code, anchor)
        if code is None:
            verdict = replace(verdict, time=self.trust.proven)
        identity = "" if code else anchor.key_fingerprint
        return Judged(verdict, why, identity, check, holds=True)

    def _broken(self, anchor: TrustAnchor | None, why: str) -> Judged:
        verdict = self._verdict(Indication.FAILED, Code.SIG_CRYPTO_FAILURE, anchor, "unnamed")
        check = None
        if anchor is not None:
            check = expected(public_key_of(anchor))
        return Judged(verdict, f"{why} Payload or signature were changed.", check=check)

    def _verdict(
        self, indication: Indication, code: str | None, anchor: TrustAnchor | None, name: str = ""
    ) -> SignatureVerdict:
        if anchor is None:
            return SignatureVerdict(indication, code, name, covers=self.covers)
        return SignatureVerdict(
            indication, code, anchor.name, anchor.fingerprint, anchor.name, covers=self.covers
        )


def _fits(anchor: TrustAnchor) -> bool:
    """Tell whether it may vouch: a bare key in the right role. Nobody judges a path here."""
    return anchor.kind is AnchorKind.PUBLIC_KEY and anchor.serves(TrustRole.ATTESTATION)


def names_of(anchor: TrustAnchor) -> frozenset[str]:
    """Return what signers call a key: digests of its encodings, and key ids of in-toto."""
    key = public_key_of(anchor)
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    spellings = (pem, pem.strip())
    digests = {hashlib.sha256(text).hexdigest() for text in spellings}
    return frozenset({*digests, anchor.key_fingerprint, *_legacy_ids(key, pem.strip().decode())})


def _kinds(key: PublicKey) -> list[tuple[str, str]]:
    match key:
        case Ed25519PublicKey():
            return [("ed25519", "ed25519")]
        case RSAPublicKey():
            return [("rsa", name) for name in ("rsassa-pss-sha256", "rsa-pkcs1v15-sha256")]
        case EllipticCurvePublicKey():
            scheme = f"ecdsa-sha2-nistp{key.curve.key_size}"
            return [("ecdsa", scheme), (scheme, scheme)]


def _legacy_ids(key: PublicKey, pem: str) -> Iterator[str]:
    """Yield the key ids of in-toto and TUF: SHA-256 of a canonical description of the key."""
    public = key.public_bytes_raw().hex() if isinstance(key, Ed25519PublicKey) else pem
    for kind, scheme in _kinds(key):
        described = {"keytype": kind, "scheme": scheme, "keyval": {"public": public}}
        for more in ({}, {"keyid_hash_algorithms": ["sha256", "sha512"]}):
            yield hashlib.sha256(canonical({**described, **more})).hexdigest()
