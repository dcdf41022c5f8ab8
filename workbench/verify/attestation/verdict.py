"""Put together what was found about an artifact, or about attestations without one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.evidence.file import EvidenceFile
from workbench.model.attestation import FORMAT_FAILURE, Attestation
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
from workbench.verify.attestation.artifact import Artifact, Held, Relation, digest_named
from workbench.verify.attestation.policy import Answer
from workbench.verify.keys.signable import Judged

#: Says which innocent cause was tested on an artifact, for an algorithm and the signed digest.
Explain = Callable[[Artifact, str, str], str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """An attestation with its signatures judged, held against the artifact.

    Attributes:
        file: the file in which it lies.
        attestation: what it says.
        judged: its signatures.
        held: what it has to do with the artifact.
    """

    file: EvidenceFile
    attestation: Attestation
    judged: tuple[Judged, ...]
    held: Held

    @property
    def identities(self) -> set[str]:
        """Return the trusted signers, one text each."""
        return {one.identity for one in self.judged if one.identity}

    @property
    def says_something(self) -> bool:
        """Tell whether it can be read, so far that it can cover anything."""
        return self.attestation.readable and self.attestation.code is None


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found, of which the dimensions are made.

    Attributes:
        artifact: what lies here, or None.
        weighed: the attestations that have to do with it.
        answers: what they say to what the auditor asks.
        trust: whom the auditor trusts.
        stated: digest that the auditor states, or None.
    """

    artifact: Artifact | None
    weighed: Sequence[Weighed]
    answers: Sequence[Answer]
    trust: Trust
    stated: str | None = None

    @property
    def trusted(self) -> list[Weighed]:
        """Return the attestations by somebody whom the auditor trusts."""
        return [one for one in self.weighed if one.identities and one.says_something]

    @property
    def deciding(self) -> Sequence[Weighed]:
        """Return the trusted ones, or, where there is none, all."""
        return self.trusted or self.weighed

    @property
    def anchored(self) -> bool:
        """Tell whether enough trusted signers, each counted once, signed for these bytes."""
        signers: set[str] = set()
        for one in self.trusted:
            if self._covers(one):
                signers |= one.identities
        return len(signers) >= self.trust.threshold

    def _covers(self, one: Weighed) -> bool:
        """Tell whether it is about the artifact; without one, it is judged for itself."""
        return self.artifact is None or one.held.relation is Relation.COVERS

    def integrity(self) -> DimensionVerdict:
        """Return whether the bytes are those that were attested."""
        good = passed(Code.ANCHORED if self.anchored else Code.SELF_CONSISTENT)
        parts = [part for one in self.deciding for part in self._integrity_of(one, good)]
        return worst(parts, empty=Code.NOT_RECOMPUTABLE)

    def _integrity_of(self, one: Weighed, good: DimensionVerdict) -> Iterator[DimensionVerdict]:
        if not one.says_something:
            code = one.attestation.code or FORMAT_FAILURE
            yield indeterminate(Code.MALFORMED_SOURCE if code == FORMAT_FAILURE else code)
            return
        if one.attestation.copies:
            yield failed(Code.COPY_DIFFERS)
        for judged in one.judged:
            yield from judged.protection
        holds = any(judged.holds for judged in one.judged)
        if one.held.relation is Relation.DIFFERS:
            yield failed(DiagnosisClass.FILE_ALTERED)
        elif self._covers(one) and (self.artifact is not None or holds):
            yield good
        else:
            yield indeterminate(Code.NOT_RECOMPUTABLE)

    def authenticity(self) -> DimensionVerdict:
        """Return who says so: a failure decides, then enough trusted signers, then the policy."""
        judged = [_of_signature(j) for one in self.weighed for j in one.judged]
        unread = [of_unread(one) for one in self.weighed if not one.says_something]
        green = [part for part in judged if part.indication is Indication.PASSED]
        asked = [answer.part for answer in self.answers if answer.part is not None]
        parts = (*judged, *unread)
        if not green or any(part.indication is Indication.FAILED for part in parts):
            return worst((*parts, *asked), empty=Code.NO_SIGNATURE)
        few = [] if self.anchored or self._altered else [indeterminate(Code.TOO_FEW_SIGNERS)]
        return worst((*few, *green, *unread, *asked))

    @property
    def _altered(self) -> bool:
        return any(one.held.relation is Relation.DIFFERS for one in self.trusted)

    def completeness(self) -> DimensionVerdict:
        """Return whether what the attestations speak of is here."""
        if not self.anchored:
            return indeterminate(Code.NO_ANCHOR)
        if self.artifact is not None:
            return passed(Code.ANCHORED)
        claims = [c for one in self.trusted for c in one.attestation.claimed]
        if self.stated is not None and digest_named(claims, self.stated):
            return passed(Code.AUDITOR_STATED)
        return indeterminate(Code.ARTIFACT_ABSENT) if claims else passed(Code.ANCHORED)

    def time(self) -> DimensionVerdict:
        """Return since when at the latest; of several trusted times one that fails decides."""
        times = [j.time for one in self.deciding for j in one.judged if j.time is not None]
        green = [time for time in times if time.indication is Indication.PASSED]
        bad = [time for time in times if time.indication is Indication.FAILED]
        return worst((*bad, *green) or times, empty=Code.NO_TRUSTED_TIME)

    def assurance(self) -> tuple[AssuranceRange, ...]:
        """Return how far the artifact, counted as one record, is protected."""
        integrity = self.integrity()
        if integrity.indication is not Indication.PASSED:
            return (AssuranceRange(1, 1),)
        flags = {AssuranceFlag.CONSISTENT}
        if self.anchored and self.authenticity().indication is Indication.PASSED:
            flags.add(AssuranceFlag.SIGNED)
        if self.time().indication is Indication.PASSED:
            flags.add(AssuranceFlag.TIMESTAMPED)
        if any(judged.logged for one in self.trusted for judged in one.judged):
            flags.add(AssuranceFlag.WITNESSED)
        return (AssuranceRange(1, 1, frozenset(flags)),)

    def diagnoses(self, explain: Explain) -> Iterator[Diagnosis]:
        """Yield one diagnosis where the artifact is not what was attested."""
        artifact = self.artifact
        found = (w.held.claimed for w in self.deciding if w.held.relation is Relation.DIFFERS)
        claimed = next((one for one in found if one is not None), None)
        if artifact is None or claimed is None:
            return
        name, stored = claimed.binding[0]
        yield Diagnosis(
            DiagnosisClass.FILE_ALTERED,
            count=1,
            path=artifact.file.display,
            stored=stored,
            recomputed=artifact.digests[name],
            explanations=(explain(artifact, name, stored),),
        )


def _of_signature(one: Judged) -> DimensionVerdict:
    verdict = one.verdict
    code = verdict.signer if verdict.indication is Indication.PASSED else verdict.code
    return DimensionVerdict(verdict.indication, code)


def of_unread(one: Weighed) -> DimensionVerdict:
    """Return what an attestation is worth that cannot be read: damage, whoever made it."""
    code = one.attestation.code or FORMAT_FAILURE
    return failed(code) if code == FORMAT_FAILURE else indeterminate(code)


def claims_of(weighed: Iterable[Weighed]) -> list[str]:
    """Return the names that attestations have for what they are about, each once."""
    names = (claimed.name for one in weighed for claimed in one.attestation.claimed)
    return list(dict.fromkeys(name for name in names if name))
