"""Which index files a case believes: put in place with their act, checked by digest at opening."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from workbench.errors import SourceError, StoreError
from workbench.evidence.file import sha256_of, single
from workbench.model.progress import Cancel
from workbench.store.duck import remove_leftovers
from workbench.store.index_writer import NEW, WrittenSegment
from workbench.store.tables import IndexFileRow, IndexPartRow, IndexSegmentRow

_IN_PLACE = "segment-"
_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file that the case knows: where it lies below the index folder, and its digest."""

    name: str
    sha256: str


def put(session: Session, index: Path, segment: WrittenSegment, *, at: datetime) -> None:
    """Put a segment in its place and state its digests, in the transaction of its act.

    If the transaction fails, the folder is one that the case does not know, and nobody reads it.

    Raises:
        StoreError: the folder cannot be put in place.
    """
    folder = _IN_PLACE + segment.folder.name.removeprefix(NEW)
    try:
        segment.folder.rename(index / folder)
    except OSError as error:
        raise StoreError(f"The index cannot be put in place: {error.strerror}.") from error
    row = IndexSegmentRow(folder=folder, written=at, last_term=segment.last_term)
    session.add(row)
    session.flush()
    session.add_all(
        IndexFileRow(segment_id=row.id, name=f.name, sha256=f.sha256, size=f.size)
        for f in segment.files
    )
    session.add_all(
        IndexPartRow(segment_id=row.id, source_id=source, events=events)
        for source, events in segment.events.items()
    )


def forget(session: Session) -> None:
    """State that there is no index any more; the files go when the case is next opened."""
    for table in (IndexPartRow, IndexFileRow, IndexSegmentRow):
        session.execute(delete(table))


def files(session: Session) -> list[IndexFile]:
    """Return every file of the index, in the order in which segments were written."""
    rows = session.execute(
        select(IndexSegmentRow.folder, IndexFileRow.name, IndexFileRow.sha256)
        .join(IndexFileRow, IndexFileRow.segment_id == IndexSegmentRow.id)
        .order_by(IndexSegmentRow.id, IndexFileRow.name)
    )
    return [IndexFile(f"{folder}/{name}", sha256) for folder, name, sha256 in rows]


def events(session: Session) -> dict[int, int]:
    """Return the number of events of each source that is indexed."""
    rows = session.execute(select(IndexPartRow.source_id, IndexPartRow.events))
    return {row.source_id: row.events for row in rows}


def last_term(session: Session) -> int:
    """Return the greatest number of a term so far, or -1."""
    last = session.scalar(select(func.max(IndexSegmentRow.last_term)))
    return -1 if last is None else last


def damaged(index: Path, known: Sequence[IndexFile]) -> list[str]:
    """Return the names of files that are missing or do not have their digest."""
    return [file.name for file in known if _digest(index / file.name) != file.sha256]


def _digest(file: Path) -> str:
    try:
        return sha256_of(single(file), cancel=Cancel())
    except SourceError:
        return ""


def remove_strangers(session: Session, index: Path, *, now: datetime) -> None:
    """Remove folders that no committed act knows: a program was killed while it wrote them."""
    if not index.is_dir():
        return
    known = set(session.scalars(select(IndexSegmentRow.folder)))
    ours = (*index.glob(f"{NEW}*"), *index.glob(f"{_IN_PLACE}*"))
    for folder in ours:
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        remove_leftovers(index, before=now.timestamp() - _A_DAY)
