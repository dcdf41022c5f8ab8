"""Things and relations that catalogs state, kept as they were read."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Text, func, insert, or_, select
from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    CatalogRecord,
    Lifecycle,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
    keys_typed,
)
from workbench.model.kept import KeptRelation, KeptThing
from workbench.store import seals
from workbench.store.tables import AttributeRow, RelationRow, ThingRow
from workbench.store.tables.base import place_of

BATCH = 2000
_AT_ONCE = 500


class CatalogWriter:
    """Keeps what a reader says of one source, in batches, in the transaction of an act."""

    def __init__(self, session: Session, source: int) -> None:
        """Begin with a source that is already recorded."""
        self._connection = session.connection()
        self._source = source
        seals.note_catalog(session, source)
        self._next = (session.scalar(select(func.max(ThingRow.id))) or 0) + 1
        self._things: list[Thing] = []
        self._relations: list[Relation] = []

    def add(self, record: CatalogRecord) -> None:
        """Take a thing or a relation."""
        if isinstance(record, Thing):
            self._things.append(record)
        else:
            self._relations.append(record)
        if len(self._things) + len(self._relations) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what was taken; to be called at the end."""
        _put_things(self._connection, self._source, self._things, self._next)
        if self._relations:
            edges = [_edge(self._source, relation) for relation in self._relations]
            self._connection.execute(insert(RelationRow), edges)
        self._next += len(self._things)
        self._things, self._relations = [], []


def put(session: Session, source: int, records: Iterable[CatalogRecord]) -> None:
    """Keep all that is said of a source."""
    writer = CatalogWriter(session, source)
    for record in records:
        writer.add(record)
    writer.flush()


def _put_things(connection: Connection, source: int, things: list[Thing], first: int) -> None:
    if not things:
        return
    numbered = list(enumerate(things, first))
    connection.execute(insert(ThingRow), [_node(n, source, thing) for n, thing in numbered])
    values = [
        _value(n, number, attribute)
        for n, thing in numbered
        for number, attribute in enumerate(thing.attributes)
    ]
    if values:
        connection.execute(insert(AttributeRow), values)


def things(session: Session, ids: Iterable[int]) -> list[KeptThing]:
    """Return things by their numbers, in that order; one that is not there is left out."""
    wanted = list(ids)
    rows: dict[int, ThingRow] = {}
    attributes: dict[int, list[Attribute]] = {}
    for part in _parts(wanted):
        rows |= {r.id: r for r in session.scalars(select(ThingRow).where(ThingRow.id.in_(part)))}
        found = select(AttributeRow).where(AttributeRow.thing_id.in_(part))
        for row in session.scalars(found.order_by(AttributeRow.thing_id, AttributeRow.number)):
            attributes.setdefault(row.thing_id, []).append(_attribute(row))
    return [
        KeptThing(n, rows[n].source_id, _thing(rows[n], attributes.get(n, [])))
        for n in wanted
        if n in rows
    ]


def any_holds(session: Session, character: str) -> bool:
    """Tell whether any text of any thing has a character."""
    texts = [column for column in ThingRow.__table__.columns if isinstance(column.type, Text)]
    things = select(ThingRow.id).where(or_(*(func.instr(text, character) > 0 for text in texts)))
    values = select(AttributeRow.thing_id).where(func.instr(AttributeRow.value, character) > 0)
    return any(session.scalars(each.limit(1)).first() is not None for each in (things, values))


def last_number(session: Session) -> int:
    """Return the greatest id of a thing; 0 where there is none."""
    return session.scalar(select(func.max(ThingRow.id))) or 0


def thing_ids(session: Session, *, sources: Iterable[int]) -> list[int]:
    """Return the numbers of all things of some sources, in the order they were read."""
    wanted = select(ThingRow.id).where(ThingRow.source_id.in_(list(sources)))
    return list(session.scalars(wanted.order_by(ThingRow.id)))


def every_thing(session: Session, *, sources: Iterable[int]) -> Iterator[KeptThing]:
    """Yield all things of some sources, in the order they were read."""
    for part in _parts(thing_ids(session, sources=sources)):
        yield from things(session, part)


def find(session: Session, *, source: int, key: str) -> list[KeptThing]:
    """Return the things of a source with a key: none, one, or as many as the source states."""
    wanted = select(ThingRow.id).where(ThingRow.source_id == source, ThingRow.key == key)
    return things(session, session.scalars(wanted.order_by(ThingRow.id)))


def key_of(session: Session, source: int, typed: str) -> str:
    """Return the key of a thing of a source that a typed one means.

    Raises:
        UsageError: the source has no such thing.
    """
    for key in keys_typed(typed):
        if find(session, source=source, key=key):
            return key
    raise UsageError(f"Source {source} has nothing with the key {typed}.")


