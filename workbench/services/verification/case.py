"""Verify a case: all its evidence, with whom it trusts, held against what was taken in."""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import NamedTuple

from workbench.evidence.strict_json import JsonValue
from workbench.formats.logs.library import loads
from workbench.model.case import ControlTotal, ControlTotalState, JournalState
from workbench.model.case_source import CaseSource
from workbench.model.contract import time_to_json
from workbench.model.event_mapping import EventMapping
from workbench.model.expectation import Origin
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.model.source import Problem, ProblemCode, Role
from workbench.model.trust import Trust
from workbench.model.verdict import (
    Code,
    Diagnosis,
    DiagnosisClass,
    Dimension,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    worst,
)
from workbench.model.verification import SourceVerdict, Verification
from workbench.services.verification import verified
from workbench.services.verification.again import earlier_deliveries
from workbench.store import engagement, evidence_keys, journal, sources, verdicts
from workbench.store import trust as trust_store
from workbench.store.case_store import CaseStore
from workbench.store.places import current_places
from workbench.verify.pool import workers
from workbench.verify.trust.anchors import load_trust, mark_self_supplied
from workbench.verify.verifier import Tap

LINK = "link"
_OF_RECORDS = ("events", "records")


def judge_case(
    case: CaseStore,
    request: VerifyRequest,
    *,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None = None,
) -> Verification:
    """Verify all evidence of a case as ``verify_case`` does, and record nothing.

    Raises:
        UsageError: what was asked for makes no sense as asked.
        SourceError: a trust file cannot be read.
        Cancelled: the user stopped it.
    """
    return _judged(case, request, progress, cancel, executor).verification


def verify_case(
    case: CaseStore,
    request: VerifyRequest,
    *,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None = None,
    tap: Tap | None = None,
) -> Verification:
    """Verify all evidence of a case, whom the case trusts, and put the verdicts on record.

    What is no longer what was taken in is FAILED ``EVIDENCE_CHANGED``; what is not there any more
    is INDETERMINATE, never left out; what came to lie beside it is not in the case, and said so.

    Args:
        case: open for writing.
        request: what is asked for; paths are those of the case, and trust adds to that of it.
        progress: told how far the work is.
        cancel: checked once a batch.
        executor: runs pieces of logs; None: processes of its own.
        tap: takes records of logs on their way, for the index.

    Raises:
        UsageError: what was asked for makes no sense as asked.
        StoreError: the verdicts could not be recorded.
        Cancelled: the user stopped it; nothing was recorded.
    """
    found = _judged(case, request, progress, cancel, executor, tap)
    _record(case, found, request.expectation.origin)
    return found.verification


def with_blast_radius(
    case: CaseStore, verification: Verification, *, cancel: Cancel | None = None
) -> Verification:
    """Return a verification whose diagnoses say what of the case rests on the broken records.

    What reads the case is loaded where something is broken.

    Raises:
        Cancelled: the user stopped it.
    """
    if not verification.breaks_at_records:
        return verification
    from workbench.analysis import resting

    return resting.with_blast_radius(case, verification, cancel=cancel)


class _Judged(NamedTuple):
    """A verification as the case sees it, the sources it is of, and the trust brought to it."""

    verification: Verification
    known: Sequence[CaseSource]
    brought: Trust


def _judged(
    case: CaseStore,
    request: VerifyRequest,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None,
    tap: Tap | None = None,
) -> _Judged:
    state = case.look_again()
    with case.reading() as session:
        places = current_places(session)
        known = sources.every(session)
        anchors = tuple(entry.anchor for entry in trust_store.every(session))
        period = engagement.facts(session).engagement.period
        delivered = evidence_keys.every(session)
    before = () if state.doubts("verdicts") else earlier_deliveries(case)
    expectation = request.expectation
    if expectation.period is None:
        expectation = replace(expectation, period=period)
    expectation = replace(expectation, earlier=(*expectation.earlier, *before))
    asked = replace(
        request,
        paths=places.paths,
        names=places.names,
        leave_out=places.leave_out,
        mappings=_mappings(known),
        expectation=expectation,
    )
    brought = _brought(request)
    everyone = (*anchors, *brought.anchors, *brought.revocations)
    trust = mark_self_supplied(brought.with_anchors(everyone), delivered)
    with ExitStack() as stack:
        pool = executor or stack.enter_context(workers())
        found = Verification(request.at, (), required=request.required)
        if places.paths:
            found = verified(asked, trust, progress, cancel, pool, tap)
    found = replace(found, keys_in_evidence=_ever(found, trust))
    return _Judged(_without_doubtful(_compared(found, known), state), known, brought)


