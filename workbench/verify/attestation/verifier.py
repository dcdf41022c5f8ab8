"""The verification of attestations: what they say, who says so, and of what."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.subject import Subject
from workbench.model.attestation import Attestation
from workbench.model.bundle import MessageSignature
from workbench.model.verdict import Indication, SignatureVerdict, Step, SubjectVerdict, worst
from workbench.verify.attestation import commands, trail
from workbench.verify.attestation.artifact import (
    Artifact,
    Held,
    Relation,
    hash_artifact,
    hold,
)
from workbench.verify.attestation.policy import answers
from workbench.verify.attestation.reading import Seal, read_seal
from workbench.verify.attestation.signers import Signing, judge_attestation
from workbench.verify.attestation.verdict import Findings, Weighed, claims_of, of_unread
from workbench.verify.keys.signable import Judged
from workbench.verify.line_ends import tested_line_ends
from workbench.verify.timestamp.stamps import time_of
from workbench.verify.verifier import Bench

#: Attestations of one file whose steps are written out; the rest is counted.
_MOST_TOLD = 20
#: How a note begins that names what else was attested.
TOGETHER = "Attested together with this file:"


@dataclass(frozen=True, slots=True)
class AttestationVerifier:
    """Judges a file of attestations whose artifacts are not here, or are part of something else."""

    id: str = "attestation"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on the attestations themselves, and on each artifact in turn."""
        seal = read_seal(subject.files[0], subject, bench)
        if not subject.linked:
            return _verdict(None, [seal], bench)
        each = [_verdict(_hashed(file, [seal], bench), [seal], bench) for file in subject.linked]
        return replace(_together(each), sha256=seal.sha256 or None)


def _together(verdicts: Sequence[SubjectVerdict]) -> SubjectVerdict:
    """Return the verdict on several artifacts of one file of attestations: the worst of each."""
    return replace(
        verdicts[0],
        integrity=worst(one.integrity for one in verdicts),
        authenticity=worst(one.authenticity for one in verdicts),
        completeness=worst(one.completeness for one in verdicts),
        time=worst(one.time for one in verdicts),
        diagnoses=tuple(found for one in verdicts for found in one.diagnoses),
        assurance=min((one.assurance for one in verdicts), key=lambda a: a[0].level),
        steps=tuple(step for one in verdicts for step in one.steps),
        notes=tuple(dict.fromkeys(note for one in verdicts for note in one.notes)),
    )


