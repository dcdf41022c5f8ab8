"""Verifications as their JSON contract, with the columns that lists and marks need."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workbench.evidence.strict_json import JsonValue
from workbench.store.tables.base import Base, Json, Moment


class VerificationRow(Base):
    """One verification of the case."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    done: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str]
    exit: Mapped[int]
    required: Mapped[JsonValue] = mapped_column(Json)
    keys_in_evidence: Mapped[JsonValue] = mapped_column(Json)
    document: Mapped[str]


class VerdictRow(Base):
    """What a verification said of one source."""

    __tablename__ = "verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    verification_id: Mapped[int] = mapped_column(ForeignKey("verification.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    integrity: Mapped[str]
    integrity_code: Mapped[str | None]
    authenticity: Mapped[str]
    authenticity_code: Mapped[str | None]
    completeness: Mapped[str]
    completeness_code: Mapped[str | None]
    time: Mapped[str]
    time_code: Mapped[str | None]
    profile: Mapped[str | None]
    records: Mapped[int | None]
    diagnoses: Mapped[int]


class DiagnosisRow(Base):
    """A break, with its place."""

    __tablename__ = "diagnosis"

    id: Mapped[int] = mapped_column(primary_key=True)
    verdict_id: Mapped[int] = mapped_column(ForeignKey("verdict.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str]
    record: Mapped[int | None]
    last: Mapped[int | None]
    count: Mapped[int | None]
    path: Mapped[str | None]
    offset: Mapped[int | None]
    stored: Mapped[str]
    recomputed: Mapped[str]


class AssuranceRow(Base):
    """How far a range of records is protected."""

    __tablename__ = "assurance"

    id: Mapped[int] = mapped_column(primary_key=True)
    verdict_id: Mapped[int] = mapped_column(ForeignKey("verdict.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    partition: Mapped[str | None]
    flags: Mapped[JsonValue] = mapped_column(Json)
    level: Mapped[int]
