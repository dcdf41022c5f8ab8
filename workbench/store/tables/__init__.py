"""The tables of ``case.sqlite``, one file a group; importing this package knows them all."""

from workbench.store.tables.base import Base
from workbench.store.tables.catalog import AttributeRow, RelationRow, ThingRow
from workbench.store.tables.evidence import (
    ControlTotalRow,
    DeliveryRow,
    EvidenceKeyRow,
    SourceFileRow,
    SourceRow,
)
from workbench.store.tables.index import IndexFileRow, IndexPartRow, IndexSegmentRow
from workbench.store.tables.verdicts import AssuranceRow, DiagnosisRow, VerdictRow, VerificationRow
from workbench.store.tables.work import (
    CheckRunRow,
    EngagementRow,
    EvidenceRefRow,
    FindingRow,
    JournalHeadRow,
    JournalRow,
    TrustRow,
)

__all__ = [
    "AssuranceRow",
    "AttributeRow",
    "Base",
    "CheckRunRow",
    "ControlTotalRow",
    "DeliveryRow",
    "DiagnosisRow",
    "EngagementRow",
    "EvidenceKeyRow",
    "EvidenceRefRow",
    "FindingRow",
    "IndexFileRow",
    "IndexPartRow",
    "IndexSegmentRow",
    "JournalHeadRow",
    "JournalRow",
    "RelationRow",
    "SourceFileRow",
    "SourceRow",
    "ThingRow",
    "TrustRow",
    "VerdictRow",
    "VerificationRow",
]
