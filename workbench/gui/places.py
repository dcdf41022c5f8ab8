"""What a page can be asked to show: the second argument of ``navigation.go``, one word for each.

A page takes what it knows in ``reveal`` and leaves the rest alone. ``verification`` also takes a
``Dimension``.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from workbench.model.case import EvidenceRef, Severity
from workbench.model.query_fields import Area


class Kept(StrEnum):
    """Which subjects the verification lists."""

    ALL = "all"
    NOT_PASSED = "not passed"
    DECIDED = "decided in all four"
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class SourceAt:
    """A source of the case, by its id: evidence, verification."""

    source: int


@dataclass(frozen=True, slots=True)
class DiagnosisAt:
    """A diagnosis of a source, by its place in the verdict from 0: verification."""

    source: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class RecordAt:
    """A record of a log, from 1: timeline."""

    source: int
    record: int


@dataclass(frozen=True, slots=True)
class ThingAt:
    """A thing of a catalog, by its key within the source: catalog, lineage."""

    source: int
    key: str


@dataclass(frozen=True, slots=True)
class AsOfAt:
    """A moment, as it is typed: as_of, lineage."""

    text: str


@dataclass(frozen=True, slots=True)
class ReportAt:
    """A signed report, and the root that it is checked with, if any: countersign, stamp."""

    path: Path
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class FindingAt:
    """A finding, by its number: findings."""

    id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows that satisfy a query (VERDICTS section 9): timeline, catalog, evidence.

    Findings and journal take it for a text.
    """

    query: str


@dataclass(frozen=True, slots=True)
class FoundIn:
    """All of one list that satisfies a query: found."""

    area: Area
    query: str


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A finding to be written, as far as what was selected says it: findings.

    A page offers ``finding.new`` among its acts while something is selected; the act goes to
    ``findings`` with this.

    Attributes:
        title: one line.
        severity: how much it matters.
        criteria: what should be.
        condition: what is.
        evidence: places it rests on.
        origin: check, diagnosis or rows it is made from.
    """

    title: str
    severity: Severity = Severity.MEDIUM
    criteria: str = ""
    condition: str = ""
    evidence: tuple[EvidenceRef, ...] = field(default=())
    origin: str = ""
