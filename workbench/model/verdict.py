"""Verdicts as data: three indications, four dimensions, a code for each (VERDICTS 3 to 5).

Invariants held here, so that nobody has to remember them:

* a verdict is never a boolean and never an exception;
* the worst part decides: ``FAILED`` > ``INDETERMINATE`` > ``PASSED``;
* an empty set of parts is ``INDETERMINATE``: nothing checked is never green.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Indication(StrEnum):
    """ETSI EN 319 102-1 clause 5.1.3: main status indication."""

    PASSED = "PASSED"
    INDETERMINATE = "INDETERMINATE"
    FAILED = "FAILED"

    @property
    def severity(self) -> int:
        """Return 0 for PASSED, 1 for INDETERMINATE, 2 for FAILED."""
        return list(Indication).index(self)


class Dimension(StrEnum):
    """The four questions that are never mixed."""

    INTEGRITY = "integrity"
    AUTHENTICITY = "authenticity"
    COMPLETENESS = "completeness"
    TIME = "time"


class Code(StrEnum):
    """Sub-codes that are not the class of a diagnosis (VERDICTS sections 1 to 5).

    The last group are sub-indications of ETSI EN 319 102-1 table 6.
    """

    ANCHORED = "ANCHORED"
    SELF_CONSISTENT = "SELF_CONSISTENT"
    PROFILE_INFERRED = "PROFILE_INFERRED"
    AUDITOR_STATED = "AUDITOR_STATED"
    EARLIER_VERDICT = "EARLIER_VERDICT"

    UNPROTECTED = "UNPROTECTED"
    NOT_RECOMPUTABLE = "NOT_RECOMPUTABLE"
    UNKNOWN_PROFILE = "UNKNOWN_PROFILE"
    NO_RECORDS = "NO_RECORDS"
    NOT_COVERED = "NOT_COVERED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    UNREADABLE = "UNREADABLE"
    MALFORMED_SOURCE = "MALFORMED_SOURCE"
    SECOND_OPINION_DIFFERS = "SECOND_OPINION_DIFFERS"

    NO_SIGNATURE = "NO_SIGNATURE"
    NO_TRUST_ANCHOR = "NO_TRUST_ANCHOR"
    SELF_SUPPLIED_KEY = "SELF_SUPPLIED_KEY"
    SYMMETRIC_ONLY = "SYMMETRIC_ONLY"
    AMBIGUOUS_PAIRING = "AMBIGUOUS_PAIRING"
    TOO_FEW_SIGNERS = "TOO_FEW_SIGNERS"
    ROLE_MISMATCH = "ROLE_MISMATCH"
    IDENTITY_NOT_PINNED = "IDENTITY_NOT_PINNED"
    POLICY_MISMATCH = "POLICY_MISMATCH"
    POLICY_NOT_SHOWN = "POLICY_NOT_SHOWN"
    NOT_IN_LOG = "NOT_IN_LOG"
    UNSUPPORTED_SIGNATURE = "UNSUPPORTED_SIGNATURE"

    NO_ANCHOR = "NO_ANCHOR"
    HEAD_UNKNOWN = "HEAD_UNKNOWN"
    PARTIAL_COVERAGE = "PARTIAL_COVERAGE"
    COUNT_MISMATCH = "COUNT_MISMATCH"
    ARTIFACT_ABSENT = "ARTIFACT_ABSENT"
    COPY_DIFFERS = "COPY_DIFFERS"
    INSPECTION_NOT_RUN = "INSPECTION_NOT_RUN"
    EARLIER_PART_DIFFERS = "EARLIER_PART_DIFFERS"

    NO_TRUSTED_TIME = "NO_TRUSTED_TIME"

    CASE_CHANGED = "CASE_CHANGED"

    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    FORMAT_FAILURE = "FORMAT_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    OUT_OF_BOUNDS_NOT_REVOKED = "OUT_OF_BOUNDS_NOT_REVOKED"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    NOT_YET_VALID = "NOT_YET_VALID"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"


class DiagnosisClass(StrEnum):
    """What happened to the evidence (VERDICTS section 4)."""

    RECORD_ALTERED = "RECORD_ALTERED"
    RECORD_REWRITTEN = "RECORD_REWRITTEN"
    RECORDS_DELETED = "RECORDS_DELETED"
    RECORD_INSERTED = "RECORD_INSERTED"
    RECORDS_REORDERED = "RECORDS_REORDERED"
    RECORD_DUPLICATED = "RECORD_DUPLICATED"
    LINK_BROKEN = "LINK_BROKEN"
    MALFORMED_RECORD = "MALFORMED_RECORD"
    HEAD_TRUNCATED = "HEAD_TRUNCATED"
    TAIL_TRUNCATED = "TAIL_TRUNCATED"
    SEGMENT_MISSING = "SEGMENT_MISSING"
    SEQUENCE_ANOMALY = "SEQUENCE_ANOMALY"
    RECHAINED_AFTER = "RECHAINED_AFTER"
    FORK = "FORK"
    CLOCK_REGRESSION = "CLOCK_REGRESSION"
    RECIPE_DOWNGRADED = "RECIPE_DOWNGRADED"
    FILE_ALTERED = "FILE_ALTERED"
    FILE_RENAMED = "FILE_RENAMED"
    FILE_MISSING = "FILE_MISSING"
    FILE_ADDED = "FILE_ADDED"
    FILE_UNLISTED = "FILE_UNLISTED"
    COVERAGE_GAP = "COVERAGE_GAP"
    EVIDENCE_CHANGED = "EVIDENCE_CHANGED"
    COUNT_MISMATCH = "COUNT_MISMATCH"


@dataclass(frozen=True, slots=True)
class DimensionVerdict:
    """The answer to one of the four questions.

    Attributes:
        indication: PASSED, INDETERMINATE or FAILED.
        code: code of the worst part; with a PASSED authenticity, the signer; or None.
        codes: the codes of all parts, the worst first, each once.
    """

    indication: Indication
    code: str | None = None
    codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.code is not None and self.code not in self.codes:
            object.__setattr__(self, "codes", (self.code, *self.codes))


def passed(code: str | None = None) -> DimensionVerdict:
    """Return a PASSED dimension."""
    return DimensionVerdict(Indication.PASSED, code)


def indeterminate(code: str) -> DimensionVerdict:
    """Return an INDETERMINATE dimension; it always has a reason."""
    return DimensionVerdict(Indication.INDETERMINATE, code)


def failed(code: str) -> DimensionVerdict:
    """Return a FAILED dimension; it always has a reason."""
    return DimensionVerdict(Indication.FAILED, code)


#: PASSED codes from the weaker to the stronger: of equal indications the weaker one speaks.
_WEAKEST_FIRST = (
    Code.SELF_CONSISTENT,
    Code.PROFILE_INFERRED,
    Code.AUDITOR_STATED,
)


def worst(parts: Iterable[DimensionVerdict], *, empty: str = Code.UNPROTECTED) -> DimensionVerdict:
    """Return the worst of ``parts`` with the codes of all; no part at all is INDETERMINATE."""

    def rank(part: DimensionVerdict) -> tuple[int, int]:
        weak = part.code in _WEAKEST_FIRST if part.code else False
        return (-part.indication.severity, 0 if weak else 1)

    ordered = sorted(parts, key=rank)
    if not ordered:
        return indeterminate(empty)
    codes = tuple(dict.fromkeys(code for part in ordered for code in part.codes))
    return DimensionVerdict(ordered[0].indication, ordered[0].code, codes)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One tampering, or one innocent cause of a break, with its place.

    Attributes:
        kind: the class; written ``class`` in JSON.
        record: record number from 1 as VERDICTS section 4 defines it for the class, or None.
        count: records concerned, or None when it cannot be known.
        path: file within the subject for FILE_* classes, or None.
        offset: byte offset of the record in the decompressed bytes, or None.
        stored: the value that the evidence holds, or "".
        recomputed: the value computed here, or "".
        explanations: sentences: alternatives, and innocent causes with the result of their test.
        blast_radius: what in the case rests on the broken records.
        last: where only a range is known, its last record: it lies somewhere from ``record`` on.
    """

    kind: DiagnosisClass
    record: int | None = None
    count: int | None = None
    path: str | None = None
    offset: int | None = None
    stored: str = ""
    recomputed: str = ""
    explanations: tuple[str, ...] = ()
    blast_radius: tuple[str, ...] = ()
    last: int | None = None


