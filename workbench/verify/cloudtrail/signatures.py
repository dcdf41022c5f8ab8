"""Who signed each digest: its own signature beside it, else the one that the next digest carries.

AWS keeps the signature in the metadata of the S3 object, which copying to a disk loses. But each
digest states the signature of the one before it, so that only the newest of a run stays unsigned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from workbench.model.cloudtrail import SIGNATURE_ALGORITHM, Digest, Metadata, signature_bytes
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.keys.algorithms import policy
from workbench.verify.keys.public import public_key_of, verify_signature

#: A key goes on being used for a while after its time (aws-cli pull request 10073).
GRACE = timedelta(hours=2)
#: So far from the stated time of making a backfill digest its key may lie (as the AWS CLI has it).
BACKFILL_GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A signature that may be a digest's.

    Attributes:
        text: the signature, as it is written.
        source: where it stands, for people.
        own: it stands beside the digest, not in the next one.
        metadata: what else stands beside it, or None.
    """

    text: str
    source: str
    own: bool
    metadata: Metadata | None = None


@dataclass(frozen=True, slots=True)
class SignedDigest:
    """What the signatures of a digest are worth.

    Attributes:
        verdicts: one row for each that says something, the deciding one first.
        reason: the deciding one in words.
        anchor: the key that verified it, or None.
        text: the signature that verified, lower hex, or "".
        verifies: a key that is trusted for logs, for some time, made it over these very bytes.
    """

    verdicts: tuple[SignatureVerdict, ...]
    reason: str
    anchor: TrustAnchor | None = None
    text: str = ""
    verifies: bool = False

    @property
    def passed(self) -> bool:
        """Tell whether it is signed by whom the auditor trusts."""
        return bool(self.verdicts) and self.verdicts[0].indication is Indication.PASSED

    @property
    def failed(self) -> bool:
        """Tell whether one of its signatures names a trusted key and is not by it."""
        return any(row.indication is Indication.FAILED for row in self.verdicts)


class Keys:
    """The RSA keys that the auditor brought, each parsed once."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        bare = [a for a in trust.anchors if a.kind is AnchorKind.PUBLIC_KEY]
        pairs = [(anchor, public_key_of(anchor)) for anchor in bare]
        self._keys = [(a, key) for a, key in pairs if isinstance(key, RSAPublicKey)]
        self.at = trust.at

    def meant(self, key_id: str) -> Iterator[tuple[TrustAnchor, RSAPublicKey]]:
        """Yield the keys that may be the signer's: those it names, then those without a name."""
        named = [pair for pair in self._keys if pair[0].key_id == key_id]
        yield from sorted(named, key=lambda pair: (not _serves(pair[0]), not pair[0].counts))
        yield from (pair for pair in self._keys if not pair[0].key_id)

    def named(self, key_id: str) -> list[TrustAnchor]:
        """Return the keys that the auditor brought under the name that a digest uses."""
        return [anchor for anchor, _ in self._keys if anchor.key_id == key_id]

    @property
    def known(self) -> bool:
        """Tell whether any key is trusted for logs."""
        return any(_serves(anchor) for anchor, _ in self._keys)


def _serves(anchor: TrustAnchor) -> bool:
    return anchor.serves(TrustRole.LOG)


def judge_digest(
    digest: Digest, sha256: str, candidates: Sequence[Candidate], keys: Keys
) -> SignedDigest:
    """Return what the signatures of a digest are worth (VERDICTS section 2)."""
    name = digest.key.rpartition("/")[2]
    if digest.algorithm != SIGNATURE_ALGORITHM:
        reason = f"{name} states the algorithm {digest.algorithm or 'none'}, not used here."
        return _open(Code.CRYPTO_CONSTRAINTS_FAILURE, reason, name)
    if not candidates:
        return SignedDigest((), f"No signature of {name} is here.")
    data = digest.signed_text(sha256).encode()
    answers = [_tried(digest, one, data, keys, name) for one in candidates]
    return _joined(answers, candidates)


