"""Which files make up the index, and the digest each must have to be believed."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.tables.base import Base, Moment


class IndexSegmentRow(Base):
    """A folder of index files that were written together."""

    __tablename__ = "index_segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    folder: Mapped[str] = mapped_column(unique=True)
    written: Mapped[datetime] = mapped_column(Moment)
    last_term: Mapped[int]


class IndexFileRow(Base):
    """One file of a segment."""

    __tablename__ = "index_file"

    segment_id: Mapped[int] = mapped_column(
        ForeignKey("index_segment.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size: Mapped[int]


class IndexPartRow(Base):
    """A source that a segment holds, with the number of its events."""

    __tablename__ = "index_part"

    segment_id: Mapped[int] = mapped_column(
        ForeignKey("index_segment.id", ondelete="CASCADE"), primary_key=True
    )
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True, index=True)
    events: Mapped[int]
