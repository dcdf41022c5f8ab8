"""Findings, each frozen to the evidence it rests on by digest and place."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.model.case import EvidenceRef, Finding, FindingState, Severity
from workbench.store.tables import EvidenceRefRow, FindingRow
from workbench.store.tables.base import place_of

_TEXTS = (
    *("title", "criteria", "condition", "cause", "consequence", "corrective_action"),
    *("owner", "response", "retest", "origin", "author"),
)


def next_id(session: Session) -> str:
    """Return the number of the next finding; numbers are never used again."""
    return f"F-{(session.scalar(select(func.count()).select_from(FindingRow)) or 0) + 1:04}"


def put(session: Session, finding: Finding) -> None:
    """Keep a new finding, or another state of one that is there."""
    row = session.get(FindingRow, finding.id) or FindingRow(id=finding.id)
    for name in _TEXTS:
        setattr(row, name, getattr(finding, name))
    row.severity, row.state = finding.severity.value, finding.state.value
    row.due, row.modified = finding.due, finding.modified
    row.evidence = [
        EvidenceRefRow(number=number, sha256=ref.sha256, note=ref.note, **place_of(ref.locator))
        for number, ref in enumerate(finding.evidence, 1)
    ]
    session.add(row)


def get(session: Session, number: str) -> Finding:
    """Return one finding.

    Raises:
        UsageError: there is none with this number.
    """
    row = session.get(FindingRow, number)
    if row is None:
        raise UsageError(f"There is no finding {number} in this case.")
    return finding_of(row)


def every(session: Session) -> list[Finding]:
    """Return all findings in order."""
    return [finding_of(row) for row in session.scalars(select(FindingRow).order_by(FindingRow.id))]


def resting_on(session: Session, sha256: str) -> list[Finding]:
    """Return the findings that rest on a source, by its digest."""
    wanted = select(FindingRow).join(EvidenceRefRow).where(EvidenceRefRow.sha256 == sha256)
    rows = session.scalars(wanted.distinct().order_by(FindingRow.id))
    return [finding_of(row) for row in rows]


def finding_of(row: FindingRow) -> Finding:
    """Return a row as a word of the model."""
    finding = Finding(
        id=row.id,
        title=row.title,
        severity=Severity(row.severity),
        state=FindingState(row.state),
        due=row.due,
        modified=row.modified,
        evidence=tuple(EvidenceRef(ref.sha256, ref.locator, ref.note) for ref in row.evidence),
    )
    return replace(finding, **{name: getattr(row, name) for name in _TEXTS})