def _brought(request: VerifyRequest) -> Trust:
    return load_trust(
        request.trust,
        confirm=request.confirm,
        secrets=request.secrets,
        at=request.at,
        threshold=request.threshold,
    )


def _mappings(known: Sequence[CaseSource]) -> tuple[EventMapping, ...]:
    """Return the mappings that the user brought with evidence, so that it is recognised again."""
    texts = {source.mapping: source for source in known if source.mapping}
    return tuple(loads(text.encode(), what=s.version or "") for text, s in texts.items())


def _ever(found: Verification, trust: Trust) -> dict[str, str]:
    """Return where trusted keys lie in the evidence, or lay when they were found there."""
    before = {anchor.fingerprint: anchor.found_in for anchor in trust.anchors if anchor.found_in}
    return {**before, **found.keys_in_evidence}


def _compared(found: Verification, known: Sequence[CaseSource]) -> Verification:
    """Return a verification as the case sees it: only its sources, and all of them."""
    by_name = {(source.path, source.member): source for source in known}
    seen = {(source.path, source.member): source for source in found.sources}
    kept = [
        _held_against(verdict, by_name[name]) for name, verdict in seen.items() if name in by_name
    ]
    missing = [source for name, source in by_name.items() if name not in seen]
    kept += [_missing(s) if s.role is Role.SUBJECT else _gone(s) for s in missing]
    others = [verdict for name, verdict in seen.items() if name not in by_name]
    # A link has no bytes to take in; what it leads to has.
    kept += [verdict for verdict in others if verdict.format == LINK]
    strangers = [_stranger(Locator(v.path, v.member)) for v in others if v.format != LINK]
    problems = (*found.problems, *strangers)
    return replace(found, sources=tuple(sorted(kept, key=_order)), problems=problems)


def _without_doubtful(found: Verification, state: JournalState) -> Verification:
    """Let nothing pass that rests on what was changed in the case by other means.

    Whether evidence is that of the intake is only known while its digests are; whom the auditor
    trusts, while the trusted keys are.
    """
    bearing = {"evidence": tuple(Dimension), "trust": (Dimension.AUTHENTICITY,)}
    doubtful = [held for tables, held in bearing.items() if state.doubts(tables)]
    for held in doubtful:
        judged = (
            replace(s, verdict=verdicts.changed_subject(s.verdict, *held)) if s.verdict else s
            for s in found.sources
        )
        found = replace(found, sources=tuple(judged))
    return found


def _stranger(place: Locator) -> Problem:
    message = f"{place} lies there but is not in the case."
    return Problem(ProblemCode.NOT_IN_CASE, place, message)


def _order(source: SourceVerdict) -> tuple[bool, str, str]:
    return source.verdict is None, source.path, source.member or ""


def _held_against(found: SourceVerdict, source: CaseSource) -> SourceVerdict:
    """Return a verdict held against the digest of the intake (VERDICTS sections 4 and 8)."""
    if found.sha256 == source.sha256:
        return _with_totals(found, source)
    message = f"{source.display} is not what was taken into the case."
    problem = Problem(DiagnosisClass.EVIDENCE_CHANGED, Locator(found.path, found.member), message)
    changed = replace(found, problems=(*found.problems, problem))
    if found.verdict is None:
        return changed
    diagnosis = Diagnosis(
        DiagnosisClass.EVIDENCE_CHANGED,
        path=found.path,
        stored=source.sha256,
        recomputed=found.sha256,
    )
    verdict = replace(
        found.verdict,
        integrity=worst((failed(DiagnosisClass.EVIDENCE_CHANGED), found.verdict.integrity)),
        diagnoses=(diagnosis, *found.verdict.diagnoses),
        assurance=(),
        notes=(*found.verdict.notes, message),
    )
    return replace(changed, verdict=verdict)


