"""The verification of an in-toto layout (in-toto 1.0, 5.2), and its verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.evidence.archive_kind import folder_of
from workbench.evidence.subject import Subject
from workbench.model.expectation import Origin
from workbench.model.layout import Layout, Link
from workbench.model.statement import Claimed
from workbench.model.trust import Trust
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
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
from workbench.verify.attestation.artifact import hash_artifact
from workbench.verify.attestation.by_key import ByKey
from workbench.verify.attestation.by_openpgp import judge_openpgp
from workbench.verify.attestation.signers import held_to
from workbench.verify.keys.signable import Judged
from workbench.verify.layout.block import Block, read_block
from workbench.verify.layout.steps import Walked, walk
from workbench.verify.layout.trail import CLAUSE, trail_of
from workbench.verify.listing import listing_digest
from workbench.verify.timestamp.stamps import trust_over
from workbench.verify.verifier import Bench

#: Products that are not here and are called by their names.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class LayoutVerifier:
    """Judges a layout with the links that lie with it, and the products beside it."""

    id: str = "in-toto"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on a layout.

        Steps: 1 the layout's own signatures; 2 whether it still counts; 3 the links of each step,
        by those who may do it; 4 what went in and came out; 5 the products that lie here.
        """
        block = read_block(subject.files[0], bench)
        digest = listing_digest(subject, bench)
        if not isinstance(block.content, Layout):
            return _unread(block, subject, digest)
        trust, origin = trust_over(block.file, subject, bench), bench.expectation.origin
        signed = _signatures(block, trust, origin)
        links = [read_block(file, bench) for file in subject.signatures]
        folder = folder_of(subject.files[0])
        walked = walk(block.content, links, bench.trust.at, folder=folder)
        compared = _compared(walked.made, subject, bench)
        return _verdict(block, subject, bench, signed, walked, compared, links, digest)


def _signatures(block: Block, trust: Trust, origin: Origin) -> list[Judged]:
    """Judge the signatures of the layout itself by the auditor's keys."""
    if block.envelope is None or block.signable is None:
        return []
    covers = f"layout in {block.file.display}"
    judge = ByKey(trust, (block.signable,), covers).judge
    judged = (
        judge_openpgp(one, block.envelope.payload, trust, covers)
        if one.headers
        else judge(one.value, frozenset({one.keyid} if one.keyid else ()))
        for one in block.envelope.signatures
    )
    return [held_to(one, origin) for one in judged]


def _not_here(link: Link | None, subject: Subject) -> Iterator[str]:
    """Say which products of the last step were not delivered: a layout is green without them."""
    folder = folder_of(subject.files[0])
    here = {file.place.removeprefix(f"{folder}/" if folder else "") for file in subject.files[1:]}
    lost = [] if link is None else sorted({claimed.name for claimed in link.claimed} - here)
    if lost:
        named = ", ".join(lost[:MOST_NAMED])
        more = f" and {len(lost) - MOST_NAMED:,} more" if len(lost) > MOST_NAMED else ""
        yield (
            f"Not checked: {len(lost):,} of the products that the last step names were not "
            f"delivered, so no bytes were compared with what is signed of them: {named}{more}."
        )


