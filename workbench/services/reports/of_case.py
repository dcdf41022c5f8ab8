"""The report of a case: its newest verification and trust, findings, checks, head of its journal.

Window and command line make it here alike: the same content of the case and the same date give
the same bytes before the signature.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from workbench.analysis import rules_kept
from workbench.analysis.resting import with_blast_radius
from workbench.errors import UsageError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.case import Finding, FindingState, JournalEntry, JournalState
from workbench.model.contract import time_to_json
from workbench.model.edition import PLAIN_EDITION, Edition
from workbench.model.policy import CheckResult, Pack, mapped
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.model.selftest import SelfTestResult
from workbench.model.source import Role
from workbench.model.trust import Secret, Trust
from workbench.model.verification import Verification
from workbench.policy import library, rules
from workbench.report.build import BuiltReport, build_report
from workbench.report.context import CaseContent, ReportContext
from workbench.services.reports.lineage_of_case import shown_lineage
from workbench.services.reports.signing import Lasting
from workbench.services.reports.writing import (
    PLAIN,
    Details,
    Written,
    context_of,
    put,
    require_unchanged,
)
from workbench.sign.keys import SigningKey
from workbench.store import engagement, findings, journal, sources, verdicts
from workbench.store import trust as trust_store
from workbench.store.asking import asking
from workbench.store.case_store import CaseStore
from workbench.store.handing import require_outside
from workbench.store.places import current_places
from workbench.verify.trust.anchors import mark_self_supplied


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
    return (*_journal(case), *_verification(case), *_findings(case))


def require_ready(case: CaseStore) -> Verification:
    """Return the verification that a report would be about.

    Raises:
        UsageError: there is none, or it is out of date.
    """
    blocking = [note for note in readiness(case) if note.weight is Weight.BLOCKS]
    if blocking:
        raise UsageError(f"No report can be made: {blocking[0].what} {blocking[0].detail}")
    return _newest(case)


def case_details(
    case: CaseStore,
    date: datetime,
    *,
    auditor: str = "",
    to: str = "",
    edition: Edition = PLAIN_EDITION,
) -> Details:
    """Return what the report of a case says of who made it: as the engagement has it."""
    with case.reading() as session:
        asked = engagement.facts(session).engagement
    answers = auditor or ", ".join(asked.team) or case.who
    return Details(asked.title, answers, date, asked, to, edition)


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
    case: CaseStore,
    asked: Asked,
    details: Details,
    *,
    key: SigningKey | None,
    cancel: Cancel | None = None,
) -> BuiltReport:
    """Return the report of a case before its signature.

    Raises:
        UsageError: the case is not verified, or its verification is out of date.
        Cancelled: the user stopped it.
    """
    return build_report(case_context(case, asked, details, key=key, cancel=cancel))


def case_context(
    case: CaseStore,
    asked: Asked,
    details: Details,
    *,
    key: SigningKey | None,
    cancel: Cancel | None = None,
) -> ReportContext:
    """Return all that the report of a case says.

    Raises:
        UsageError: the case is not verified, or its verification is out of date.
        Cancelled: the user stopped it.
    """
    verification = with_blast_radius(case, require_ready(case))
    state = _state(case)
    with case.reading() as session:
        known = tuple(findings.every(session))
    said_by_rules = rules_kept.kept(case, rules.shipped)
    lineage, left = shown_lineage(case, known, cancel=cancel or Cancel())
    with case.reading() as session:
        content = CaseContent(
            case_id=engagement.facts(session).case_id,
            journal=state,
            findings=known,
            pack=asked.pack,
            checks=asked.checks,
            rules=said_by_rules,
            deliveries=tuple(sources.deliveries(session)),
            totals=tuple((s.display, t) for s in sources.every(session) for t in s.totals),
            frameworks=mapped(asked.pack.checks, library.frameworks()) if asked.pack else (),
            lineage=lineage,
            lineage_left=left,
            handed_over=tuple(journal.handed_over(session)),
        )
    trust = _trust(case, verification)
    return context_of(verification, asked.selftest, details, trust=trust, key=key, case=content)


def _state(case: CaseStore) -> JournalState:
    """Return the journal up to the last act on what the case holds; reports follow it."""
    with case.reading() as session:
        content = journal.of_content(session)
    return replace(case.journal_state(), entries=content.entries, head=content.head)


def write_case(
    case: CaseStore,
    out: Path,
    asked: Asked,
    details: Details,
    *,
    key: SigningKey | None,
    lasting: Lasting = PLAIN,
    meaning: str = "",
    force: bool = False,
    progress: Progress,
    cancel: Cancel,
) -> Written:
    """Hash the evidence once more, write the report of a case, and put that on record.

    Raises:
        UsageError: the case is not verified, or its verification is out of date; or the report
            would lie in the evidence, or in the case but not among its reports.
        SourceError: evidence is not what it was when it was verified.
        SigningError: the key may not or cannot sign.
        StoreError: it could not be recorded.
    """
    require_outside(case, out, lasting.query, force=force, reports=True)
    require_ready(case)
    require_case_unchanged(case, progress=progress, cancel=cancel)
    built = case_built(case, asked, details, key=key, cancel=cancel)
    cancel.check()
    name = "report.sign" if key else "report.write"
    with (
        asking(case, name, lasting.told, recorded=True) as told,
        case.acting(name, subject=out.name) as act,
    ):
        lasting = replace(lasting, told=told)
        written = put(out, built, key, lasting, meaning=meaning, force=force)
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
        "level": written.level,
        "network": list(written.network),
        "date": time_to_json(details.date),
        "pack": None if pack is None else {"id": pack.id, "sha256": pack.sha256},
        "template": details.edition.template.id,
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
    acts = [entry for entry in _acts(case) if entry.act == journal.VERIFIED]
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
        done, late = verdicts.judged(session), journal.stale(session)
    if newest is None:
        yield Note(Weight.BLOCKS, "The case was not verified yet.", "Verify it.", "verification")
        return
    if unjudged := [s for s in known if s.role is Role.SUBJECT and s.id not in done]:
        named = f"{unjudged[0].display} was not judged"
        more = f", and {len(unjudged) - 1:,} more" if len(unjudged) > 1 else ""
        yield Note(Weight.BLOCKS, f"{named}{more}.", "Verify the case.", "verification")
    elif late:
        yield Note(Weight.BLOCKS, late, "Verify the case again.", "verification")
    else:
        judged = f"{len(newest.subjects):,} of {len(newest.subjects):,} subjects judged"
        yield Note(Weight.DONE, f"{judged}, nothing that bears on them came later.")


def _journal(case: CaseStore) -> Iterator[Note]:
    state = case.look_again()
    if state.contradicted:
        what = f"What the case holds ({', '.join(state.contradicted)}) is not what its journal says"
        yield Note(Weight.BLOCKS, f"{what}.", "Restore a backup, or verify it again.", "journal")
    elif state.broken is not None:
        what = f"The journal does not hold from entry {state.broken.number:,} on."
        yield Note(Weight.ALLOWED, what, "Allowed: the report will say so.", "journal")
    elif state.noticed:
        what = f"The case was changed by other means: {', '.join(state.noticed)}."
        yield Note(Weight.ALLOWED, what, "Allowed: the report will say so.", "journal")
    else:
        yield Note(Weight.DONE, f"Journal intact: {state.entries:,} acts.")


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
