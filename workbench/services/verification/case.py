"""Verify a case: all its evidence, with whom it trusts, held against what was taken in."""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import asdict, replace

from workbench.evidence.strict_json import JsonValue
from workbench.model.case_source import CaseSource
from workbench.model.contract import time_to_json
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
from workbench.store import engagement, sources, verdicts
from workbench.store import trust as trust_store
from workbench.store.case_store import CaseStore
from workbench.store.places import current_places
from workbench.verify.pool import workers
from workbench.verify.trust import load_trust
from workbench.verify.verifier import Tap

LINK = "link"


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
        request: what is asked for; paths and trust are those of the case.
        progress: told how far the work is.
        cancel: checked once a batch.
        executor: runs pieces of logs; None: processes of its own.
        tap: takes records of logs on their way, for the index.

    Raises:
        UsageError: what was asked for makes no sense as asked.
        StoreError: the verdicts could not be recorded.
        Cancelled: the user stopped it; nothing was recorded.
    """
    with case.reading() as session:
        places = current_places(session)
        known = sources.every(session)
        anchors = tuple(entry.anchor for entry in trust_store.every(session))
        period = engagement.facts(session).engagement.period
    expectation = request.expectation
    if expectation.period is None:
        expectation = replace(expectation, period=period)
    asked = replace(
        request,
        paths=places.paths,
        names=places.names,
        leave_out=places.leave_out,
        expectation=expectation,
    )
    secrets = load_trust((), secrets=request.secrets, at=request.at, threshold=request.threshold)
    trust = secrets.with_anchors(anchors)
    with ExitStack() as stack:
        pool = executor or stack.enter_context(workers())
        found = Verification(request.at, (), required=request.required)
        if places.paths:
            found = verified(asked, trust, progress, cancel, pool, tap)
    verification = _compared(found, known)
    _record(case, verification, known, secrets, request.expectation.origin)
    return verification


def _compared(found: Verification, known: Sequence[CaseSource]) -> Verification:
    """Return a verification as the case sees it: only its sources, and all of them."""
    by_name = {(source.path, source.member): source for source in known}
    seen = {(source.path, source.member): source for source in found.sources}
    kept = [
        _held_against(verdict, by_name[name]) for name, verdict in seen.items() if name in by_name
    ]
    kept += [_missing(s) for n, s in by_name.items() if n not in seen and s.role is Role.SUBJECT]
    others = [verdict for name, verdict in seen.items() if name not in by_name]
    # A link has no bytes to take in; what it leads to has.
    kept += [verdict for verdict in others if verdict.format == LINK]
    strangers = [_stranger(Locator(v.path, v.member)) for v in others if v.format != LINK]
    problems = (*found.problems, *strangers)
    return replace(found, sources=tuple(sorted(kept, key=_order)), problems=problems)


def _stranger(place: Locator) -> Problem:
    message = f"{place} lies there but is not in the case."
    return Problem(ProblemCode.NOT_IN_CASE, place, message)


def _order(source: SourceVerdict) -> tuple[bool, str, str]:
    return source.verdict is None, source.path, source.member or ""


def _held_against(found: SourceVerdict, source: CaseSource) -> SourceVerdict:
    """Return a verdict held against the digest of the intake (VERDICTS sections 4 and 8)."""
    if found.sha256 == source.sha256:
        return found
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


def _missing(source: CaseSource) -> SourceVerdict:
    """Return what is left to say of a subject that is not where it was."""
    note = f"{source.display} is not where it was; say where it is now, or add it again."
    verdict = SubjectVerdict(
        integrity=indeterminate(Code.UNREADABLE),
        authenticity=indeterminate(Code.NO_SIGNATURE),
        completeness=indeterminate(Code.UNREADABLE),
        time=indeterminate(Code.NO_TRUSTED_TIME),
        steps=(Step("", f"Looked for {source.display}.", "Not done: it is not there."),),
        sha256=source.sha256 or None,
        notes=(note,),
    )
    return SourceVerdict(
        source.path,
        source.member,
        Role.SUBJECT,
        source.sha256,
        source.size,
        source.format,
        verdict=verdict,
    )


def _record(
    case: CaseStore,
    verification: Verification,
    known: Sequence[CaseSource],
    brought: Trust,
    origin: Origin,
) -> None:
    numbers = {(source.path, source.member): source.id for source in known}
    with case.acting("case.verify", subject=f"{len(verification.subjects)} subjects") as act:
        number = verdicts.put(act.session, verification, numbers, done=act.at, who=case.who)
        act.detail = {
            "verification": number,
            "at": time_to_json(verification.at),
            "exit": verification.exit_code,
            "secrets": [secret.id or "" for secret in brought.secrets],
            "threshold": brought.threshold,
            **({"origin": stated} if (stated := _stated(origin)) else {}),
            **{d.value: verification.dimension(d).indication.value for d in Dimension},
        }
        act.areas = {"verdicts", "sources", "events"}


def _stated(origin: Origin) -> dict[str, JsonValue]:
    """Return what the auditor stated of signers and provenance: verdicts rest on it."""
    return {name: value for name, value in asdict(origin).items() if value is not None}
