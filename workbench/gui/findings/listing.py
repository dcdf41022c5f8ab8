"""The findings as cards, and what is said of all of them."""

from collections.abc import Sequence
from datetime import date, datetime

from workbench.gui.findings.editor import PARTS
from workbench.gui.parts.cards import Card
from workbench.gui.text import tr
from workbench.model.case import Finding, FindingState, Severity

_GRAVE = (Severity.CRITICAL, Severity.HIGH)


def cards(findings: Sequence[Finding], *, now: datetime) -> list[Card]:
    """Return a card for each finding."""
    return [_card(finding, now.date()) for finding in findings]


def matching(findings: Sequence[Finding], text: str) -> list[Finding]:
    """Return those in which every word occurs, in whatever part."""
    words = text.lower().split()
    return [f for f in findings if all(word in _everything(f) for word in words)]


def facts(findings: Sequence[Finding], *, now: datetime) -> str:
    """Say how many are open, how grave, how late, and how many are written in full."""
    if not findings:
        return tr("None yet")
    live = [f for f in findings if f.state is not FindingState.CLOSED]
    parts = [tr("{} open").format(f"{len(live):,}")]
    graves = {grave: sum(f.severity is grave for f in live) for grave in _GRAVE}
    parts += [f"{number:,} {tr(grave.value)}" for grave, number in graves.items() if number]
    if late := sum(days_late(f, now.date()) > 0 for f in live):
        parts.append(tr("{} overdue").format(f"{late:,}"))
    whole = sum(is_whole(f) for f in findings)
    complete = tr("{} of {} complete in all five parts").format(f"{whole:,}", f"{len(findings):,}")
    return f"{', '.join(parts)} · {complete}"


def is_whole(finding: Finding) -> bool:
    """Tell whether all five parts are written."""
    return all(getattr(finding, name).strip() for name, _, _ in PARTS)


def days_late(finding: Finding, today: date) -> int:
    """Return by how many days its action is late; a closed one is never late."""
    if finding.due is None or finding.state is FindingState.CLOSED:
        return 0
    return max((today - finding.due.date()).days, 0)


def _card(finding: Finding, today: date) -> Card:
    late = days_late(finding, today)
    due = "" if finding.due is None else f"{finding.due.day} {finding.due:%b}"
    owner = f" · {finding.owner}" if finding.owner else ""
    return Card(
        key=finding.id,
        title=finding.title,
        number=finding.id,
        word=tr(finding.severity.value.capitalize()),
        right=tr("overdue {} d").format(f"{late:,}") if late else due,
        is_late=late > 0,
        foot=f"{tr(finding.state.value.capitalize())}{owner}",
    )


def _everything(finding: Finding) -> str:
    texts = [getattr(finding, name) for name, _, _ in PARTS]
    said = (finding.id, finding.title, finding.owner, finding.severity, finding.state, *texts)
    return " ".join(said).lower()
