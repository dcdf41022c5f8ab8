"""Judge a log of which no record can be recomputed: no recipe is known, or it has no records.

A signed head needs no recipe: its root is over the bytes of the records, whatever they mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.evidence.file import blocks, read_whole, sha256_of
from workbench.evidence.subject import Subject
from workbench.evidence.table_cells import of_anybody
from workbench.model.verdict import (
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    worst,
)
from workbench.verify.by_hand import of_subject
from workbench.verify.chain.choose import sample_of
from workbench.verify.chain.claims import Agreement, Claim, Standing, heads_of, marks_of
from workbench.verify.chain.frame import Cut, cut_document, records_of
from workbench.verify.chain.layout import cuts_of
from workbench.verify.chain.trail import signatures_of
from workbench.verify.heads.merkle import Accumulator
from workbench.verify.verifier import Bench

D = DiagnosisClass


@dataclass(slots=True)
class Seen:
    """What is seen of a log without its recipe: how many records, and roots over the first."""

    records: int
    roots: dict[int, bytes]
    last: dict[int, bytes]


def nothing(code: str) -> SubjectVerdict:
    """Return the verdict where nothing could be recomputed, for one reason."""
    return SubjectVerdict(
        integrity=indeterminate(code),
        authenticity=indeterminate(Code.NO_SIGNATURE),
        completeness=indeterminate(Code.NO_ANCHOR),
        time=indeterminate(Code.NO_TRUSTED_TIME),
    )


def judge_unknown(subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict on a log that no recipe fits."""
    file = subject.files[0]
    digest = sha256_of(file, cancel=bench.cancel)
    sample = sample_of(file, subject.container or "jsonl", bench)
    heads = [head for head in heads_of(subject, None, bench) if isinstance(head, Claim)]
    if not sample.any:
        result = f"It holds no records; SHA-256 {digest}."
        step = Step("", f"Read {file.display}.", result, *of_subject(subject, digest))
        verdict = replace(nothing(Code.NO_RECORDS), sha256=digest, records=0, steps=(step,))
        return _emptied(_with_heads(verdict, heads, Seen(0, {}, {})), heads, subject, bench)
    tried = ", ".join(profile.id for profile in bench.profiles)
    did = f"Read {file.display} and looked for a chain profile that reproduces its records."
    result = f"SHA-256 {digest}; none of {tried} does, so no digest was recomputed."
    step = Step("", did, result, *of_subject(subject, digest))
    note = "No known recipe reproduces its records. Name one with --profile, or bring a file."
    verdict = nothing(Code.UNKNOWN_PROFILE)
    if sample.oversized:
        verdict, heads = nothing(Code.LIMIT_EXCEEDED), []
        most = bench.limits.record
        note = f"Record 1 has {sample.oversized} bytes; at most {most} are read of a record."
    verdict = replace(verdict, sha256=digest, steps=(step,), notes=(note,))
    if not heads or sample.document is not None:
        return verdict
    return _with_heads(verdict, heads, _look(subject, bench, marks_of(heads)))


def _look(subject: Subject, bench: Bench, marks: Sequence[int]) -> Seen:
    """Return the roots over the raw records, in one pass."""
    tree, seen, wanted = Accumulator(), Seen(0, {}, {}), set(marks)
    for cut in _cuts(subject, bench):
        for _, raw in records_of(cut):
            tree.add_leaf(raw)
            seen.records += 1
            if seen.records in wanted:
                seen.roots[seen.records], seen.last[seen.records] = tree.root(), raw
    return seen


def _cuts(subject: Subject, bench: Bench) -> Iterator[Cut]:
    file = subject.files[0]
    if subject.container == "json-array":
        data = read_whole(file, limits=bench.limits)
        yield cut_document(data, None, limits=bench.limits, what=file.display).cut
        return
    container = subject.container or "jsonl"
    layout = of_anybody(sample_of(file, container, bench).head)
    lines = blocks(file, cancel=bench.cancel)
    yield from cuts_of(lines, file, container, layout, bench.limits)


def _with_heads(verdict: SubjectVerdict, heads: Sequence[Claim], seen: Seen) -> SubjectVerdict:
    """Return a verdict with what signed heads say; who signed is told whatever they are worth."""
    claims = [_compared(head, seen) for head in heads]
    signatures = tuple(s for claim in claims for s in signatures_of(claim))
    verdict = replace(verdict, signatures=signatures)
    doubts = [_doubted(s) for claim in claims for s in claim.signatures if s.code]
    if doubts:
        verdict = replace(verdict, authenticity=worst(doubts))
    for claim in sorted(claims, key=lambda c: c.size or 0, reverse=True):
        if claim.standing is Standing.TRUSTED:
            verdict = _with_head(verdict, claim, seen)
    return verdict


def _doubted(signature: SignatureVerdict) -> DimensionVerdict:
    """Return what a signature that does not count leaves of Authenticity."""
    code = signature.code or Code.NO_SIGNATURE
    return failed(code) if signature.indication is Indication.FAILED else indeterminate(code)


