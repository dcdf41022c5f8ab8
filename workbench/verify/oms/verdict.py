"""Put together what was found about a model: four dimensions (VERDICTS sections 3 and 5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.model.trust import Trust
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.oms.compare import Comparison
from workbench.verify.oms.proof import Proof
from workbench.verify.oms.signatures import Judged

if TYPE_CHECKING:
    from workbench.verify.keys.signable import Judged as Sealed

_SETS_COMPLETENESS = (DiagnosisClass.FILE_MISSING, DiagnosisClass.FILE_ADDED)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature file with its signatures judged."""

    proof: Proof
    judged: tuple[Judged, ...]

    @property
    def passed(self) -> bool:
        """Tell whether a signature that the auditor trusts covers its manifest."""
        return bool(self.identities)

    @property
    def identities(self) -> set[str]:
        """Return the trusted signers, by the fingerprints of their keys."""
        return {one.identity for one in self.judged if one.identity}


def is_anchored(signed: Sequence[Signed], trust: Trust) -> bool:
    """Tell whether enough trusted identities signed: for every file that any of them names.

    Two signers of two manifests are two for the files that stand in both, and one for the rest.
    """
    signers: dict[str, set[str]] = {}
    for item in signed:
        manifest = item.proof.manifest if item.passed else None
        for path in manifest.paths if manifest else ():
            signers.setdefault(path, set()).update(item.identities)
    return bool(signers) and min(map(len, signers.values())) >= trust.threshold


def authenticity(signed: Sequence[Signed], trust: Trust) -> DimensionVerdict:
    """Return who says so: a failure decides, then the number of trusted identities.

    A signature by an unknown key has no effect beside a trusted one (VERDICTS section 2), but
    a signature file that cannot be read is damage, whoever made it.
    """
    judged = [_of_signature(one) for item in signed for one in item.judged]
    unread = [_of_file(item.proof) for item in signed if item.proof.manifest is None]
    parts = (*judged, *unread)
    green = [part for part in judged if part.indication is Indication.PASSED]
    if not green or any(part.indication is Indication.FAILED for part in parts):
        return worst(parts, empty=Code.NO_SIGNATURE)
    few = [] if is_anchored(signed, trust) else [indeterminate(Code.TOO_FEW_SIGNERS)]
    return worst((*few, *green, *unread))


def _of_signature(one: Judged) -> DimensionVerdict:
    verdict = one.verdict
    code = verdict.signer if verdict.indication is Indication.PASSED else verdict.code
    return DimensionVerdict(verdict.indication, code)


def _of_file(proof: Proof) -> DimensionVerdict:
    code = proof.code or Code.FORMAT_FAILURE
    return failed(code) if code == Code.FORMAT_FAILURE else indeterminate(code)


def integrity(
    signed: Sequence[Signed], comparisons: Sequence[Comparison], *, anchored: bool
) -> DimensionVerdict:
    """Return whether the files' bytes are those of every manifest that decides.

    Without a manifest there is nothing to compare with: what cannot be read says nothing
    against the files, so Integrity stays open while Authenticity fails.
    """
    if not comparisons:
        codes = (item.proof.code or Code.MALFORMED_SOURCE for item in signed)
        readable = {Code.FORMAT_FAILURE.value: Code.MALFORMED_SOURCE.value}
        return worst(indeterminate(readable.get(code, code)) for code in codes)
    good = Code.ANCHORED if anchored else Code.SELF_CONSISTENT
    proofs = [part for one in _sealed(signed) for part in one.protection]
    broken = [part for part in proofs if part.indication is Indication.FAILED]
    return worst((*broken, *(_integrity(one, good) for one in comparisons)))


def time(signed: Sequence[Signed]) -> DimensionVerdict:
    """Return since when at the latest somebody trusted signed; a failed time decides."""
    times = [one.time for one in _sealed(signed) if one.time is not None]
    green = [time for time in times if time.indication is Indication.PASSED]
    bad = [time for time in times if time.indication is Indication.FAILED]
    return worst((*bad, *green) or times, empty=Code.NO_TRUSTED_TIME)


def _sealed(signed: Sequence[Signed]) -> "list[Sealed]":
    """Return what Sigstore bundles are worth: those of the trusted, where there are any."""
    deciding = [item for item in signed if item.passed] or signed
    return [one.sealed for item in deciding for one in item.judged if one.sealed is not None]


def _integrity(comparison: Comparison, good: Code) -> DimensionVerdict:
    parts = [failed(d.kind) for d in _kinds(comparison.diagnoses, _SETS_COMPLETENESS, among=False)]
    parts += [indeterminate(code) for _, code in comparison.unread]
    if comparison.manifest.contradicts_itself:
        parts.append(failed(Code.HASH_FAILURE))
    if not parts and not comparison.agreeing:
        parts.append(indeterminate(Code.NO_RECORDS))
    return worst(parts or [passed(good)])


def completeness(comparisons: Iterable[Comparison], *, anchored: bool) -> DimensionVerdict:
    """Return whether just the files of every manifest that decides are there."""
    good = passed(Code.ANCHORED) if anchored else indeterminate(Code.NO_ANCHOR)
    return worst((_completeness(one, good) for one in comparisons), empty=Code.NO_ANCHOR)


def _completeness(comparison: Comparison, good: DimensionVerdict) -> DimensionVerdict:
    parts = [failed(d.kind) for d in _kinds(comparison.diagnoses, _SETS_COMPLETENESS, among=True)]
    parts += [indeterminate(Code.NOT_COVERED)] if comparison.inventory.unsaid else []
    return worst((*parts, good))


def _kinds(
    diagnoses: Iterable[Diagnosis], kinds: Sequence[DiagnosisClass], *, among: bool
) -> list[Diagnosis]:
    """Return one diagnosis of each class that is, or is not, among ``kinds``."""
    first = {d.kind: d for d in diagnoses if (d.kind in kinds) is among}
    return list(first.values())


def assurance(comparisons: Sequence[Comparison], *, anchored: bool) -> tuple[AssuranceRange, ...]:
    """Return one range over the files of the manifests: all agree, or nothing is assured."""
    count = sum(len(one.manifest.paths) for one in comparisons)
    if not count:
        return ()
    flags = {AssuranceFlag.CONSISTENT} | ({AssuranceFlag.SIGNED} if anchored else set())
    intact = all(one.intact for one in comparisons)
    return (AssuranceRange(1, count, frozenset(flags if intact else ())),)
