"""Deliveries and sources."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.evidence.strict_json import JsonValue
from workbench.store.tables.base import Base, Json, Moment, NativePath


class DeliveryRow(Base):
    """A handing-over of evidence."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    given: Mapped[str] = mapped_column(NativePath)
    place: Mapped[str] = mapped_column(NativePath)
    received_from: Mapped[str]
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    received_how: Mapped[str]
    note: Mapped[str]
    added: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str]


class SourceRow(Base):
    """One piece of evidence."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    path: Mapped[str] = mapped_column(index=True)
    member: Mapped[str | None]
    role: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    format: Mapped[str]
    version: Mapped[str | None]
    container: Mapped[str | None]
    pairs_with: Mapped[str | None]
    file_count: Mapped[int]
    counts: Mapped[JsonValue] = mapped_column(Json)
    cannot_show: Mapped[JsonValue] = mapped_column(Json)
    problems: Mapped[JsonValue] = mapped_column(Json)
    fields: Mapped[JsonValue] = mapped_column(Json, nullable=True)
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    added: Mapped[datetime] = mapped_column(Moment)

    totals: Mapped[list["ControlTotalRow"]] = relationship(
        order_by="ControlTotalRow.name", lazy="selectin"
    )


class SourceFileRow(Base):
    """A file of a source."""

    __tablename__ = "source_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    path: Mapped[str]
    member: Mapped[str | None]
    size: Mapped[int]
    sha256: Mapped[str]
    parts: Mapped[str] = mapped_column(NativePath)


class ControlTotalRow(Base):
    """A number that the audited side stated about a source."""

    __tablename__ = "control_total"
    __table_args__ = (UniqueConstraint("source_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    name: Mapped[str]
    stated: Mapped[int]
    counted: Mapped[int | None]


class EvidenceKeyRow(Base):
    """A key that lay in the evidence: it stays self-supplied, whatever becomes of the file."""

    __tablename__ = "evidence_key"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    found_in: Mapped[str]
    seen: Mapped[datetime] = mapped_column(Moment)
