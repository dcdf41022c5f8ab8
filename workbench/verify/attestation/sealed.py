"""Add what attestations say of a file to the verdict on it.

What the verifier of its format found wrong stays wrong, whoever attested the file. What a trusted
attestation settles is what was open for want of one: who says so, and that nothing is cut off.
"""

from collections.abc import Collection
from dataclasses import replace

from workbench.evidence.subject import Subject
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    DimensionVerdict,
    Indication,
    SubjectVerdict,
    worst,
)
from workbench.verify.attestation.verifier import judge_sealed
from workbench.verify.verifier import Bench

#: What is open in the verdict on a file for want of a signature over all of it.
_OPEN_INTEGRITY = {Code.UNPROTECTED, Code.SELF_CONSISTENT}
_OPEN_AUTHENTICITY = {Code.NO_SIGNATURE}
_OPEN_COMPLETENESS = {Code.NO_ANCHOR}
_OPEN_TIME = {Code.NO_TRUSTED_TIME}
#: What the auditor asked for is asked whoever else vouches for the file.
_ASKED = {Code.POLICY_NOT_SHOWN}


def with_seals(verdict: SubjectVerdict, subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict on ``subject`` with what the attestations about it say."""
    return merged(verdict, judge_sealed(subject, bench))


def merged(verdict: SubjectVerdict, seal: SubjectVerdict) -> SubjectVerdict:
    """Return a verdict on a subject with that which attestations give of it."""
    if verdict.integrity.codes == (Code.UNPROTECTED,):
        return replace(seal, notes=(*verdict.notes, *seal.notes))
    return replace(
        verdict,
        integrity=_both(verdict.integrity, seal.integrity, _OPEN_INTEGRITY),
        authenticity=_both(verdict.authenticity, seal.authenticity, _OPEN_AUTHENTICITY),
        completeness=_both(verdict.completeness, seal.completeness, _OPEN_COMPLETENESS),
        time=_both(verdict.time, seal.time, _OPEN_TIME),
        assurance=tuple(_assured(part, seal.assurance) for part in verdict.assurance),
        diagnoses=(*verdict.diagnoses, *seal.diagnoses),
        signatures=(*verdict.signatures, *seal.signatures),
        steps=(*verdict.steps, *seal.steps),
        notes=(*verdict.notes, *seal.notes),
    )


def _both(
    own: DimensionVerdict, seal: DimensionVerdict, open_codes: Collection[str]
) -> DimensionVerdict:
    """Return the worse of the two; what was open for want of a seal, the seal decides."""
    settles = seal.indication is not Indication.INDETERMINATE
    if set(own.codes) <= set(open_codes) and settles:
        return seal
    unknown = seal.indication is Indication.INDETERMINATE and not _ASKED & set(seal.codes)
    if unknown and own.indication is Indication.PASSED:
        return own
    return worst((own, seal))


def _assured(part: AssuranceRange, seal: tuple[AssuranceRange, ...]) -> AssuranceRange:
    """Return a range with what protects the whole file, where the range itself is consistent."""
    if AssuranceFlag.CONSISTENT not in part.flags or not seal:
        return part
    return replace(part, flags=part.flags | seal[0].flags)