def _compared(head: Claim, seen: Seen) -> Claim:
    size = head.size or 0
    if not size:
        return replace(head, doubt="it is over no records", doubt_code=Code.PARTIAL_COVERAGE)
    if size > seen.records:
        return replace(head, agreement=Agreement.BEYOND)
    last = seen.last[size]
    there = head.head is not None and head.head.encode() in last.lower()
    same = seen.roots[size] == head.root
    agreement = Agreement.AGREES if same else Agreement.DISAGREES
    return replace(head, agreement=agreement, head_in_place=there)


def _with_head(verdict: SubjectVerdict, claim: Claim, seen: Seen) -> SubjectVerdict:
    """Return a verdict with what one trusted head says of the log."""
    size, source = claim.size or 0, claim.source
    note = f"A key that the auditor trusts signed {source}; it states {size:,} records"
    apart = claim.agreement in {Agreement.BEYOND, Agreement.DISAGREES}
    if apart and not (claim.fits or claim.head_in_place):
        text = f"{note} and names {claim.origin}: it may be about another log."
        return _because(verdict, Code.AMBIGUOUS_PAIRING, text)
    match claim.agreement:
        case Agreement.BEYOND:
            text = f"{note}; {seen.records:,} are here."
            verdict = _because(verdict, Code.PARTIAL_COVERAGE, text)
            lost = Diagnosis(
                D.TAIL_TRUNCATED,
                record=seen.records or None,
                count=size - seen.records,
                explanations=(text,),
            )
            return _told(verdict, lost, completeness=failed(D.TAIL_TRUNCATED))
        case Agreement.DISAGREES:
            return _departed(verdict, claim, seen, note)
        case Agreement.AGREES:
            text = f"{note}, and its root is that of the records here. What they say of each "
            text += "other was not checked, as no recipe is known."
            return _because(verdict, Code.UNKNOWN_PROFILE, text)
        case _:
            text = f"{note}, so it says nothing about records."
            return _because(verdict, claim.doubt_code, text)


def _departed(verdict: SubjectVerdict, claim: Claim, seen: Seen, note: str) -> SubjectVerdict:
    """Return a verdict where the root of a trusted head is not over these bytes."""
    size = claim.size or 0
    kind = D.RECORD_ALTERED if claim.head_in_place else D.RECHAINED_AFTER
    one = "records were changed; the last digest that it states still stands in that record"
    other = "records were changed, or the log was written anew"
    found = Diagnosis(
        kind,
        record=1,
        count=size if claim.head_in_place else seen.records,
        stored=(claim.root or b"").hex(),
        recomputed=seen.roots[size].hex(),
        explanations=(
            f"{note} with another Merkle root than that of the first {size:,} records here.",
            f"So {one if claim.head_in_place else other}. Which of them is not shown.",
            "No known recipe reproduces a record, so no digest of the chain was recomputed.",
        ),
        last=size if size > 1 else None,
    )
    verdict = _told(verdict, found, integrity=failed(kind))
    if claim.head_in_place:
        return _because(verdict, Code.HASH_FAILURE, "")
    return replace(verdict, authenticity=worst((failed(kind), verdict.authenticity)))


def _because(verdict: SubjectVerdict, code: str, note: str) -> SubjectVerdict:
    """Return a verdict whose Authenticity is open for a reason, unless it is FAILED."""
    said = [v for v in (verdict.authenticity,) if v.code != Code.NO_SIGNATURE]
    notes = (*verdict.notes, note) if note else verdict.notes
    return replace(verdict, authenticity=worst([*said, indeterminate(code)]), notes=notes)


def _told(
    verdict: SubjectVerdict,
    found: Diagnosis,
    *,
    integrity: DimensionVerdict | None = None,
    completeness: DimensionVerdict | None = None,
) -> SubjectVerdict:
    """Return a verdict with one more diagnosis; each class is told once."""
    if any(other.kind is found.kind for other in verdict.diagnoses):
        return verdict
    return replace(
        verdict,
        diagnoses=(*verdict.diagnoses, found),
        integrity=worst(filter(None, (integrity, verdict.integrity))),
        completeness=worst(filter(None, (completeness, verdict.completeness))),
    )


def _emptied(
    verdict: SubjectVerdict, heads: Sequence[Claim], subject: Subject, bench: Bench
) -> SubjectVerdict:
    """Return the verdict on a log without records: FAILED where the auditor counted some."""
    if subject.files[0].cut_off:
        return replace(verdict, completeness=indeterminate(Code.NO_ANCHOR), diagnoses=())
    expected = bench.expectation.count or 0
    if not expected and bench.expectation.head is None:
        return verdict
    note = f"{expected:,} records were stated by the auditor; none is here."
    if not expected:
        note = "The digest of a last record was stated; no record is here."
    expected = max([expected, *(h.size or 0 for h in heads if h.standing is Standing.TRUSTED)])
    lost = Diagnosis(D.TAIL_TRUNCATED, count=expected or None, explanations=(note,))
    if any(found.kind is D.TAIL_TRUNCATED for found in verdict.diagnoses):
        return verdict
    return _told(verdict, lost, completeness=failed(D.TAIL_TRUNCATED))