def _not_compared(names: Sequence[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
        yield (
            "Not checked: no link that counts states a digest that binds of "
            f"{', '.join(names[:MOST_NAMED])}{more}."
        )


def _compared(
    made: Mapping[str, Claimed], subject: Subject, bench: Bench
) -> tuple[list[Diagnosis], list[str]]:
    """Compare the files that lie here with the products of the steps, by name.

    Returns what differs, and the names of files that nothing was held against: only a link that
    does not count names them, or one that states no digest that binds.
    """
    altered: list[Diagnosis] = []
    open_: list[str] = []
    folder = folder_of(subject.files[0])
    for file in subject.files[1:]:
        name = file.place.removeprefix(f"{folder}/" if folder else "")
        claimed = made.get(name)
        if claimed is None or not claimed.binding:
            open_.append(name)
            continue
        artifact = hash_artifact(file, [claimed], bench)
        if not artifact.agrees(claimed):
            algorithm, stored = claimed.binding[0]
            found = artifact.digests[algorithm]
            altered.append(
                Diagnosis(
                    DiagnosisClass.FILE_ALTERED,
                    count=1,
                    path=file.display,
                    stored=stored,
                    recomputed=found,
                )
            )
    return altered, open_


def _verdict(
    block: Block,
    subject: Subject,
    bench: Bench,
    signed: Sequence[Judged],
    walked: Walked,
    compared: tuple[Sequence[Diagnosis], Sequence[str]],
    links: Sequence[Block],
    digest: str,
) -> SubjectVerdict:
    altered, open_ = compared
    signers = {one.identity for one in signed if one.identity}
    anchored = len(signers) >= bench.trust.threshold
    who = _authenticity(block, signed, walked, anchored=anchored)
    unread = [link for link in links if link.content is None]
    integrity = _integrity(walked, compared, unread, anchored=anchored)
    missing = walked.completeness
    if not anchored:
        # What nobody trusted asked for is not missing, only not shown.
        missing = [indeterminate(Code.NO_ANCHOR)]
    flags = {AssuranceFlag.CONSISTENT} | ({AssuranceFlag.SIGNED} if anchored else set())
    good = integrity.indication is Indication.PASSED
    return SubjectVerdict(
        integrity=integrity,
        authenticity=who,
        completeness=worst(missing or [passed(Code.ANCHORED)]),
        time=indeterminate(Code.NO_TRUSTED_TIME),
        not_covered=tuple(open_),
        assurance=(AssuranceRange(1, 1, frozenset(flags if good else ())),),
        diagnoses=(*altered, *(walked.diagnoses if anchored else ())),
        signatures=tuple(one.verdict for one in signed),
        steps=tuple(trail_of(block, subject, signed, walked, digest)),
        sha256=digest,
        notes=(
            *(one.why for one in signed),
            *walked.notes,
            *_not_here(walked.link, subject),
            *_not_compared(open_),
            *(link.message for link in unread),
        ),
    )


def _authenticity(
    block: Block, signed: Sequence[Judged], walked: Walked, *, anchored: bool
) -> DimensionVerdict:
    parts = [
        DimensionVerdict(v.indication, v.signer if v.indication is Indication.PASSED else v.code)
        for v in (one.verdict for one in signed)
    ]
    green = [part for part in parts if part.indication is Indication.PASSED]
    if any(part.indication is Indication.FAILED for part in parts) or not green:
        return worst((*parts, *walked.who), empty=Code.NO_SIGNATURE) if parts else worst(
            (indeterminate(Code.NO_SIGNATURE), *walked.who)
        )  # fmt: skip
    few = () if anchored else (indeterminate(Code.TOO_FEW_SIGNERS),)
    return worst((*few, *green, *walked.who))


def _integrity(
    walked: Walked,
    compared: tuple[Sequence[Diagnosis], Sequence[str]],
    unread: Sequence[Block],
    *,
    anchored: bool,
) -> DimensionVerdict:
    """Return whether what went from step to step, and what lies here, is what was signed."""
    altered, open_ = compared
    parts = [*walked.integrity, *(failed(one.kind) for one in altered)]
    parts += [indeterminate(Code.NOT_COVERED)] if open_ else []
    parts += [indeterminate(Code.MALFORMED_SOURCE) for _ in unread]
    if walked.link is None and not parts:
        parts.append(indeterminate(Code.NOT_RECOMPUTABLE))
    return worst(parts or [passed(Code.ANCHORED if anchored else Code.SELF_CONSISTENT)])


def _unread(block: Block, subject: Subject, digest: str) -> SubjectVerdict:
    """Return the verdict on a layout that cannot be read."""
    code = block.code or Code.FORMAT_FAILURE
    bad = code == Code.FORMAT_FAILURE
    step = Step(CLAUSE, "Read the layout.", block.message, *by_hand.of_subject(subject, digest))
    return SubjectVerdict(
        integrity=indeterminate(Code.MALFORMED_SOURCE if bad else code),
        authenticity=failed(code) if bad else indeterminate(code),
        completeness=indeterminate(Code.NO_ANCHOR),
        time=indeterminate(Code.NO_TRUSTED_TIME),
        steps=(step,),
        sha256=digest,
        notes=(block.message,),
    )


VERIFIER = LayoutVerifier()
