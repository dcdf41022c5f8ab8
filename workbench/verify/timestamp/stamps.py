"""The time-stamp tokens beside a subject: judged, and what they prove about its times."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.evidence.archive_kind import is_packed_in
from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.subject import Stamp, Subject
from workbench.model.trust import Trust
from workbench.model.verdict import (
    AssuranceFlag,
    Code,
    DimensionVerdict,
    Indication,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.content import known_digest
from workbench.verify.verifier import Bench

if TYPE_CHECKING:  # what reads a token is loaded by the first one: most drops hold none
    from workbench.verify.timestamp.judge import JudgedToken

TOKEN_BYTES = MIB


@dataclass(frozen=True, slots=True)
class JudgedStamp:
    """A token with what it is over, judged."""

    stamp: Stamp
    judged: "JudgedToken"

    @property
    def proven(self) -> datetime | None:
        """Return not later than when the file existed, or None."""
        return self.judged.proven

    @property
    def source(self) -> str:
        """Return who vouches for the time."""
        return self.judged.trusted_by or self.judged.signer

    def step(self, bench: Bench) -> Step:
        """Return the step of the proof trail."""
        from workbench.verify.timestamp.trail import step_of

        return step_of(self.stamp, self.judged, bench.trust)


def judged_stamps(
    subject: Subject, bench: Bench, *, over: Iterable[EvidenceFile]
) -> list[JudgedStamp]:
    """Return the tokens of a subject that are over one of some files, judged."""
    wanted = set(over)
    return [_judged(stamp, bench) for stamp in subject.stamps if stamp.over in wanted]


def trust_over(file: EvidenceFile, subject: Subject, bench: Bench) -> Trust:
    """Return the auditor's trust for the signatures in a file: since when they are proven to exist.

    A token over an archive is over all that was in it.
    """
    around = [s.over for s in subject.stamps if s.over == file or is_packed_in(file, s.over)]
    first = earliest(judged_stamps(subject, bench, over=around)) if around else None
    return bench.trust if first is None else replace(bench.trust, proven=first.proven)


def dated(verdict: SubjectVerdict, over: Sequence[JudgedStamp]) -> SubjectVerdict:
    """Return a verdict with the time before which its trusted signatures are proven to be made."""
    if not over:
        return verdict
    time = time_of(over)
    if time.indication is Indication.FAILED or verdict.time.indication is not Indication.PASSED:
        verdict = replace(verdict, time=time)
    if time.indication is not Indication.PASSED:
        return verdict
    assurance = (
        replace(part, flags=part.flags | {AssuranceFlag.TIMESTAMPED})
        if AssuranceFlag.SIGNED in part.flags
        else part
        for part in verdict.assurance
    )
    return replace(verdict, time=time, assurance=tuple(assurance))


def _judged(stamp: Stamp, bench: Bench) -> JudgedStamp:
    from workbench.verify.timestamp.judge import JudgedToken, judge_token

    def digest_of(name: str) -> bytes:
        if stamp.signature is not None:
            return hashlib.new(name, stamp.signature).digest()
        known = known_digest(stamp.over, name, bench.digests)  # an archive holds many subjects
        if known is not None:
            return known
        digest = hashlib.new(name)
        for block in blocks(stamp.over, cancel=bench.cancel):
            digest.update(block)
        return bench.digests.setdefault((stamp.over, name), digest.digest())

    try:
        data = read_whole(stamp.token, limit=TOKEN_BYTES)
        return JudgedStamp(stamp, judge_token(data, digest_of, bench.trust))
    except SourceError as error:
        unread = JudgedToken(Indication.INDETERMINATE, Code.UNREADABLE, error.message)
        return JudgedStamp(stamp, unread)


def earliest(stamps: Iterable[JudgedStamp]) -> JudgedStamp | None:
    """Return the token that proves most: the earliest time before which something existed."""
    proven = [(stamp.proven, n, stamp) for n, stamp in enumerate(stamps)]
    known = [(moment, n, stamp) for moment, n, stamp in proven if moment is not None]
    return min(known)[2] if known else None


def time_of(stamps: Iterable[JudgedStamp]) -> DimensionVerdict:
    """Return the Time dimension of what tokens are over; one that is FAILED decides."""
    given = list(stamps)
    best = earliest(given)
    parts = [
        failed(stamp.judged.code or Code.SIG_CRYPTO_FAILURE)
        for stamp in given
        if stamp.judged.indication is Indication.FAILED
    ]
    if best is not None:
        return worst((*parts, passed(best.source)))
    parts += [
        indeterminate(stamp.judged.code or Code.NO_TRUSTED_TIME)
        for stamp in given
        if stamp.judged.indication is Indication.INDETERMINATE
    ]
    return worst((*parts, indeterminate(Code.NO_TRUSTED_TIME)))
