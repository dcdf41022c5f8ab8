"""Let time stamps speak for a subject: its times, and the bytes of a single file."""

from dataclasses import replace

from workbench.evidence.subject import Subject
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    DimensionVerdict,
    Indication,
    SubjectVerdict,
    failed,
    passed,
    worst,
)
from workbench.verify.timestamp.stamps import JudgedStamp, earliest, judged_stamps, time_of
from workbench.verify.verifier import Bench


def with_stamps(verdict: SubjectVerdict, subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return a verdict with the tokens over a subject and its proof: rows, steps, what they prove.

    What a token over a signature or a head proves about the subject its own verifier has judged.
    """
    if not subject.stamps:
        return verdict
    stamps = judged_stamps(subject, bench, over=(stamp.over for stamp in subject.stamps))
    rows = [s.judged.as_signature(f"time stamp over {s.stamp.over.display}") for s in stamps]
    verdict = replace(
        verdict,
        signatures=(*verdict.signatures, *rows),
        steps=(*verdict.steps, *(stamp.step(bench) for stamp in stamps)),
        notes=(*verdict.notes, *(f"{s.stamp.token.display}: {s.judged.why}" for s in stamps)),
    )
    beside = {signature for signature, _ in subject.detached}
    first = subject.files[:1] if subject.files[1:] else ()
    proof = {*first, *beside, *subject.signatures, *subject.seals, *subject.anchors}
    own = [stamp for stamp in stamps if stamp.stamp.over not in proof]
    return _over_itself(verdict, own) if own else verdict


def _over_itself(verdict: SubjectVerdict, stamps: list[JudgedStamp]) -> SubjectVerdict:
    """Judge what tokens are over, or over the archive of: they protect its very bytes."""
    time = time_of(stamps)
    if verdict.time.indication is Indication.INDETERMINATE and _only_lacks(verdict.time):
        verdict = replace(verdict, time=time)
    else:
        verdict = replace(verdict, time=worst((verdict.time, time)))
    broken = [s for s in stamps if s.judged.code == Code.HASH_FAILURE and _is_failed(s)]
    if broken:
        return replace(verdict, integrity=worst((failed(Code.HASH_FAILURE), verdict.integrity)))
    if earliest(stamps) is None:
        return verdict
    return replace(verdict, integrity=_anchored(verdict.integrity), assurance=_stamped(verdict))


def _only_lacks(time: DimensionVerdict) -> bool:
    return set(time.codes) <= {Code.NO_TRUSTED_TIME}


def _is_failed(stamp: JudgedStamp) -> bool:
    return stamp.judged.indication is Indication.FAILED


def _anchored(integrity: DimensionVerdict) -> DimensionVerdict:
    """Return the Integrity of bytes that a trusted token covers: every one was recomputed."""
    lifted = {Code.UNPROTECTED, Code.SELF_CONSISTENT}
    return passed(Code.ANCHORED) if set(integrity.codes) <= lifted else integrity


def _stamped(verdict: SubjectVerdict) -> tuple[AssuranceRange, ...]:
    return tuple(
        replace(part, flags=part.flags | {AssuranceFlag.TIMESTAMPED}) if part.flags else part
        for part in verdict.assurance
    )
