"""Hold the verdict of the first program against what the second one found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.errors import SourceError
from workbench.evidence.subject import Subject
from workbench.model.profile import ChainProfile
from workbench.model.trust import TrustRole
from workbench.model.verdict import (
    Code,
    DiagnosisClass,
    Indication,
    SecondOpinion,
    Step,
    SubjectVerdict,
    indeterminate,
    worst,
)
from workbench.verify.recheck.chain import LogOpinion, log_opinion
from workbench.verify.recheck.oms import ModelOpinion, model_opinion
from workbench.verify.recheck.opinion import Finding, NoOpinionError
from workbench.verify.verifier import Bench

D = DiagnosisClass
#: What a chain shows by itself; the rest takes anchors.
_OF_CHAIN = frozenset(
    {
        D.RECORD_ALTERED, D.RECORD_REWRITTEN, D.RECORDS_DELETED, D.RECORD_INSERTED,
        D.RECORDS_REORDERED, D.RECORD_DUPLICATED, D.LINK_BROKEN, D.MALFORMED_RECORD, D.FORK,
    }
)  # fmt: skip
_ALTERED = frozenset({D.RECORD_ALTERED, D.MALFORMED_RECORD})
_MOVED = frozenset({D.FILE_MISSING, D.FILE_ADDED, D.FILE_RENAMED})
MOST_TOLD = 20


def with_second_opinion(verdict: SubjectVerdict, subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return a verdict that says whether a second program found the same.

    Where it did not, one of the two is wrong and nobody knows which: nothing PASSED, and what
    FAILED stays so, as the worst of the parts (VERDICTS 3).
    """
    try:
        findings = tuple(_findings(verdict, subject, bench))
    except NoOpinionError as reason:
        return _told(verdict, SecondOpinion.NONE, f"There is none {reason}.")
    except SourceError as error:
        return _told(verdict, SecondOpinion.NONE, f"There is none: {error.message}")
    differ = [finding for finding in findings if not finding.agrees]
    if not differ:
        both = "; ".join(f"{finding.what}: {finding.first}" for finding in findings)
        return _told(verdict, SecondOpinion.AGREES, f"Both agree. {both}.")
    both = "; ".join(f"{f.what}: first {f.first}, second {f.second}" for f in differ)
    was = f"{verdict.integrity.indication} {verdict.integrity.code or ''}".strip()
    text = f"They do not agree. {both}. The first program alone said Integrity {was}."
    doubt = indeterminate(Code.SECOND_OPINION_DIFFERS)
    failed = verdict.integrity.indication is Indication.FAILED
    doubted = replace(
        verdict,
        integrity=worst((verdict.integrity, doubt)) if failed else doubt,
        assurance=(),
        notes=(*verdict.notes, f"Two programs of ours do not agree: {both}. Report it."),
    )
    return _told(doubted, SecondOpinion.DIFFERS, text)


def _told(verdict: SubjectVerdict, said: SecondOpinion, result: str) -> SubjectVerdict:
    did = "Judged again by a second, plain program that shares no code with the first."
    step = Step("", did, result, "# No command: it is the same work, done again by this program.")
    return replace(verdict, steps=(*verdict.steps, step), second_opinion=said)


def _findings(verdict: SubjectVerdict, subject: Subject, bench: Bench) -> Iterator[Finding]:
    if verdict.integrity.indication is Indication.INDETERMINATE:
        raise NoOpinionError(f"where the first says {verdict.integrity.code}")
    if subject.format == "chain":
        profile = _profile(verdict, bench)
        if profile.seals and bench.trust.secrets:
            raise NoOpinionError(f"of profile {profile.id}: its records are sealed one by one")
        found = log_opinion(
            subject.files[0],
            subject.container or "jsonl",
            profile,
            limits=bench.limits,
            cancel=bench.cancel,
        )
        yield from _of_log(verdict, found, alone=_stands_alone(subject, bench))
    elif subject.format == "oms":
        anchors = [a for a in bench.trust.serving(TrustRole.MODEL) if a.counts]
        yield from _of_model(verdict, model_opinion(subject, anchors, cancel=bench.cancel))
    else:
        raise NoOpinionError(f"of {subject.format}")


def _profile(verdict: SubjectVerdict, bench: Bench) -> ChainProfile:
    for profile in bench.profiles:
        if profile.id == verdict.profile:
            return profile
    raise NoOpinionError("of a log whose recipe is not known")


def _stands_alone(subject: Subject, bench: Bench) -> bool:
    """Tell whether nothing but the chain itself speaks of the log."""
    stated = bench.expectation.count is not None or bench.expectation.head is not None
    return not subject.anchors and not stated


def _of_log(verdict: SubjectVerdict, found: LogOpinion, *, alone: bool) -> Iterator[Finding]:
    broken = [d for d in verdict.diagnoses if d.kind in _OF_CHAIN]
    yield Finding("SHA-256 of the file", verdict.sha256 or "", found.sha256)
    yield Finding("records", f"{verdict.records or 0:,}", f"{found.records:,}")
    second = _holds(bool(found.bad or found.unlinked))
    first = _holds(bool(broken))
    if not alone and broken and verdict.integrity.indication is Indication.FAILED:
        first = second  # an anchor may show what the chain does not
    yield Finding("digests and links", first, second)
    altered = {d.record for d in broken if d.kind in _ALTERED and d.record is not None}
    if alone and altered:
        seen = altered & set(found.bad)
        yield Finding("records not reproduced", _numbers(altered), _numbers(seen))


def _holds(broken: bool) -> str:
    return "do not hold" if broken else "hold"


def _numbers(numbers: Sequence[int] | set[int]) -> str:
    ordered = sorted(numbers)
    more = ", …" if ordered[MOST_TOLD:] else ""
    return ", ".join(f"{number:,}" for number in ordered[:MOST_TOLD]) + more or "none"


def _of_model(verdict: SubjectVerdict, found: ModelOpinion) -> Iterator[Finding]:
    altered = {d.path or "" for d in verdict.diagnoses if d.kind is D.FILE_ALTERED}
    yield Finding("files altered", _names(altered), _names(found.altered))
    moved = any(d.kind in _MOVED for d in verdict.diagnoses)
    yield Finding(
        "files missing or added",
        "some" if moved else "none",
        "some" if found.missing or found.added else "none",
    )
    if any(s.indication is Indication.PASSED for s in verdict.signatures):
        second = "verifies" if found.verifies else "does not verify"
        yield Finding("signature (no certificate path is judged twice)", "verifies", second)
    if verdict.integrity.indication is Indication.PASSED:
        yield Finding("digest over all digests", "agrees", "agrees" if found.rooted else "differs")


def _names(names: set[str] | frozenset[str]) -> str:
    ordered = sorted(names)
    more = f" and {len(ordered) - MOST_TOLD:,} more" if ordered[MOST_TOLD:] else ""
    return ", ".join(ordered[:MOST_TOLD]) + more or "none"
