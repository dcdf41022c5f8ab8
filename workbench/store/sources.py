"""Deliveries and sources of a case: what was handed over, and what became of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.model.case import ControlTotal, Custody
from workbench.model.case_source import CaseSource, Delivery, SourceFile
from workbench.model.event import EventFields
from workbench.model.source import Role
from workbench.store import codec
from workbench.store.tables import (
    ControlTotalRow,
    DeliveryRow,
    IndexPartRow,
    SourceFileRow,
    SourceRow,
)

_BATCH = 5000


def add_delivery(session: Session, delivery: Delivery) -> None:
    """Record a handing-over."""
    custody = delivery.custody
    session.add(
        DeliveryRow(
            id=delivery.id,
            label=delivery.label,
            given=delivery.given,
            place=delivery.place,
            received_from=custody.received_from,
            received_at=custody.received_at,
            received_how=custody.received_how,
            note=custody.note,
            added=delivery.added,
            who=delivery.who,
        )
    )
    session.flush()


def deliveries(session: Session) -> list[Delivery]:
    """Return every delivery, in order."""
    return [_delivery(row) for row in session.scalars(select(DeliveryRow).order_by(DeliveryRow.id))]


def next_ids(session: Session) -> tuple[int, int]:
    """Return the numbers that the next delivery and the next source will have."""
    delivery = session.scalar(select(func.max(DeliveryRow.id))) or 0
    source = session.scalar(select(func.max(SourceRow.id))) or 0
    return delivery + 1, source + 1


def move(session: Session, *, label: str, place: str) -> None:
    """State where the evidence of a label lies now."""
    session.execute(update(DeliveryRow).where(DeliveryRow.label == label).values(place=place))


def change_custody(session: Session, delivery: int, custody: Custody) -> None:
    """State how a delivery came, in place of what was stated before."""
    values = {
        "received_from": custody.received_from,
        "received_at": custody.received_at,
        "received_how": custody.received_how,
        "note": custody.note,
    }
    session.execute(update(DeliveryRow).where(DeliveryRow.id == delivery).values(values))


def add(session: Session, added: Sequence[tuple[CaseSource, Sequence[SourceFile]]]) -> None:
    """Record sources with their files."""
    _insert(session, SourceRow, (_source_row(source) for source, _ in added))
    _insert(
        session,
        SourceFileRow,
        (_file_row(source.id, file) for source, files in added for file in files),
    )
    for source, _ in added:
        if source.totals:
            state_totals(session, source.id, source.totals)


def state_totals(session: Session, source: int, totals: Iterable[ControlTotal]) -> None:
    """State control totals of a source; one that has the same name is replaced."""
    known = {
        row.name: row
        for row in session.scalars(
            select(ControlTotalRow).where(ControlTotalRow.source_id == source)
        )
    }
    for total in totals:
        row = known.get(total.name) or ControlTotalRow(source_id=source, name=total.name)
        row.stated, row.counted = total.stated, total.counted
        session.add(row)


def every(session: Session, *, superseded: bool = False) -> list[CaseSource]:
    """Return the sources in order.

    Args:
        session: the case.
        superseded: also those that others were delivered in place of.
    """
    wanted = _with_events().order_by(SourceRow.path, SourceRow.member, SourceRow.id)
    if not superseded:
        wanted = wanted.where(SourceRow.superseded_by.is_(None))
    return [_source(row, events) for row, events in session.execute(wanted)]


def get(session: Session, source: int) -> CaseSource:
    """Return one source.

    Raises:
        UsageError: there is none with this number.
    """
    found = session.execute(_with_events().where(SourceRow.id == source)).first()
    if found is None:
        raise UsageError(f"There is no source {source} in this case.")
    row, events = found
    return _source(row, events)


def by_digest(session: Session, sha256: str) -> list[CaseSource]:
    """Return the sources with a digest, the newest first."""
    wanted = _with_events().where(SourceRow.sha256 == sha256).order_by(SourceRow.id.desc())
    return [_source(row, events) for row, events in session.execute(wanted)]


def files(session: Session, source: int) -> list[SourceFile]:
    """Return the files of a source."""
    wanted = select(SourceFileRow).where(SourceFileRow.source_id == source)
    return [_file(row) for row in session.scalars(wanted.order_by(SourceFileRow.id))]


def first_files(session: Session) -> dict[int, SourceFile]:
    """Return the first file of each source, which is the only one of most."""
    first = select(func.min(SourceFileRow.id)).group_by(SourceFileRow.source_id)
    rows = session.scalars(select(SourceFileRow).where(SourceFileRow.id.in_(first)))
    return {row.source_id: _file(row) for row in rows}


def supersede(session: Session, *, old: Iterable[int], new: int) -> None:
    """State that a source was delivered in place of others; they stay as they are."""
    chosen = SourceRow.id.in_(list(old))
    session.execute(update(SourceRow).where(chosen).values(superseded_by=new))


def set_fields(session: Session, source: int, fields: EventFields) -> None:
    """State where the parts of an event are read in the records of a log."""
    value = codec.fields_to_json(fields)
    session.execute(update(SourceRow).where(SourceRow.id == source).values(fields=value))


def recount(session: Session, source: CaseSource) -> None:
    """Record what was found in a source once it was read: counts, problems, where events are."""
    row = session.get_one(SourceRow, source.id)
    row.version, row.cannot_show = source.version, list(source.cannot_show)
    row.counts = codec.counts_to_json(source.counts)
    row.fields = codec.reading_to_json(source)
    row.problems = codec.problems_to_json(source.problems)
    state_totals(session, source.id, source.totals)


def _with_events() -> Select[SourceRow, int | None]:
    return select(SourceRow, IndexPartRow.events).outerjoin(
        IndexPartRow, IndexPartRow.source_id == SourceRow.id
    )


def _insert(session: Session, table: type[SourceRow | SourceFileRow], rows: Iterable[Any]) -> None:
    waiting: list[Any] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) >= _BATCH:
            session.execute(insert(table), waiting)
            waiting = []
    if waiting:
        session.execute(insert(table), waiting)


def _source_row(source: CaseSource) -> dict[str, object]:
    return {
        "id": source.id,
        "delivery_id": source.delivery,
        "path": source.path,
        "member": source.member,
        "role": source.role.value,
        "sha256": source.sha256,
        "size": source.size,
        "format": source.format,
        "version": source.version,
        "container": source.container,
        "pairs_with": source.pairs_with,
        "file_count": source.files,
        "counts": codec.counts_to_json(source.counts),
        "cannot_show": list(source.cannot_show),
        "problems": codec.problems_to_json(source.problems),
        "fields": codec.reading_to_json(source),
        "superseded_by": source.superseded_by,
        "added": source.added,
    }


def _source(row: SourceRow, events: int | None) -> CaseSource:
    return CaseSource(
        id=row.id,
        delivery=row.delivery_id,
        path=row.path,
        member=row.member,
        role=Role(row.role),
        sha256=row.sha256,
        size=row.size,
        format=row.format,
        added=row.added,
        version=row.version,
        container=row.container,
        pairs_with=row.pairs_with,
        files=row.file_count,
        counts=codec.counts_of_json(row.counts),
        cannot_show=codec.texts_of_json(row.cannot_show),
        problems=codec.problems_of_json(row.problems),
        totals=tuple(ControlTotal(t.name, t.stated, t.counted) for t in row.totals),
        fields=codec.fields_of_json(row.fields),
        mapping=codec.mapping_of_json(row.fields),
        events=events,
        superseded_by=row.superseded_by,
    )


def _file_row(source: int, file: SourceFile) -> dict[str, object]:
    return {
        "source_id": source,
        "path": file.path,
        "member": file.member,
        "size": file.size,
        "sha256": file.sha256,
        "parts": "/".join(file.parts),
    }


def _file(row: SourceFileRow) -> SourceFile:
    parts = tuple(row.parts.split("/")) if row.parts else ()
    return SourceFile(row.path, row.member, row.size, row.sha256, parts)


def _delivery(row: DeliveryRow) -> Delivery:
    custody = Custody(row.received_from, row.received_at, row.received_how, row.note)
    return Delivery(row.id, row.label, row.given, row.place, custody, row.added, row.who)
