"""Give a subject to the verifier of its format, and never let a gap turn green."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import cast

from workbench.errors import LimitError, SourceError
from workbench.evidence.subject import Subject
from workbench.model.source import CLOSED_ARCHIVE, NAME_ONLY, Problem, ProblemCode
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
    worst,
)
from workbench.plugins import discover
from workbench.verify import by_hand
from workbench.verify.listing import listing_digest
from workbench.verify.verifier import Bench, Later, Verifier

#: Formats of signatures that say nothing by themselves.
_OF_A_FILE = frozenset({"sshsig", "minisign", "openpgp", "tlog-proof", "signature"})
#: With one of these something in a file was not read.
_NOT_WHOLE = frozenset(ProblemCode) - NAME_ONLY
NOT_OPENED = "It is compressed in a way that is not opened here: what is in it was not read."
#: Links of a folder that are named in its notes; the rest is counted.
MOST_LINKS = 1000


@cache
def verifiers() -> dict[str, Verifier]:
    """Return every verifier by the format it judges."""
    found = cast("tuple[Verifier, ...]", discover("workbench.verify", "VERIFIER"))
    return {verifier.id: verifier for verifier in found}


def load(formats: Iterable[str]) -> None:
    """Load what judges some formats, before it is needed: while others are at work."""
    for found in map(verifiers().get, formats):
        if isinstance(found, Later):
            found.loaded()


def judge(subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict on ``subject``; whatever is wrong with it is part of the verdict.

    A bag is judged once, for itself and for all that lies in its payload.
    """
    if subject.format != "bagit":
        return _judged(subject, bench)
    place = subject.path, subject.member
    if place not in bench.bags:
        bench.bags[place] = _judged(subject, bench)
    return bench.bags[place]


def _judged(subject: Subject, bench: Bench) -> SubjectVerdict:
    try:
        verifier = verifiers().get(subject.format)
        if subject.format in _OF_A_FILE:
            verdict = _without_file(subject, bench)
        elif verifier is None:
            verdict = unprotected(subject, bench)
        else:
            verdict = verifier.verify(subject, bench)
        verdict = _with_signatures(verdict, subject, bench)
    except SourceError as error:
        verdict = _unjudged(error)
    if subject.stamps:
        from workbench.verify.timestamp.subject import with_stamps

        verdict = with_stamps(verdict, subject, bench)
    if subject.within is not None:
        from workbench.verify.sealed_bag import within_bag

        verdict = within_bag(verdict, subject, judge(subject.within, bench))
    verdict = _with_commands(_with_problems(verdict, subject), subject)
    return _with_ambiguity(_with_links(verdict, subject), subject)


