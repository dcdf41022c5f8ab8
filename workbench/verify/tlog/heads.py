"""The heads of a tiled log: what each states, by whom it is, whether the leaves give it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.subject import Subject
from workbench.model.verdict import (
    Code,
    Diagnosis,
    DiagnosisClass,
    Indication,
    SignatureVerdict,
)
from workbench.verify.heads.head import (
    Head,
    HeadProblem,
    is_trusted,
    judge_head,
    read_head,
    witnesses_of,
)
from workbench.verify.timestamp.stamps import trust_over
from workbench.verify.verifier import Bench

HEAD_BYTES = MIB


class Agreement(StrEnum):
    """Whether a log gives the root that a head states."""

    AGREES = "agrees"
    DISAGREES = "does not agree"
    BEYOND = "speaks of more records than there are"


@dataclass(frozen=True, slots=True)
class SeenHead:
    """One head.

    Attributes:
        file: its file.
        head: what it states, or None where it cannot be read as a head.
        beside: whether it lies beside the tiles.
        of_copy: whether it lies beside another copy of the log, which may be a later one.
        problem: why it is no head, or "".
        signatures: what its signatures are worth.
        trusted: whether it is the log's, as far as the auditor trusts.
        witnesses: cosignatures of trusted witnesses, where there are enough.
        agreement: set once the leaves are known.
    """

    file: EvidenceFile
    head: Head | None
    beside: bool
    of_copy: bool = False
    problem: str = ""
    signatures: tuple[SignatureVerdict, ...] = ()
    trusted: bool = False
    witnesses: tuple[SignatureVerdict, ...] = ()
    agreement: Agreement = Agreement.BEYOND

    @property
    def size(self) -> int:
        """Return how many records it speaks of; 0 for what is no head."""
        return self.head.size if self.head else 0

    @property
    def agrees(self) -> bool:
        """Tell whether the log gives the root that it states."""
        return self.head is not None and self.agreement is Agreement.AGREES


def heads_of(subject: Subject, bench: Bench) -> list[SeenHead]:
    """Return every head of a log, judged by its signatures alone."""
    own = [
        _seen(f, subject, bench, beside=f.place.startswith(subject.base)) for f in subject.anchors
    ]
    return own + [replace(_seen(f, subject, bench), of_copy=True) for f in subject.elsewhere]


def _seen(file: EvidenceFile, subject: Subject, bench: Bench, *, beside: bool = False) -> SeenHead:
    try:
        head = read_head(read_whole(file, limit=HEAD_BYTES))
    except SourceError as error:
        return SeenHead(file, None, beside, problem=error.message)
    if isinstance(head, HeadProblem):
        return SeenHead(file, None, beside, problem=head.message)
    signatures = judge_head(head, trust_over(file, subject, bench))
    threshold = bench.trust.threshold
    return SeenHead(
        file,
        head,
        beside,
        signatures=signatures,
        trusted=is_trusted(signatures, threshold),
        witnesses=witnesses_of(signatures, threshold),
    )


def held_against(
    heads: Iterable[SeenHead], roots: Mapping[int, bytes], size: int
) -> list[SeenHead]:
    """Return the heads with what the leaves say to each."""
    return [replace(one, agreement=_agreement(one, roots, size)) for one in heads]


def _agreement(one: SeenHead, roots: Mapping[int, bytes], size: int) -> Agreement:
    if one.head is None or one.head.size > size:
        return Agreement.BEYOND
    same = roots.get(one.head.size) == one.head.root
    return Agreement.AGREES if same else Agreement.DISAGREES


def contradictions(heads: Sequence[SeenHead], size: int) -> list[Diagnosis]:
    """Return what trusted heads say against the log, and against each other (VERDICTS 4).

    Two heads of one origin that cannot both be true are a fork. Where only the log is against a
    head, the log was made anew after the last head that it agrees with.
    """
    trusted = [one for one in heads if one.trusted and one.head]
    agreeing = [one for one in trusted if one.agrees]
    against = [one for one in trusted if one.agreement is Agreement.DISAGREES]
    pair = _forked(trusted)
    if pair is None and against:
        later = [one for one in agreeing if one.size > against[0].size]
        pair = (against[0], later[0]) if later else None
    if pair is not None:
        return [_fork(pair, agreeing, size)]
    return [_rechained(min(against, key=lambda h: h.size), agreeing)] if against else []


def _forked(trusted: Sequence[SeenHead]) -> tuple[SeenHead, SeenHead] | None:
    """Return two heads of one origin and size with different roots."""
    by_size: dict[tuple[str, int], SeenHead] = {}
    for one in trusted:
        if one.head is None:
            continue
        other = by_size.setdefault((one.head.origin, one.head.size), one)
        if other.head is not None and other.head.root != one.head.root:
            return other, one
    return None


def _fork(pair: tuple[SeenHead, SeenHead], agreeing: Sequence[SeenHead], size: int) -> Diagnosis:
    first = min(one.size for one in pair)
    last = max((one.size for one in agreeing if one.size < first), default=0)
    one, other = pair
    why = (
        f"{one.file.display} ({one.size:,} records) and {other.file.display} ({other.size:,}) are "
        "both signed by the log, and no log can have both: it showed different people different "
        "histories, or its key was used by another."
    )
    return Diagnosis(
        DiagnosisClass.FORK,
        record=last + 1 if last < size else None,
        stored=one.head.root.hex() if one.head else "",
        recomputed=other.head.root.hex() if other.head else "",
        explanations=(why,),
    )


def _rechained(one: SeenHead, agreeing: Sequence[SeenHead]) -> Diagnosis:
    last = max((other.size for other in agreeing if other.size < one.size), default=0)
    why = (
        f"{one.file.display} states another root for the first {one.size:,} records; the log "
        f"agrees with a trusted head up to {last:,}."
    )
    return Diagnosis(
        DiagnosisClass.RECHAINED_AFTER,
        record=last + 1,
        stored=one.head.root.hex() if one.head else "",
        explanations=(why,),
    )


def why_not_authentic(signatures: Sequence[SignatureVerdict]) -> str:
    """Return the code for heads that nobody vouches for."""
    if any(s.indication is Indication.PASSED and not s.witness for s in signatures):
        return Code.TOO_FEW_SIGNERS
    codes = [s.code for s in signatures if s.code]
    for code in (Code.SELF_SUPPLIED_KEY, Code.ROLE_MISMATCH, Code.NO_TRUST_ANCHOR):
        if code in codes:
            return code
    return codes[0] if codes else Code.NO_SIGNATURE