def judge_sealed(subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict that attestations give of one file, or of the lists of a bag.

    Steps: 1 read each file of attestations; 2 hash the artifact; 3 judge each signature over the
    payload's own bytes; 4 look for the artifact among what is signed; 5 ask what the auditor asks.

    Raises:
        SourceError: the artifact cannot be read.
    """
    seals = [read_seal(file, subject, bench) for file in subject.seals]
    over = subject.lists or subject.files[:1]
    each = [_verdict(_hashed(file, seals, bench), seals, bench) for file in over]
    return each[0] if len(each) == 1 else _together(each)


def _hashed(file: EvidenceFile, seals: Sequence[Seal], bench: Bench) -> Artifact:
    claims = (c for seal in seals for a in seal.attestations for c in a.claimed)
    return hash_artifact(file, claims, bench)


def _verdict(artifact: Artifact | None, seals: Sequence[Seal], bench: Bench) -> SubjectVerdict:
    weighed = [_weighed(seal, n, artifact, bench) for n, seal in enumerate(seals, 1)]
    everything = [one for some in weighed for one in some]
    origin = bench.expectation.origin
    trusted = [one.attestation for one in everything if one.identities and one.says_something]
    said = tuple(answers(origin, trusted))
    found = Findings(artifact, everything, said, bench.trust, origin.digest)

    def explain(meant: Artifact, name: str, stored: str) -> str:
        def is_signed(data: Iterable[bytes]) -> bool:
            return _digest_of(data, name) == stored

        return tested_line_ends(meant.file, is_signed, bench)

    sha256 = artifact.digests["sha256"] if artifact else seals[0].sha256
    steps = tuple(_steps(artifact, seals, weighed, sha256))
    return SubjectVerdict(
        integrity=found.integrity(),
        authenticity=found.authenticity(),
        completeness=found.completeness(),
        time=found.time(),
        assurance=found.assurance(),
        diagnoses=tuple(found.diagnoses(explain)),
        signatures=tuple(_signatures(everything)),
        steps=(*steps, *([trail.policy_step(said)] if said else ())),
        sha256=sha256 or None,
        notes=tuple(_notes(everything, artifact)),
    )


def _weighed(seal: Seal, number: int, artifact: Artifact | None, bench: Bench) -> list[Weighed]:
    """Judge the attestations of a file that have to do with the artifact; if none has, all."""
    found = [(a, hold(a, artifact, meant=False)) for a in seal.attestations]
    mine = [(a, held) for a, held in found if artifact is None or _concerns(a, held)]
    if artifact is not None and not mine:
        mine = [(a, hold(a, artifact, meant=True)) for a in seal.attestations]
    return [
        _weigh(a, held, f"{number}.{n}", seal, artifact, bench)
        for n, (a, held) in enumerate(mine, 1)
    ]


def _concerns(attestation: Attestation, held: Held) -> bool:
    if attestation.code is not None or not attestation.claimed:
        return True
    return held.relation is not Relation.OTHER


def _weigh(
    attestation: Attestation,
    held: Held,
    place: str,
    seal: Seal,
    artifact: Artifact | None,
    bench: Bench,
) -> Weighed:
    line = f", line {attestation.line}" if attestation.line else ""
    kind = _kind_of(attestation)
    signing = Signing(
        replace(bench.trust, proven=seal.proven),
        bench.expectation.origin,
        covers=f"{kind} in {seal.file.display}{line}",
        scratch=commands.scratch(attestation, place),
        data=_whole(attestation, artifact, bench),
        digests=tuple(artifact.digests.items()) if artifact else (),
    )
    judged = tuple(_dated(one, seal) for one in judge_attestation(attestation, signing))
    found = Weighed(seal.file, attestation, judged, held)
    return found if artifact is None else _by_signature(found)


def _dated(one: Judged, seal: Seal) -> Judged:
    """Return a trusted signature with the time that stamps over it say, where it says none."""
    if not one.identity or not seal.stamps:
        return one
    if one.time is not None and one.time.indication is not Indication.INDETERMINATE:
        return one
    return replace(one, time=time_of(seal.stamps))


def _kind_of(attestation: Attestation) -> str:
    if attestation.statement is not None:
        return attestation.statement.predicate_type
    return f"link of step {attestation.link.name}" if attestation.link else "signature"


def _by_signature(one: Weighed) -> Weighed:
    """Return a signature over the artifact's very bytes as about it, whatever it states besides."""
    content = one.attestation.bundle.content if one.attestation.bundle else None
    if not isinstance(content, MessageSignature) or not any(j.holds for j in one.judged):
        return one
    attestation = one.attestation
    if one.held.relation is Relation.DIFFERS:
        why = "The bundle states another digest than that of the bytes that the signature is over."
        attestation = replace(attestation, copies=(*attestation.copies, why))
    return replace(one, attestation=attestation, held=replace(one.held, relation=Relation.COVERS))


def _whole(attestation: Attestation, artifact: Artifact | None, bench: Bench) -> bytes | None:
    """Return the artifact's bytes where a signature is over them and they are few enough."""
    content = attestation.bundle.content if attestation.bundle else None
    if artifact is None or not isinstance(content, MessageSignature):
        return None
    if artifact.file.size > bench.limits.document:
        return None
    try:
        return read_whole(artifact.file, limit=bench.limits.document)
    except SourceError:
        return None


def _signatures(weighed: Sequence[Weighed]) -> Iterator[SignatureVerdict]:
    for one in weighed:
        yield from (judged.verdict for judged in one.judged)
        if not one.says_something:
            part = of_unread(one)
            yield SignatureVerdict(part.indication, part.code, covers=one.file.display)


def _steps(
    artifact: Artifact | None,
    seals: Sequence[Seal],
    weighed: Sequence[Sequence[Weighed]],
    sha256: str,
) -> Iterator[Step]:
    file = artifact.file if artifact else seals[0].file
    yield trail.digest_step(file, sha256)
    for number, (seal, mine) in enumerate(zip(seals, weighed, strict=True), 1):
        yield trail.seal_step(seal, number)
        for n, one in enumerate(mine[:_MOST_TOLD], 1):
            place = f"{number}.{n}"
            yield from trail.attestation_steps(one, place, sha256, artifact=artifact is not None)
        if mine[_MOST_TOLD:]:
            yield trail.rest_step(len(mine) - _MOST_TOLD)


def _notes(weighed: Sequence[Weighed], artifact: Artifact | None) -> Iterator[str]:
    for one in weighed:
        if one.attestation.message:
            yield one.attestation.message
        yield from one.attestation.copies
        yield from _result(one)
        for judged in one.judged:
            yield judged.why
            yield from judged.notes
    others = [name for name in claims_of(weighed) if artifact and not _is_called(artifact, name)]
    if others:
        yield f"{TOGETHER} {trail.names(others)}."


def _result(one: Weighed) -> Iterator[str]:
    """Say what a statement says that a check came to: a signature makes no failure a pass."""
    said = one.attestation.statement
    if said is not None and said.result and said.result.upper() not in _GOOD:
        yield (
            f"{one.file.display} states of it {said.result[:80]!r} ({said.predicate_type[:200]}): "
            "what is proven is that somebody says so, not that it passed."
        )


#: What a check that went well is called (SLSA verification summary, in-toto test result).
_GOOD = {"PASSED", "PASS", "SUCCESS", "OK"}


def _is_called(artifact: Artifact, name: str) -> bool:
    return name.rpartition("/")[2] == artifact.file.name


def _digest_of(data: Iterable[bytes], algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    for block in data:
        digest.update(block)
    return digest.hexdigest()


VERIFIER = AttestationVerifier()