def _with_signatures(verdict: SubjectVerdict, subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict with what signatures and attestations beside the subject add to it."""
    if subject.detached:
        from workbench.verify.detached.verdict import with_signatures

        verdict = with_signatures(verdict, subject, bench)
    if subject.seals:
        from workbench.verify.attestation.sealed import with_seals
        from workbench.verify.sealed_bag import with_sealed_lists

        told = with_sealed_lists if subject.lists else with_seals
        verdict = told(verdict, subject, bench)
    return verdict


def unprotected(subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict on what carries no protection data: read, hashed, nothing proven."""
    digest = listing_digest(subject, bench)
    many = f"{len(subject.files):,} files" if len(subject.files) > 1 else "the file"
    did = f"Read {many} and computed SHA-256; looked for protection data."
    result = f"SHA-256 {digest}; no digest, chain or signature that is known here covers it."
    step = Step("FIPS 180-4", did, result, *by_hand.of_subject(subject, digest))
    notes = (NOT_OPENED,) if subject.format == CLOSED_ARCHIVE else ()
    return replace(_nothing(Code.UNPROTECTED), sha256=digest, steps=(step,), notes=notes)


def _without_file(subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict where a signature is here and what it is over is not."""
    digest = listing_digest(subject, bench)
    did = "Looked for the file that this signature is over: its name without the last suffix."
    note = "A signature lies here, but not the file that it is over: was it handed over?"
    result = f"There is none; SHA-256 of the signature {digest}."
    step = Step("", did, result, *by_hand.of_subject(subject, digest))
    verdict = _nothing(Code.NOT_RECOMPUTABLE)
    return replace(verdict, sha256=digest, steps=(step,), notes=(note,))


def _nothing(code: str) -> SubjectVerdict:
    return SubjectVerdict(
        integrity=indeterminate(code),
        authenticity=indeterminate(Code.NO_SIGNATURE),
        completeness=indeterminate(Code.NO_ANCHOR),
        time=indeterminate(Code.NO_TRUSTED_TIME),
    )


def _unjudged(error: SourceError) -> SubjectVerdict:
    """Return what is left to say when the bytes could not be read to the end."""
    why = by_hand.because("No command: what could not be read here has no value to compare.")
    step = Step("", "Read the bytes.", f"Not done: {error.message}", why)
    if error.code == DiagnosisClass.EVIDENCE_CHANGED:
        changed = Diagnosis(DiagnosisClass.EVIDENCE_CHANGED, path=error.path)
        verdict = replace(_nothing(Code.UNREADABLE), integrity=failed(changed.kind))
        return replace(verdict, diagnoses=(changed,), steps=(step,), notes=(error.message,))
    code = Code.LIMIT_EXCEEDED if isinstance(error, LimitError) else Code.UNREADABLE
    return replace(_nothing(code), steps=(step,), notes=(error.message,))


def _with_problems(verdict: SubjectVerdict, subject: Subject) -> SubjectVerdict:
    """Keep a subject from green when its files were not delivered cleanly (VERDICTS 8).

    Of a model the bytes were signed: what one is called promises nothing about them.
    """
    fine = {ProblemCode.NOT_AN_ARCHIVE} if subject.format == "oms" else set()
    files = (file for file in subject.files if file.problem not in {None, *fine})
    told = {file.display: file.problem for file in files if file.problem is not None}
    for code in reversed(dict.fromkeys(told.values())):
        verdict = _capped(verdict, code)
    notes = (f"{display}: {code}" for display, code in told.items())
    return replace(verdict, notes=(*verdict.notes, *notes))


def with_reading(verdict: SubjectVerdict, problems: Iterable[Problem]) -> SubjectVerdict:
    """Keep a catalog from green, and say why first, where it could not be read whole."""
    found = [problem for problem in problems if problem.code in _NOT_WHOLE]
    for code in reversed(dict.fromkeys(problem.code for problem in found)):
        verdict = _capped(verdict, code)
    notes = dict.fromkeys(problem.message for problem in found)
    return replace(verdict, notes=(*verdict.notes, *notes))


def _with_commands(verdict: SubjectVerdict, subject: Subject) -> SubjectVerdict:
    """Take away commands that would not lead to the bytes that were judged."""
    beside = (signature for signature, _ in subject.detached)
    tokens = (stamp.token for stamp in subject.stamps)
    proof = (*subject.signatures, *subject.seals, *beside, *subject.anchors, *tokens)
    files = (*subject.files, *proof)
    odd = next((file for file in files if not by_hand.can_be_taken_out(file)), None)
    if odd is None:
        return verdict
    why = by_hand.because(
        f"No command: {odd.display} has a name or a flaw by which others may take out other bytes."
    )
    steps = (
        step if step.recipe.startswith("#") else replace(step, recipe=why, prints="")
        for step in verdict.steps
    )
    return replace(verdict, steps=tuple(steps))


def with_names(
    verdict: SubjectVerdict, subject: Subject, problems: Iterable[Problem]
) -> SubjectVerdict:
    """Keep a subject from green where a name in it is one that programs read differently.

    Its bytes are what they are; whether they lie where they are meant to is not known.
    """
    mine = {(file.path, file.member) for file in subject.files}
    odd = (
        problem
        for problem in problems
        if problem.code in NAME_ONLY and (problem.locator.path, problem.locator.member) in mine
    )
    for problem in odd:
        completeness = _held_back(verdict.completeness, problem.code)
        verdict = replace(verdict, completeness=completeness)
    return verdict


def _with_links(verdict: SubjectVerdict, subject: Subject) -> SubjectVerdict:
    """Name the links of a folder; an unsigned one with links to nothing is not all here.

    In a signed folder the manifest says what a link had to be: its verifier has judged that.
    """
    links = [f"{link.place} {link.sentence}." for link in subject.links]
    if len(links) > MOST_LINKS:
        links[MOST_LINKS:] = [f"There are {len(links) - MOST_LINKS} more links."]
    verdict = replace(verdict, notes=(*verdict.notes, *links))
    lost = [] if subject.signatures else [link.problem for link in subject.links]
    for code in dict.fromkeys(filter(None, lost)):
        verdict = _capped(verdict, code)
    return verdict


def _capped(verdict: SubjectVerdict, code: str) -> SubjectVerdict:
    """Return a verdict that is INDETERMINATE at best, and then for this cause first."""
    return replace(
        verdict,
        integrity=_held_back(verdict.integrity, code),
        completeness=_held_back(verdict.completeness, code),
    )


def _held_back(part: DimensionVerdict, code: str) -> DimensionVerdict:
    held = worst((part, indeterminate(code)))
    if held.indication is not Indication.INDETERMINATE:
        return held
    return replace(held, code=code, codes=tuple(dict.fromkeys((code, *held.codes))))


def _with_ambiguity(verdict: SubjectVerdict, subject: Subject) -> SubjectVerdict:
    if not subject.ambiguous:
        return verdict
    unsure = indeterminate(Code.AMBIGUOUS_PAIRING)
    note = "Pairing could not decide between: " + ", ".join(subject.ambiguous)
    return replace(
        verdict,
        integrity=worst((verdict.integrity, unsure)),
        authenticity=worst((verdict.authenticity, unsure)),
        completeness=worst((verdict.completeness, unsure)),
        notes=(*verdict.notes, note),
    )
