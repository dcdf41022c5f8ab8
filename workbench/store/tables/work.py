"""What people made: the engagement, whom they trust, findings, the journal of their acts."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.evidence.strict_json import JsonValue
from workbench.store.tables.base import Base, Json, Moment, Placed


class EngagementRow(Base):
    """Who asked for what; one row, number 1."""

    __tablename__ = "engagement"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    client: Mapped[str]
    period_first: Mapped[datetime | None] = mapped_column(Moment)
    period_last: Mapped[datetime | None] = mapped_column(Moment)
    cut_off: Mapped[datetime | None] = mapped_column(Moment)
    team: Mapped[JsonValue] = mapped_column(Json)
    scope: Mapped[str]
    criteria: Mapped[str]
    created: Mapped[datetime] = mapped_column(Moment)
    tool: Mapped[str]


class TrustRow(Base):
    """A key or certificate that the auditor trusts."""

    __tablename__ = "trust"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    role: Mapped[str | None]
    fingerprint: Mapped[str]
    key_fingerprint: Mapped[str]
    der: Mapped[bytes] = mapped_column(LargeBinary)
    note_name: Mapped[str | None]
    added: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str]
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_how: Mapped[str]
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    key_id: Mapped[str]
    valid_from: Mapped[datetime | None] = mapped_column(Moment)
    valid_to: Mapped[datetime | None] = mapped_column(Moment)
    source: Mapped[str]


class FindingRow(Base):
    """One finding in five parts."""

    __tablename__ = "finding"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    severity: Mapped[str]
    criteria: Mapped[str]
    condition: Mapped[str]
    cause: Mapped[str]
    consequence: Mapped[str]
    corrective_action: Mapped[str]
    state: Mapped[str]
    owner: Mapped[str]
    due: Mapped[datetime | None] = mapped_column(Moment)
    response: Mapped[str]
    retest: Mapped[str]
    origin: Mapped[str]
    author: Mapped[str]
    modified: Mapped[datetime | None] = mapped_column(Moment)

    evidence: Mapped[list["EvidenceRefRow"]] = relationship(
        order_by="EvidenceRefRow.number", lazy="selectin", cascade="all, delete-orphan"
    )


class EvidenceRefRow(Placed, Base):
    """A place that a finding rests on, tied to the digest of its source."""

    __tablename__ = "finding_evidence"

    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    note: Mapped[str]


class CheckRunRow(Base):
    """What a pack of checks said last, and of what content of the case."""

    __tablename__ = "check_run"

    pack: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str]
    tool: Mapped[str]
    content: Mapped[str]
    document: Mapped[str]


class JournalRow(Base):
    """One act, chained to the act before it."""

    __tablename__ = "journal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    who: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]


class JournalHeadRow(Base):
    """How long the journal is and what its last act is; one row, number 1."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    entries: Mapped[int]
    head: Mapped[str]