def alike(
    session: Session,
    *,
    sources: Iterable[int],
    name: str,
    in_key: Iterable[str] = (),
    in_uri: Iterable[str] = (),
    digests: Iterable[str] = (),
) -> list[KeptThing]:
    """Return the things of some sources that have a name, or something of a key, address or digest.

    More than are one and the same: what is in an address has still to be compared in one spelling.
    """
    stated = AttributeRow.group == AttributeGroup.DIGEST.value
    wanted = [
        *([ThingRow.name == name] if name else []),
        *(ThingRow.key.contains(part, autoescape=True) for part in in_key),
        *(ThingRow.uri.contains(part, autoescape=True) for part in in_uri),
        *(
            ThingRow.id.in_(
                select(AttributeRow.thing_id).where(
                    stated, AttributeRow.value.endswith(value, autoescape=True)
                )
            )
            for value in digests
        ),
    ]
    if not wanted:
        return []
    current = ThingRow.source_id.in_(list(sources))
    found = session.scalars(select(ThingRow.id).where(current, or_(*wanted)).order_by(ThingRow.id))
    return things(session, found)


def relations(session: Session, ids: Iterable[int]) -> list[KeptRelation]:
    """Return relations by their numbers, in that order; one that is not there is left out."""
    wanted = list(ids)
    rows: dict[int, RelationRow] = {}
    for part in _parts(wanted):
        found = session.scalars(select(RelationRow).where(RelationRow.id.in_(part)))
        rows |= {row.id: row for row in found}
    return [_kept_relation(rows[n]) for n in wanted if n in rows]


def every_relation(session: Session, *, sources: Iterable[int]) -> Iterator[KeptRelation]:
    """Yield all relations of some sources, in the order they were read."""
    wanted = select(RelationRow).where(RelationRow.source_id.in_(list(sources)))
    rows = wanted.order_by(RelationRow.id).execution_options(yield_per=BATCH)
    yield from map(_kept_relation, session.scalars(rows))


def relations_at(session: Session, *, source: int, key: str) -> list[KeptRelation]:
    """Return the relations of a source that begin or end at a thing."""
    ends = (RelationRow.subject == key) | (RelationRow.object == key)
    wanted = select(RelationRow).where(RelationRow.source_id == source, ends)
    return list(map(_kept_relation, session.scalars(wanted.order_by(RelationRow.id))))


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _node(number: int, source: int, thing: Thing) -> dict[str, object]:
    return {
        "id": number,
        "source_id": source,
        "kind": thing.kind.value,
        "type": thing.type,
        "key": thing.key,
        "name": thing.name,
        "namespace": thing.namespace,
        "version": thing.version,
        "lifecycle": thing.lifecycle.value,
        "lifecycle_raw": thing.lifecycle_raw,
        "state": thing.state.value,
        "created": thing.created,
        "ended": thing.ended,
        "owner": thing.owner,
        "uri": thing.uri,
        **place_of(thing.locator),
    }


def _thing(row: ThingRow, attributes: list[Attribute]) -> Thing:
    return Thing(
        kind=ThingKind(row.kind),
        type=row.type,
        key=row.key,
        name=row.name,
        locator=row.locator,
        namespace=row.namespace,
        version=row.version,
        lifecycle=Lifecycle(row.lifecycle),
        lifecycle_raw=row.lifecycle_raw,
        state=RunState(row.state),
        created=row.created,
        ended=row.ended,
        owner=row.owner,
        uri=row.uri,
        attributes=tuple(attributes),
    )


def _value(thing: int, number: int, attribute: Attribute) -> dict[str, object]:
    return {
        "thing_id": thing,
        "number": number,
        "group": attribute.group.value,
        "name": attribute.name,
        "value": attribute.value,
        "pointer": attribute.pointer,
        "step": attribute.step,
        "time": attribute.time,
    }


def _attribute(row: AttributeRow) -> Attribute:
    group = AttributeGroup(row.group)
    return Attribute(group, row.name, row.value, row.pointer, row.step, row.time)


def _edge(source: int, relation: Relation) -> dict[str, object]:
    columns = relation.columns or (None, None)
    return {
        "source_id": source,
        "kind": relation.kind.value,
        "subject": relation.subject,
        "object": relation.object,
        "role": relation.role,
        "subject_column": columns[0],
        "object_column": columns[1],
        "transformation": relation.transformation,
        "time": relation.time,
        "inferred": relation.inferred,
        **place_of(relation.locator),
    }


def _kept_relation(row: RelationRow) -> KeptRelation:
    columns: tuple[str, str] | tuple[()] = ()
    if row.subject_column is not None and row.object_column is not None:
        columns = row.subject_column, row.object_column
    relation = Relation(
        kind=RelationKind(row.kind),
        subject=row.subject,
        object=row.object,
        locator=row.locator,
        role=row.role,
        columns=columns,
        transformation=row.transformation,
        time=row.time,
        inferred=bool(row.inferred),
    )
    return KeptRelation(row.id, row.source_id, relation)
