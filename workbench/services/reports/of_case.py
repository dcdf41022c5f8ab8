"""The report of a case: its newest verification and trust, findings, checks, head of its journal.

Window and command line make it here alike: the same content of the case and the same date give
the same bytes before the signature.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from workbench.analysis.resting import with_blast_radius
from workbench.errors import UsageError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.case import Finding, FindingState, JournalEntry
from workbench.model.case_source import CaseSource
from workbench.model.contract import time_to_json
from workbench.model.policy import CheckResult, Pack
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.model.selftest import SelfTestResult
from workbench.model.source import Role
from workbench.model.trust import Secret, Trust
from workbench.model.verification import Verification
from workbench.report.build import BuiltReport, build_report
from workbench.report.context import CaseContent
from workbench.services.reports.writing import (
    Details,
    Written,
    context_of,
    put,
    require_unchanged,
)
from workbench.sign.keys import SigningKey
from workbench.store import engagement, findings, journal, sources, verdicts
from workbench.store import trust as trust_store
from workbench.store.case_store import CaseStore
from workbench.store.places import current_places
from workbench.verify.trust import mark_self_supplied

VERIFIED = "case.verify"
#: Acts on which a verdict rests: after one of them the newest verification is out of date.
_BEARING = {
    "evidence.add": "Evidence was added",
    "trust.add": "A key was trusted",
    "trust.confirm": "A fingerprint was confirmed",
    "trust.remove": "A key was trusted no more",
    "case.engagement": "The engagement was changed",
}


class Weight(StrEnum):
    """What a note on a report does."""

    BLOCKS = "blocks"
    ALLOWED = "allowed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of what stands between a case and its report.

    Attributes:
        weight: whether a report can be made with it.
        what: what it is, in one sentence.
        detail: what that means for the report, in one sentence.
        page: page of the window where something can be done about it, or "".
    """

    weight: Weight
    what: str
    detail: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a case goes into its report beside what the case holds.

    Attributes:
        selftest: what the program found when it checked itself.
        pack: checks that were asked, or None.
        checks: what they said.
    """

    selftest: SelfTestResult
    pack: Pack | None = None
    checks: tuple[CheckResult, ...] = field(default=())


def readiness(case: CaseStore) -> tuple[Note, ...]:
    """Return what blocks a report, what it will have to say, and what is done."""
    return (*_verification(case), *_journal(case), *_findings(case))


def require_ready(case: CaseStore) -> Verification:
    """Return the verification that a report would be about.

    Raises:
        UsageError: there is none, or it is out of date.
    """
    blocking = [note for note in readiness(case) if note.weight is Weight.BLOCKS]
    if blocking:
        raise UsageError(f"No report can be made: {blocking[0].what} {blocking[0].detail}")
    return _newest(case)


def case_details(case: CaseStore, date: datetime, *, auditor: str = "", to: str = "") -> Details:
    """Return what the report of a case says of who made it: as the engagement has it."""
    with case.reading() as session:
        asked = engagement.facts(session).engagement
    answers = auditor or ", ".join(asked.team) or case.who
    return Details(asked.title, answers, date, asked, to)


def require_case_unchanged(case: CaseStore, *, progress: Progress, cancel: Cancel) -> None:
    """Hash all evidence of a case once more.

    Raises:
        SourceError: something is not what it was when it was verified (``EVIDENCE_CHANGED``).
    """
    verification = _newest(case)
    with case.reading() as session:
        places = current_places(session)
    request = VerifyRequest(
        places.paths, verification.at, names=places.names, leave_out=places.leave_out
    )
    require_unchanged(request, verification, progress=progress, cancel=cancel)


def case_built(
    case: CaseStore, asked: Asked, details: Details, *, key: SigningKey | None
) -> BuiltReport:
    """Return the report of a case before its signature.

    Raises:
        UsageError: the case is not verified, or its verification is out of date.
    """
    verification = with_blast_radius(case, require_ready(case))
    with case.reading() as session:
        content = CaseContent(
            case_id=engagement.facts(session).case_id,
            journal=case.journal_state(),
            findings=tuple(findings.every(session)),
            pack=asked.pack,
            checks=asked.checks,
        )
    trust = _trust(case, verification)
    return build_report(
        context_of(verification, asked.selftest, details, trust=trust, key=key, case=content)
    )


def write_case(
    case: CaseStore,
    out: Path,
    asked: Asked,
    details: Details,
    *,
    key: SigningKey | None,
    progress: Progress,
    cancel: Cancel,
) -> Written:
    """Hash the evidence once more, write the report of a case, and put that on record.

    Raises:
        UsageError: the case is not verified, or its verification is out of date.
        SourceError: evidence is not what it was when it was verified.
        SigningError: the key may not or cannot sign.
        StoreError: it could not be recorded.
    """
    require_ready(case)
    require_case_unchanged(case, progress=progress, cancel=cancel)
    built = case_built(case, asked, details, key=key)
    cancel.check()
    with case.acting("report.sign" if key else "report.write", subject=out.name) as act:
        written = put(out, built, key)
        act.detail = _told(written, details, asked)
        act.areas = {"reports"}
    return written


def _told(written: Written, details: Details, asked: Asked) -> dict[str, JsonValue]:
    pack = asked.pack
    return {
        "sha256": written.sha256,
        "unsigned_sha256": written.unsigned_sha256,
        "signer": written.signed_by,
        "root": written.root,
        "date": time_to_json(details.date),
        "pack": None if pack is None else {"id": pack.id, "sha256": pack.sha256},
    }


def _newest(case: CaseStore) -> Verification:
    with case.reading() as session:
        found = verdicts.latest(session)
    if found is None:
        raise UsageError("No report can be made: the case was not verified yet.")
    return found


def _trust(case: CaseStore, verification: Verification) -> Trust:
    """Return whom the newest verification trusted; of secrets only their names are on record."""
    with case.reading() as session:
        anchors = tuple(entry.anchor for entry in trust_store.every(session))
    acts = [entry for entry in _acts(case) if entry.act == VERIFIED]
    said = parse(acts[-1].detail.encode(), what="journal") if acts else None
    told = said if isinstance(said, dict) else {}
    names, threshold = told.get("secrets"), told.get("threshold")
    trust = Trust(
        verification.at,
        secrets=tuple(Secret(str(n) or None, b"") for n in names)
        if isinstance(names, list)
        else (),
        threshold=threshold if isinstance(threshold, int) else 1,
    )
    return mark_self_supplied(trust.with_anchors(anchors), verification.keys_in_evidence)


def _acts(case: CaseStore) -> Sequence[JournalEntry]:
    with case.reading() as session:
        return journal.entries(session)


def _verification(case: CaseStore) -> Iterator[Note]:
    with case.reading() as session:
        newest, known = verdicts.latest(session), sources.every(session)
    if newest is None:
        yield Note(Weight.BLOCKS, "The case was not verified yet.", "Verify it.", "verification")
        return
    if unjudged := _unjudged(known, newest):
        named = f"{unjudged[0].display} was not judged"
        more = f", and {len(unjudged) - 1:,} more" if len(unjudged) > 1 else ""
        yield Note(Weight.BLOCKS, f"{named}{more}.", "Verify the case.", "verification")
    elif late := _late(case):
        detail = "Verify the case again."
        did = _BEARING[late.act]
        what = f"{did} after the newest verification (act {late.number:,})."
        yield Note(Weight.BLOCKS, what, detail, "verification")
    else:
        judged = f"{len(newest.subjects):,} of {len(newest.subjects):,} subjects judged"
        yield Note(Weight.DONE, f"{judged}, nothing that bears on them came later.")


def _unjudged(known: Sequence[CaseSource], newest: Verification) -> list[CaseSource]:
    judged = {(s.path, s.member, s.sha256) for s in newest.subjects}
    subjects = [source for source in known if source.role is Role.SUBJECT]
    return [s for s in subjects if (s.path, s.member, s.sha256) not in judged]


def _late(case: CaseStore) -> JournalEntry | None:
    """Return the first act on which verdicts rest that is later than all of them."""
    late: JournalEntry | None = None
    for entry in _acts(case):
        if entry.act == VERIFIED:
            late = None
        elif late is None and entry.act in _BEARING:
            late = entry
    return late


def _journal(case: CaseStore) -> Iterator[Note]:
    state = case.journal_state()
    if state.broken is None:
        yield Note(Weight.DONE, f"Journal intact: {state.entries:,} acts.")
    else:
        what = f"The journal does not hold from entry {state.broken.number:,} on."
        yield Note(Weight.ALLOWED, what, "Allowed: the report will say so.", "journal")


def _findings(case: CaseStore) -> Iterator[Note]:
    with case.reading() as session:
        known = findings.every(session)
    for finding in known:
        open_ends = list(_open_ends(finding))
        if open_ends:
            what = f"{finding.id} {' and '.join(open_ends)}."
            yield Note(Weight.ALLOWED, what, "Allowed: the report will say so.", "findings")


def _open_ends(finding: Finding) -> Iterator[str]:
    if finding.state is FindingState.DRAFT:
        yield "is a draft"
    elif not finding.response:
        yield "has no response"
    if missing := _missing(finding):
        yield f"does not say its {missing}"


def _missing(finding: Finding) -> str:
    parts = ("criteria", "condition", "cause", "consequence", "corrective_action")
    return ", ".join(p.replace("_", " ") for p in parts if not getattr(finding, p))