def _joined(answers: Sequence[SignedDigest], candidates: Sequence[Candidate]) -> SignedDigest:
    """Return the best answer, with the broken signatures beside the digest: these decide too.

    A wrong signature in the next digest is a link that does not hold, and told as one.
    """
    best = min(answers, key=_rank)
    own = (one for one, found in zip(answers, candidates, strict=True) if found.own)
    broken = [row for one in own if one is not best and one.failed for row in one.verdicts]
    if not broken:
        return best
    verdicts = (*best.verdicts, *broken)
    return SignedDigest(verdicts, best.reason, best.anchor, best.text, verifies=best.verifies)


def _rank(answer: SignedDigest) -> int:
    if answer.passed:
        return 0
    return 1 if answer.verifies else 2


def _tried(
    digest: Digest, candidate: Candidate, data: bytes, keys: Keys, name: str
) -> SignedDigest:
    covers = f"digest {name}, signature from {candidate.source}"
    signature = signature_bytes(candidate.text)
    wrong = candidate.metadata is not None and candidate.metadata.algorithm != SIGNATURE_ALGORITHM
    for anchor, key in keys.meant(digest.key_id) if signature and not wrong else ():
        if verify_signature(key, signature or b"", data):
            when = _moment(digest, candidate)
            row, reason = _row(anchor, key, when, keys.at, covers)
            fits = _serves(anchor) and row.code != Code.CRYPTO_CONSTRAINTS_FAILURE
            return SignedDigest((row,), reason, anchor, candidate.text, verifies=fits)
    named = [anchor for anchor in keys.named(digest.key_id) if _serves(anchor)]
    if named:
        reason = f"The signature from {candidate.source} is not over {name} by {named[0].name}."
        row = _verdict(Indication.FAILED, Code.SIG_CRYPTO_FAILURE, named[0], covers)
        return SignedDigest((row,), reason)
    why = f"the key {digest.key_id[:40]}, by which it says it is signed, is not trusted"
    return _open(Code.NO_TRUST_ANCHOR, f"{name}: {why}.", covers, digest.key_id[:40])


def _moment(digest: Digest, candidate: Candidate) -> tuple[datetime, timedelta]:
    """Return when a digest was signed, as it states, and how far its key may lie from that."""
    generated = candidate.metadata.generated if candidate.metadata else None
    return (digest.end, GRACE) if generated is None else (generated, BACKFILL_GRACE)


def _row(
    anchor: TrustAnchor,
    key: RSAPublicKey,
    when: tuple[datetime, timedelta],
    at: datetime,
    covers: str,
) -> tuple[SignatureVerdict, str]:
    """Return what a signature is worth that verifies, and why."""
    moment, grace = when
    weak = policy().weak_key(key, at)
    before = anchor.valid_from is not None and moment < anchor.valid_from - grace
    after = anchor.valid_to is not None and moment > anchor.valid_to + grace
    if not _serves(anchor):
        code, why = Code.ROLE_MISMATCH, f"the auditor trusts {anchor.name} for something else"
    elif weak:
        code, why = Code.CRYPTO_CONSTRAINTS_FAILURE, f"{anchor.name} is {weak}"
    elif before or after:
        code, why = Code.OUT_OF_BOUNDS_NO_POE, f"{moment:%Y-%m-%d %H:%M} UTC is not in its life"
    elif not anchor.counts:
        code, why = Code.SELF_SUPPLIED_KEY, f"{anchor.name} also lies in the evidence"
    else:
        row = _verdict(Indication.PASSED, None, anchor, covers, moment)
        return row, f"Verifies with {anchor.name} (RSASSA-PKCS1-v1_5, SHA-256)."
    return _verdict(Indication.INDETERMINATE, code, anchor, covers), f"Verifies, but {why}."


def _verdict(
    indication: Indication,
    code: Code | None,
    anchor: TrustAnchor,
    covers: str,
    time: datetime | None = None,
) -> SignatureVerdict:
    trusted = anchor.name if _serves(anchor) else ""
    name = f"AWS CloudTrail, key {anchor.key_id}" if anchor.key_id else anchor.name
    return SignatureVerdict(indication, code, name, anchor.fingerprint, trusted, time, covers)


def _open(code: Code, reason: str, covers: str, signer: str = "") -> SignedDigest:
    row = SignatureVerdict(Indication.INDETERMINATE, code, signer or "nobody known", covers=covers)
    return SignedDigest((row,), reason)
