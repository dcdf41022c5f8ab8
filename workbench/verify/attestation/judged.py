"""What came of judging one signature of an attestation."""

from dataclasses import dataclass, field

from workbench.model.verdict import DimensionVerdict, SignatureVerdict, Step
from workbench.verify.keys import RsaScheme


@dataclass(frozen=True, slots=True)
class Check:
    """How a signature verifies or should: enough to do it again by hand.

    Attributes:
        der: DER SubjectPublicKeyInfo of the key.
        hash_name: hash, as OpenSSL calls it; "" for Ed25519.
        scheme: padding of RSA, or None.
        bare: it is over the payload itself, without the encoding around it.
        verifies: whether it does.
    """

    der: bytes
    hash_name: str = ""
    scheme: RsaScheme | None = None
    bare: bool = False
    verifies: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """One signature, judged.

    Attributes:
        verdict: what it is worth.
        why: the same in words.
        identity: who signed, where trusted: one text a signer; else "".
        check: how it verifies, or None.
        holds: the signature verifies with some key, trusted or not.
        protection: what else protects the bytes and was recomputed, as proofs of logs.
        time: trusted time of it, or None where nothing is said of time.
        logged: it is shown to be in a public log.
        steps: steps of the proof trail that the kind of signature has beyond the common ones.
        notes: sentences for the auditor.
    """

    verdict: SignatureVerdict
    why: str
    identity: str = ""
    check: Check | None = None
    holds: bool = False
    protection: tuple[DimensionVerdict, ...] = ()
    time: DimensionVerdict | None = None
    logged: bool = False
    steps: tuple[Step, ...] = field(default=())
    notes: tuple[str, ...] = ()
