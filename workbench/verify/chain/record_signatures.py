"""What the signatures that each record carries are worth (VERDICTS section 2)."""

from collections.abc import Iterable, Iterator

from workbench.model.recipe import Seal, SealKind
from workbench.model.trust import Trust, TrustAnchor
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.chain.breaks import Break
from workbench.verify.chain.facts import Guard
from workbench.verify.chain.survey import Survey
from workbench.verify.keys.life import limit_of
from workbench.verify.keys.public import ed25519_anchors
from workbench.verify.keys.revocation import names_of, revoked


def signatures_in(
    seen: Survey, trust: Trust, breaks: Iterable[Break]
) -> Iterator[SignatureVerdict]:
    """Yield one verdict for each kind of signature that records carry."""
    wrong = sum(found.guard is Guard.SEAL for found in breaks)
    for n, seal in enumerate(seen.log.profile.seals):
        if seal.kind is SealKind.ED25519 and seen.records:
            yield _judged(seen, trust, seal, n, wrong)


def _judged(seen: Survey, trust: Trust, seal: Seal, n: int, wrong: int) -> SignatureVerdict:
    right, missing = seen.sealed[n] if seen.sealed else 0, seen.unsealed[n] if seen.unsealed else 0
    used = [a for a in ed25519_anchors(trust) if (n, _raw(a.der)) in seen.signers]
    names = ", ".join(anchor.name for anchor in used)
    prints = ", ".join(anchor.fingerprint for anchor in used)
    where = ".".join(seal.field)
    covers = f"{right:,} of {seen.records:,} records, each in {where}"
    if not any(ed25519_anchors(trust)):
        return _verdict(Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR, covers)
    late = [a for a in used if _is_late(a, seen.signers[n, _raw(a.der)], trust)]
    if late:
        gone = ", ".join(anchor.name for anchor in late)
        covers += f"; some claim a time at which {gone} was revoked"
        return SignatureVerdict(Indication.FAILED, Code.REVOKED, names, prints, covers=covers)
    if wrong:
        failed = Indication.FAILED, Code.SIG_CRYPTO_FAILURE
        return SignatureVerdict(*failed, names, prints, covers=covers)
    if not right:
        return _verdict(Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR, covers)
    code: str | None = None
    if any(not anchor.counts for anchor in used):
        code = Code.SELF_SUPPLIED_KEY
    elif limits := [limit for a in used if (limit := limit_of(a, trust))]:
        code = limits[0][0]
    elif missing or right < seen.records:
        code = Code.PARTIAL_COVERAGE
    elif trust.threshold > 1:
        code = Code.TOO_FEW_SIGNERS
    elif not seen.log.profile.preimage:
        code = Code.NOT_RECOMPUTABLE
    outcome = Indication.INDETERMINATE if code else Indication.PASSED
    return SignatureVerdict(outcome, code, names, prints, "" if code else names, covers=covers)


def _is_late(anchor: TrustAnchor, latest: float, trust: Trust) -> bool:
    """Tell whether records claim a time from which on the key that signed them was revoked."""
    found = revoked(lambda: names_of(anchor), trust.revocations)
    return found is not None and found[0].since.timestamp() <= latest


def _verdict(outcome: Indication, code: str, covers: str) -> SignatureVerdict:
    return SignatureVerdict(outcome, code, covers=covers)


def _raw(der: bytes) -> bytes:
    """Return the 32 bytes of an Ed25519 key (RFC 8410 section 4: they end its DER)."""
    return der[-32:]
