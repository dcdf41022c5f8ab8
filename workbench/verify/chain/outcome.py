"""Turn breaks and claims into diagnoses and the four dimensions (VERDICTS 3 to 5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.model.profile import Beginning, ChainProfile
from workbench.model.verdict import (
    Code,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.chain.breaks import Break
from workbench.verify.chain.claims import Agreement, Claim, Standing
from workbench.verify.chain.facts import Guard
from workbench.verify.chain.period import Coverage
from workbench.verify.timestamp.stamps import earliest, time_of

D = DiagnosisClass

#: Classes that fail Integrity; those that also, or only, fail or unsettle Completeness.
FAIL_INTEGRITY = frozenset(
    {
        D.RECORD_ALTERED,
        D.RECORD_REWRITTEN,
        D.RECORDS_DELETED,
        D.RECORD_INSERTED,
        D.RECORDS_REORDERED,
        D.RECORD_DUPLICATED,
        D.LINK_BROKEN,
        D.MALFORMED_RECORD,
        D.RECHAINED_AFTER,
        D.FORK,
    }
)
FAIL_COMPLETENESS = frozenset({D.RECORDS_DELETED, D.TAIL_TRUNCATED})
UNSETTLE_COMPLETENESS = frozenset({D.LINK_BROKEN, D.SEQUENCE_ANOMALY})


@dataclass(frozen=True, slots=True)
class SealFacts:
    """How a seal beside the chain fared with the secret that was given for it.

    Attributes:
        field: where it is stored, in words.
        right: records whose seal is reproduced.
        missing: records that carry none.
    """

    field: str
    right: int
    missing: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the four dimensions are judged from.

    Attributes:
        profile: the recipe.
        records: how many.
        breaks: what broke, by record.
        claims: heads, manifest and what the auditor states, compared with the log.
        recomputable: whether digests could be recomputed.
        seals: what came out for each seal that a secret was given for.
        diagnosed: records that were looked at, where breaks were too many to list.
        coverage: how the period lies to the log, or None without period.
        signatures: what the signatures that records carry are worth.
    """

    profile: ChainProfile
    records: int
    breaks: Sequence[Break]
    claims: Sequence[Claim]
    recomputable: bool = True
    seals: Sequence[SealFacts] = ()
    diagnosed: int | None = None
    coverage: Coverage | None = None
    signatures: Sequence[SignatureVerdict] = ()

    def reaches(self, size: int) -> bool:
        """Tell whether the first ``size`` records are all, or all of the period."""
        inside = self.coverage is not None and self.coverage.ends_within(size)
        return bool(size) and (size >= self.records or inside)

    @property
    def anchored(self) -> int:
        """Return how many records from the first on a claim from outside covers."""
        return upto(self, (c for c in self.claims if c.covers and _has_digest(c)))

    @property
    def rooted(self) -> int:
        """Return how many records from the first on a signed root covers, byte for byte."""
        return upto(self, (c for c in self.claims if c.covers and c.root is not None))

    @property
    def stamped(self) -> int:
        """Return how many records from the first on existed at a trusted time."""
        return upto(
            self,
            (
                c
                for c in self.claims
                if c.root is not None
                and c.agreement is Agreement.AGREES
                and not c.broken
                and earliest(c.stamps) is not None
            ),
        )

    def has(self, kinds: Iterable[DiagnosisClass]) -> bool:
        """Tell whether something of one of these classes was found."""
        wanted = set(kinds)
        return any(found.kind in wanted for found in self.breaks)


def _has_digest(claim: Claim) -> bool:
    return claim.root is not None or claim.head is not None


def _size(claim: Claim, records: int) -> int:
    return records if claim.size is None else claim.size


def integrity(facts: Facts) -> DimensionVerdict:
    """Return whether the bytes agree with their own protection data."""
    return worst(_integrity_parts(facts), empty=Code.NO_RECORDS)


