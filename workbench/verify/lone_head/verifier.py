"""Judge heads of logs that are not here: who signed them, and whether they contradict each other.

A head says nothing of bytes that are not here. But two trusted heads of one origin and size with
different roots show that the log told different people different things (VERDICTS 2, FORK).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbench.evidence.subject import Subject
from workbench.model.verdict import (
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify import by_hand
from workbench.verify.listing import listing_digest
from workbench.verify.tlog.heads import SeenHead, contradictions, heads_of, why_not_authentic
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class LoneHeadVerifier:
    """Judges a signed head where its log is not here."""

    id: str = "head"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on one head, held against the others of its origin."""
        alone = replace(subject, anchors=subject.files)
        own, *others = heads_of(alone, bench)
        told = contradictions([own, *others], 0) if own.trusted else []
        digest = listing_digest(subject, bench)
        note = "A head of a log lies here, but no log that it could be about: was it handed over?"
        seen = bool(own.witnesses)
        return SubjectVerdict(
            integrity=failed(told[0].kind) if told else indeterminate(Code.NOT_RECOMPUTABLE),
            authenticity=worst(_authenticity(own, told)),
            completeness=indeterminate(Code.NO_ANCHOR),
            time=passed(_witnesses(own)) if seen else indeterminate(Code.NO_TRUSTED_TIME),
            diagnoses=tuple(told),
            signatures=own.signatures,
            steps=tuple(_steps(subject, own, others, told, digest)),
            sha256=digest,
            notes=(note, *([own.problem] if own.problem else [])),
        )


def _authenticity(own: SeenHead, told: list[Diagnosis]) -> Iterator[DimensionVerdict]:
    yield from (failed(one.kind) for one in told)
    for signature in own.signatures:
        if signature.indication is Indication.FAILED:
            yield failed(signature.code or Code.SIG_CRYPTO_FAILURE)
    if own.trusted:
        good = (s for s in own.signatures if s.indication is Indication.PASSED and not s.witness)
        yield passed(", ".join(dict.fromkeys(s.trusted_by or s.signer for s in good)))
    else:
        yield indeterminate(why_not_authentic(own.signatures))


def _witnesses(own: SeenHead) -> str:
    return ", ".join(dict.fromkeys(s.trusted_by or s.signer for s in own.witnesses))


def _steps(
    subject: Subject, own: SeenHead, others: list[SeenHead], told: list[Diagnosis], digest: str
) -> Iterator[Step]:
    did = "Looked for the log that this head is about, beside it and above it."
    result = f"There is none, or more than one; SHA-256 of the head {digest}."
    yield Step("", did, result, *by_hand.of_subject(subject, digest))
    if own.head is None:
        return
    many = len(others)
    did = f"Verified its {len(own.signatures)} signatures; held it against {many} of its origin."
    forked = any(one.kind is DiagnosisClass.FORK for one in told)
    result = "A trusted one contradicts it." if forked else "No trusted one contradicts it."
    show = "\n".join([by_hand.SCRATCH, by_hand.file_at(subject.files[0], "H"), 'sed -n 2p "$H"'])
    yield Step("C2SP tlog-checkpoint", did, result, show, str(own.size))


VERIFIER = LoneHeadVerifier()
