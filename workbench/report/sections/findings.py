"""The findings of the auditor, in five parts each, with the evidence they rest on."""

from collections.abc import Iterator

from workbench.model.case import EvidenceRef, Finding, FindingState
from workbench.report.context import Page, Section
from workbench.report.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Passage,
    Said,
    Table,
    Text,
    quiet,
)
from workbench.report.passage import beside_or_below, is_long
from workbench.report.phrases import day
from workbench.report.shorten import NAME, elide, grouped

_PARTS = (
    ("Criteria", "criteria"),
    ("Condition", "condition"),
    ("Cause", "cause"),
    ("Consequence", "consequence"),
    ("Corrective action", "corrective_action"),
)
_LIST = (
    Column("Finding", 0.14),
    Column("Title", 0.5),
    Column("Severity", 0.16),
    Column("State", 0.2),
)
_EVIDENCE = (Column("Place", 0.34), Column("SHA-256 of the source", 0.4, mono=True),
             Column("What it shows", 0.26))  # fmt: skip
_PLACES = 20


def _build(page: Page) -> Iterator[Block]:
    case = page.context.case
    if case is None or not case.findings:
        return
    yield Paragraph(
        "A finding says what should be, what is, why, what follows from it and what to do. It is "
        "the auditor's; what it rests on is named by the digest of the bytes and the place in them."
    )
    yield Table(_LIST, tuple(_line(finding) for finding in case.findings))
    for finding in case.findings:
        yield Heading(2, f"{finding.id}  {elide(finding.title, NAME)}", f"finding-{finding.id}")
        yield from beside_or_below(_parts(finding))
        yield from _places(finding)


def _line(finding: Finding) -> tuple[Text, ...]:
    return (finding.id, Said(finding.title), finding.severity.value, _state(finding))


def _state(finding: Finding) -> str:
    draft = finding.state is FindingState.DRAFT
    return "draft, not yet issued" if draft else finding.state.value


def _parts(finding: Finding) -> Iterator[tuple[str, Text]]:
    """Yield every part; of one that is empty, that it is."""
    if len(finding.title) > NAME:
        yield "Title", Said(finding.title)
    yield "Severity", f"{finding.severity.value}; {_state(finding)}"
    for label, name in _PARTS:
        text = getattr(finding, name)
        yield label, Said(text) if text else quiet("not stated")
    if finding.owner or finding.due:
        due = f"by {day(finding.due)}" if finding.due else ""
        yield "To be done", ", ".join(part for part in (finding.owner, due) if part)
    yield "Response", Said(finding.response) if finding.response else quiet("none was given")
    if finding.retest:
        yield "Retest", Said(finding.retest)


def _places(finding: Finding) -> Iterator[Block]:
    """Yield the places that a finding rests on; a note that no cell has room for stands below."""
    if not finding.evidence:
        return
    shown = finding.evidence[:_PLACES]
    rows = tuple(_evidence(ref, number) for number, ref in enumerate(finding.evidence, 1))
    yield Table(_EVIDENCE, rows, limit=_PLACES)
    for number, ref in enumerate(shown, 1):
        if is_long(ref.note):
            yield Passage(f"What place {number:,} shows", Said(ref.note))


def _evidence(ref: EvidenceRef, number: int) -> tuple[Text, ...]:
    note: Text = quiet(f"place {number:,}: see below") if is_long(ref.note) else Said(ref.note)
    return (str(ref.locator), grouped(ref.sha256), note)


SECTION = Section("findings", "Findings", 44, _build)