def _integrity_parts(facts: Facts) -> Iterator[DimensionVerdict]:
    if not facts.records:
        yield indeterminate(Code.NO_RECORDS)
        return
    for found in facts.breaks:
        if found.kind in FAIL_INTEGRITY and found.guard is not Guard.COUNT:
            yield failed(found.kind)
        elif found.kind is D.RECIPE_DOWNGRADED:
            yield indeterminate(found.kind)
        elif found.guard is Guard.START:
            yield indeterminate(Code.NOT_RECOMPUTABLE)
    for claim in facts.claims:
        if claim.broken:
            yield failed(claim.broken)
    yield from map(indeterminate, _unproven_seals(facts))
    if facts.diagnosed is not None:
        yield indeterminate(Code.LIMIT_EXCEEDED)
    if facts.recomputable:
        yield from _strength(facts)
    else:
        yield indeterminate(Code.NOT_RECOMPUTABLE)


def _unproven_seals(facts: Facts) -> Iterator[str]:
    """Yield why a keyed value that a secret was given for was not recomputed."""
    for seal in facts.seals:
        if not seal.right:
            yield Code.NOT_RECOMPUTABLE
        if seal.missing:
            yield Code.NOT_COVERED


def _strength(facts: Facts) -> Iterator[DimensionVerdict]:
    """Yield how far recomputed records are anchored; of two parts the weaker speaks."""
    if facts.anchored:
        yield passed(Code.ANCHORED)
    if not facts.reaches(facts.anchored):
        yield passed(Code.SELF_CONSISTENT)


def authenticity(facts: Facts) -> DimensionVerdict:
    """Return who says so, as far as the auditor trusts."""
    return worst(_authenticity_parts(facts), empty=Code.NO_SIGNATURE)


def _authenticity_parts(facts: Facts) -> Iterator[DimensionVerdict]:
    for found in facts.breaks:
        contradicts = found.kind in {D.RECHAINED_AFTER, D.FORK}
        if contradicts and found.against is Standing.TRUSTED:
            yield failed(found.kind)
    signatures = [*facts.signatures, *(s for claim in facts.claims for s in claim.signatures)]
    for signature in signatures:
        if signature.indication is Indication.FAILED:
            yield failed(signature.code or Code.SIG_CRYPTO_FAILURE)
    good = [c for c in facts.claims if c.standing is Standing.TRUSTED]
    for claim in good:
        if claim.covers:
            yield passed(_signer(s for s in claim.signatures if not s.witness))
    by_record = [s for s in facts.signatures if s.indication is Indication.PASSED]
    if by_record and not good:
        yield passed(_signer(by_record))
    elif not good or not all(claim.covers for claim in good):
        yield indeterminate(_why_not_authentic(facts, good, signatures))
    elif not facts.reaches(upto(facts, good)) and _is_stated_whole(facts):
        yield indeterminate(Code.PARTIAL_COVERAGE)


def upto(facts: Facts, claims: Iterable[Claim]) -> int:
    """Return how many records from the first on the widest of the claims is about."""
    return max((_size(claim, facts.records) for claim in claims), default=0)


def _is_stated_whole(facts: Facts) -> bool:
    """Tell whether a count of the auditor would lift the records after the last head to green."""
    return any(c.standing is not Standing.TRUSTED and c.binding for c in facts.claims)


def _signer(signatures: Iterable[SignatureVerdict]) -> str:
    trusted = (s for s in signatures if s.indication is Indication.PASSED)
    return ", ".join(dict.fromkeys(s.trusted_by or s.signer for s in trusted))


def _why_not_authentic(
    facts: Facts, trusted: Sequence[Claim], signatures: Sequence[SignatureVerdict]
) -> str:
    """Return the code for an authenticity that nobody vouches for."""
    for claim in trusted:
        if claim.doubt:
            return claim.doubt_code
        if claim.agreement is Agreement.BEYOND:
            return Code.PARTIAL_COVERAGE
        if claim.agreement is Agreement.DISAGREES:
            return Code.HASH_FAILURE
    if any(s.indication is Indication.PASSED for s in signatures):
        return Code.TOO_FEW_SIGNERS
    if facts.profile.digest.key is not None or any(seal.right for seal in facts.seals):
        return Code.SYMMETRIC_ONLY
    codes = [s.code for s in signatures if s.code]
    known = (code for code in _OPEN if code in codes)
    return next(known, codes[0] if codes else Code.NO_SIGNATURE)


#: Of what keeps signatures from counting, that which says most of a key that the auditor brought.
_OPEN = (
    Code.SELF_SUPPLIED_KEY,
    Code.ROLE_MISMATCH,
    Code.REVOKED_NO_POE,
    Code.OUT_OF_BOUNDS_NO_POE,
    Code.NOT_YET_VALID,
    Code.NO_TRUST_ANCHOR,
)