class AssuranceFlag(StrEnum):
    """What protects a range of records (VERDICTS section 3)."""

    CONSISTENT = "consistent"
    SIGNED = "signed"
    TIMESTAMPED = "timestamped"
    WITNESSED = "witnessed"


#: Names of the levels of assurance, 0 to 4.
LEVEL_NAMES = ("Unprotected", "Self-consistent", "Signed", "Timestamped", "Witnessed")


@dataclass(frozen=True, slots=True)
class AssuranceRange:
    """How far records ``first`` to ``last`` (from 1, inclusive) of a partition are protected."""

    first: int
    last: int
    flags: frozenset[AssuranceFlag] = frozenset()
    partition: str | None = None

    @property
    def level(self) -> int:
        """Return 0 none, 1 consistent, 2 + signed, 3 + timestamped, 4 + witnessed."""
        level = 0
        for flag in AssuranceFlag:
            if flag not in self.flags:
                break
            level += 1
        return level


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """What one signature is worth.

    Attributes:
        indication: PASSED only for a trusted key over exactly these bytes.
        code: sub-code, or None with PASSED.
        signer: name the signature claims or the trust anchor carries.
        fingerprint: SHA-256 of the DER SubjectPublicKeyInfo (key) or certificate, lower hex.
        trusted_by: name of the trust anchor that decided, or "".
        time: trusted time of the signature, or None.
        covers: what it is over, in words (``head of 3000 records``, ``model.sig``).
        witness: whether it is a witness's: it says when somebody saw a head, and vouches for no
            record.
    """

    indication: Indication
    code: str | None
    signer: str = ""
    fingerprint: str = ""
    trusted_by: str = ""
    time: datetime | None = None
    covers: str = ""
    witness: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a proof trail.

    Attributes:
        clause: the standard and clause it follows (``RFC 6962 2.1``), or "".
        did: what was done, with its inputs.
        result: what came out; a skipped step says why.
        recipe: shell commands that do the same by hand, or a comment that says why there are none;
            those of one subject build on each other.
        prints: what they print, or "".
    """

    clause: str
    did: str
    result: str
    recipe: str = ""
    prints: str = ""


@dataclass(frozen=True, slots=True)
class SubjectVerdict:
    """What a verifier says of one subject."""

    integrity: DimensionVerdict
    authenticity: DimensionVerdict
    completeness: DimensionVerdict
    time: DimensionVerdict
    profile: str | None = None
    records: int | None = None
    not_covered: tuple[str, ...] = ()
    assurance: tuple[AssuranceRange, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    signatures: tuple[SignatureVerdict, ...] = ()
    steps: tuple[Step, ...] = ()
    sha256: str | None = None
    notes: tuple[str, ...] = field(default=())

    def dimension(self, which: Dimension) -> DimensionVerdict:
        """Return one of the four."""
        by_name: dict[Dimension, DimensionVerdict] = {
            Dimension.INTEGRITY: self.integrity,
            Dimension.AUTHENTICITY: self.authenticity,
            Dimension.COMPLETENESS: self.completeness,
            Dimension.TIME: self.time,
        }
        return by_name[which]
