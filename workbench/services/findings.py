"""Write findings, change them, close them; each rests on evidence frozen by its digest."""

from dataclasses import fields, replace

from workbench.errors import UsageError
from workbench.evidence.strict_json import JsonValue
from workbench.model.case import CaseChanges, Finding, FindingState
from workbench.store import findings, sources
from workbench.store.case_store import Act, CaseStore

#: What is, what the audited side said, what a later look showed: without them nothing is closed.
_CLOSING = ("condition", "response", "retest")


def every(case: CaseStore) -> list[Finding]:
    """Return all findings in order."""
    with case.reading() as session:
        return findings.every(session)


def get(case: CaseStore, number: str) -> Finding:
    """Return one finding.

    Raises:
        UsageError: there is none with this number.
    """
    with case.reading() as session:
        return findings.get(session, number)


def resting_on(case: CaseStore, sha256: str) -> list[Finding]:
    """Return the findings that rest on a source, by its digest."""
    with case.reading() as session:
        return findings.resting_on(session, sha256)


def add(case: CaseStore, finding: Finding) -> Finding:
    """Keep a new finding and return it with its number; the number that it has is not looked at.

    Raises:
        UsageError: it rests on evidence that the case does not have, or is closed and lacks
            what that needs.
        StoreError: it could not be recorded.
    """
    with case.acting("finding.add") as act:
        kept = replace(
            finding,
            id=findings.next_id(act.session),
            author=finding.author or case.who,
            modified=act.at,
        )
        _keep(act, kept, _told(kept))
    return kept


def change(case: CaseStore, finding: Finding) -> CaseChanges:
    """Keep another state of a finding; what changed goes into the journal, old and new.

    Where nothing changed there is no act: saving as one writes must not fill the journal.

    Raises:
        UsageError: there is none with this number, it rests on evidence that is not here, or it
            is closed and lacks what that needs.
        StoreError: it could not be recorded.
    """
    known = get(case, finding.id)
    if _told(known) == _told(replace(finding, author=known.author)):
        return CaseChanges()
    with case.acting("finding.change") as act:
        before = findings.get(act.session, finding.id)
        after = replace(finding, author=before.author, modified=act.at)
        old, new = _told(before), _told(after)
        changed: dict[str, JsonValue] = {
            name: [old[name], new[name]] for name in new if old[name] != new[name]
        }
        _keep(act, after, changed)
        return act.changes


def _keep(act: Act, finding: Finding, told: dict[str, JsonValue]) -> None:
    if missing := _lacks(finding):
        raise UsageError(
            f"A finding is closed when it says {', '.join(_CLOSING)}; "
            f"{finding.id} has no {', no '.join(missing)}."
        )
    for ref in finding.evidence:
        if not sources.by_digest(act.session, ref.sha256):
            raise UsageError(f"This case has no evidence with SHA-256 {ref.sha256}.")
    findings.put(act.session, finding)
    act.subject, act.detail = finding.id, told
    act.areas = {"findings"}


def _lacks(finding: Finding) -> list[str]:
    """Return what a closed finding does not say and has to."""
    if finding.state is not FindingState.CLOSED:
        return []
    return [name for name in _CLOSING if not getattr(finding, name).strip()]


def _told(finding: Finding) -> dict[str, JsonValue]:
    """Return a finding as the journal tells it: what was written, and on what it rests."""
    told: dict[str, JsonValue] = {
        field.name: str(getattr(finding, field.name))
        for field in fields(finding)
        if field.name not in {"id", "evidence", "due", "modified"}
    }
    told["due"] = None if finding.due is None else finding.due.isoformat()
    told["evidence"] = [
        {"sha256": ref.sha256, "place": str(ref.locator), "note": ref.note}
        for ref in finding.evidence
    ]
    return told