def completeness(facts: Facts) -> DimensionVerdict:
    """Return whether anything is missing from the stated extent."""
    return worst(_completeness_parts(facts), empty=Code.NO_ANCHOR)


def _completeness_parts(facts: Facts) -> Iterator[DimensionVerdict]:
    for found in facts.breaks:
        if found.kind in FAIL_COMPLETENESS:
            yield failed(found.kind)
        elif found.kind in UNSETTLE_COMPLETENESS:
            yield indeterminate(found.kind)
        elif found.kind is D.HEAD_TRUNCATED:
            contradicted = _head_contradicted(facts, found)
            yield failed(found.kind) if contradicted else indeterminate(Code.HEAD_UNKNOWN)
    if facts.diagnosed is not None:
        yield indeterminate(Code.LIMIT_EXCEEDED)
    lacking = any(found.lacks for found in facts.breaks)
    if lacking or any(claim.binding and claim.miscounted for claim in facts.claims):
        yield failed(Code.COUNT_MISMATCH)
    for found in facts.breaks:
        if found.guard is Guard.COUNT:
            yield failed(Code.COUNT_MISMATCH)
            yield failed(found.kind)
    yield from _extent(facts)


def _head_contradicted(facts: Facts, found: Break) -> bool:
    """Tell whether an anchor, the declared start or a stated count says so too."""
    declared = facts.profile.sequence.start is not None and found.count is not None
    may_begin_later = facts.profile.genesis.otherwise is not Beginning.TRUNCATED
    if declared and not may_begin_later:
        return True
    return any(
        claim.binding and claim.agreement in {Agreement.DISAGREES, Agreement.BEYOND}
        for claim in facts.claims
    )


def _extent(facts: Facts) -> Iterator[DimensionVerdict]:
    """Yield what covers the extent: anchors, what the auditor states, the period."""
    coverage = facts.coverage
    covering = [c for c in facts.claims if c.covers or _counts(c, facts)]
    signed = [c for c in covering if c.standing is Standing.TRUSTED]
    if not facts.records or not facts.reaches(upto(facts, covering)):
        yield indeterminate(Code.NO_ANCHOR)
    elif facts.reaches(upto(facts, signed)):
        yield passed(Code.ANCHORED)
    else:
        yield passed(Code.AUDITOR_STATED)
    if coverage is not None and not coverage.covered:
        yield indeterminate(Code.PARTIAL_COVERAGE)


def _counts(claim: Claim, facts: Facts) -> bool:
    """Tell whether a trusted head shows that nothing is missing, although values were altered.

    Its last digest stands where it should and every link up to there holds: so many records there
    were, and so many there are.
    """
    links_hold = not facts.has(set(D) - {D.RECORD_ALTERED, D.CLOCK_REGRESSION})
    trusted = claim.standing is Standing.TRUSTED and not claim.doubt and not claim.miscounted
    return links_hold and trusted and claim.head_in_place


def time(facts: Facts) -> DimensionVerdict:
    """Return not later than when: a chain proves no time, a stamped or witnessed head does.

    Whoever signed the head, its root is over these very bytes, and the stamp is over the head.
    """
    rooted = [c for c in facts.claims if c.stamps and c.root is not None and not c.broken]
    agreeing = [c for c in rooted if c.agreement is Agreement.AGREES]
    seen = witnessed(facts)
    parts = [time_of(stamp for claim in agreeing for stamp in claim.stamps)]
    if facts.stamped and not facts.reaches(facts.stamped):
        parts.append(indeterminate(Code.NO_TRUSTED_TIME))
    lacking = {code for part in parts for code in part.codes} <= {Code.NO_TRUSTED_TIME}
    if lacking and facts.records and facts.reaches(upto(facts, seen)):
        parts = [passed(_signer(s for claim in seen for s in claim.witnesses))]
    if facts.has({D.CLOCK_REGRESSION}):
        parts.insert(0, indeterminate(D.CLOCK_REGRESSION))
    return worst(parts)


def witnessed(facts: Facts) -> list[Claim]:
    """Return the heads that witnesses have cosigned."""
    return [c for c in facts.claims if c.covers and c.witnesses]
