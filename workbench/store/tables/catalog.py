"""What catalogs say there is: things, their attributes, relations between them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.tables.base import Base, Moment, Placed


class ThingRow(Placed, Base):
    """An artifact, run, job or agent."""

    __tablename__ = "thing"
    __table_args__ = (
        Index("ix_thing_source_id_key", "source_id", "key"),
        Index("ix_thing_kind_type", "kind", "type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[str]
    type: Mapped[str]
    key: Mapped[str]
    name: Mapped[str]
    namespace: Mapped[str]
    version: Mapped[str]
    lifecycle: Mapped[str]
    lifecycle_raw: Mapped[str]
    state: Mapped[str]
    created: Mapped[datetime | None] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment)
    owner: Mapped[str]
    uri: Mapped[str]


class AttributeRow(Base):
    """One value of a thing; its number keeps the order of the source."""

    __tablename__ = "attribute"
    __table_args__ = (Index("ix_attribute_group_name", "group", "name", "thing_id"),)

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str]
    name: Mapped[str]
    value: Mapped[str]
    pointer: Mapped[str]
    step: Mapped[int | None]
    time: Mapped[datetime | None] = mapped_column(Moment)


class RelationRow(Placed, Base):
    """An edge between two things of one source, by their keys."""

    __tablename__ = "relation"
    __table_args__ = (
        Index("ix_relation_source_id_subject", "source_id", "subject"),
        Index("ix_relation_source_id_object", "source_id", "object"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    object: Mapped[str]
    role: Mapped[str]
    subject_column: Mapped[str | None]
    object_column: Mapped[str | None]
    transformation: Mapped[str]
    time: Mapped[datetime | None] = mapped_column(Moment)
    inferred: Mapped[bool]
