"""What the signatures of events are worth: each key is looked up once."""

import base64
import binascii
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workbench.model.trust import AnchorKind, Trust, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.keys.life import limit_of
from workbench.verify.keys.public import spki_of, verify_signature
from workbench.verify.keys.strength import weakness_of
from workbench.verify.pangea.events import JsonObject, key_of
from workbench.verify.pangea.proofs import canonical


class Keys:
    """Judges the signatures of events, and remembers what each key is worth."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._known: dict[bytes, SignatureVerdict] = {}
        self._counts: Counter[SignatureVerdict] = Counter()

    def judge(self, envelope: JsonObject) -> tuple[SignatureVerdict, bool] | None:
        """Return what the signature of an event is worth, and whether it holds at all.

        An event without one gives None. One by an unknown key has no effect on who says so,
        whether it holds or not (VERDICTS 2).
        """
        stated = envelope.get("signature")
        if stated is None:
            return None
        key, value = key_of(envelope), _signature(stated)
        event = envelope.get("event")
        if key is None or value is None or not isinstance(event, dict):
            malformed = SignatureVerdict(Indication.FAILED, Code.FORMAT_FAILURE)
            self._counts[malformed] += 1
            return malformed, False
        signed = canonical({name: v for name, v in event.items() if v is not None})
        holds = signed is not None and verify_signature(key, value, signed)
        verdict = self._worth(key)
        if not holds and verdict.trusted_by:
            verdict = replace(verdict, indication=Indication.FAILED, code=Code.SIG_CRYPTO_FAILURE)
        self._counts[verdict] += 1
        return verdict, holds

    def _worth(self, key: Ed25519PublicKey) -> SignatureVerdict:
        """Return what a signature by a key is worth where it verifies (VERDICTS 2)."""
        spki = spki_of(key)
        if spki not in self._known:
            self._known[spki] = self._looked_up(key, hashlib.sha256(spki).hexdigest())
        return self._known[spki]

    def _looked_up(self, key: Ed25519PublicKey, fingerprint: str) -> SignatureVerdict:
        # That a signed event carries its key says who signed, as in SSHSIG, and supplies nobody's.
        trust = self._trust
        known = [
            a
            for a in trust.anchors
            if a.key_fingerprint == fingerprint and a.kind is AnchorKind.PUBLIC_KEY
        ]
        if weakness_of(key):
            return SignatureVerdict(Indication.FAILED, Code.CRYPTO_CONSTRAINTS_FAILURE)
        if not known:
            name = f"key {fingerprint[:16]}"
            return SignatureVerdict(Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR, name)
        anchor = next((a for a in known if a.serves(TrustRole.LOG)), known[0])
        code: str | None = None if anchor.serves(TrustRole.LOG) else Code.ROLE_MISMATCH
        if code is None and not anchor.counts:
            code = Code.SELF_SUPPLIED_KEY
        if code is None and (limit := limit_of(anchor, trust)):
            code = limit[0]
        good = Indication.PASSED if code is None else Indication.INDETERMINATE
        return SignatureVerdict(good, code, anchor.name, fingerprint, anchor.name)

    def verdicts(self) -> Iterator[SignatureVerdict]:
        """Yield one verdict for all signatures that are worth the same, with their number."""
        for verdict, count in self._counts.items():
            yield replace(verdict, covers=f"{count:,} events" if count > 1 else "1 event")


def _signature(stated: object) -> bytes | None:
    try:
        return base64.b64decode(stated, validate=True) if isinstance(stated, str) else None
    except (binascii.Error, ValueError):
        return None