def _with_totals(found: SourceVerdict, source: CaseSource) -> SourceVerdict:
    """Return a verdict held against the control totals that were stated (VERDICTS section 3)."""
    if found.verdict is None or not source.totals:
        return found
    totals = [_counted(total, found.verdict) for total in source.totals]
    wrong = [total for total in totals if total.state is ControlTotalState.DIFFERS]
    told = "; ".join(
        f"{t.name}: stated {t.stated:,}, counted "
        f"{'not at all' if t.counted is None else f'{t.counted:,}'}"
        for t in totals
    )
    parts = (*(failed(DiagnosisClass.COUNT_MISMATCH) for _ in wrong), found.verdict.completeness)
    diagnoses = (
        Diagnosis(
            DiagnosisClass.COUNT_MISMATCH,
            path=found.path,
            stored=f"{total.name} {total.stated}",
            recomputed=f"{total.name} {total.counted}",
        )
        for total in wrong
    )
    step = Step("", "Compared the control totals that were stated of it.", f"{told}.")
    verdict = replace(
        found.verdict,
        completeness=worst(parts),
        diagnoses=(*found.verdict.diagnoses, *diagnoses),
        steps=(*found.verdict.steps, step),
    )
    return replace(found, verdict=verdict)


def _counted(total: ControlTotal, verdict: SubjectVerdict) -> ControlTotal:
    """Return a total beside the number of records that were judged just now, if it is of those."""
    judged = verdict.records if total.name in _OF_RECORDS else None
    return total if judged is None else replace(total, counted=judged)


def _missing(source: CaseSource) -> SourceVerdict:
    """Return what is left to say of a subject that is not where it was."""
    gone = _gone(source)
    verdict = SubjectVerdict(
        integrity=indeterminate(Code.UNREADABLE),
        authenticity=indeterminate(Code.NO_SIGNATURE),
        completeness=indeterminate(Code.UNREADABLE),
        time=indeterminate(Code.NO_TRUSTED_TIME),
        steps=(Step("", f"Looked for {source.display}.", "Not done: it is not there."),),
        sha256=source.sha256 or None,
        notes=(gone.problems[0].message,),
    )
    return replace(gone, verdict=verdict)


def _gone(source: CaseSource) -> SourceVerdict:
    """Return what is left to say of a source that is not where it was."""
    message = f"{source.display} is not where it was; say where it is now, or add it again."
    problem = Problem(ProblemCode.UNREADABLE, Locator(source.path, source.member), message)
    return SourceVerdict(
        source.path,
        source.member,
        source.role,
        source.sha256,
        source.size,
        source.format,
        pairs_with=source.pairs_with,
        problems=(problem,),
    )


def _record(case: CaseStore, found: _Judged, origin: Origin) -> None:
    verification, known, brought = found
    trusted: list[JsonValue] = [anchor.fingerprint for anchor in brought.anchors]
    numbers = {(source.path, source.member): source.id for source in known}
    with case.acting(journal.VERIFIED, subject=f"{len(verification.subjects)} subjects") as act:
        evidence_keys.remember(act.session, verification.keys_in_evidence, at=act.at)
        number = verdicts.put(act.session, verification, numbers, done=act.at, who=case.who)
        act.detail = {
            "verification": number,
            "at": time_to_json(verification.at),
            "exit": verification.exit_code,
            "secrets": [secret.id or "" for secret in brought.secrets],
            "threshold": brought.threshold,
            **({"trust": trusted} if trusted else {}),
            **({"origin": stated} if (stated := _stated(origin)) else {}),
            **{d.value: verification.dimension(d).indication.value for d in Dimension},
        }
        act.areas = {"verdicts", "sources", "events"}


def _stated(origin: Origin) -> dict[str, JsonValue]:
    """Return what the auditor stated of signers and provenance: verdicts rest on it."""
    return {name: value for name, value in asdict(origin).items() if value is not None}
