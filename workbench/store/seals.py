"""Seals: what each act wrote into the tables of a case, as digests in the journal.

Tables and journal are one file that anybody can edit. An act that changes a group of tables states
their SHA-256 in its entry; when the case is opened the digests are recomputed, so that verdicts,
digests of the intake, trusted keys or findings that were changed by other means contradict the
journal. What catalogs say is large: it is sealed source by source, and looked at before anything
is derived from it.

The digest is over one line that names table and columns and one JSON array of its rows in the
order of their keys, for each table of the group; bytes are written as hexadecimal digits.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Column, Connection, LargeBinary, Table, select
from sqlalchemy.orm import Session

from workbench.errors import StoreError
from workbench.store.tables import Base, RelationRow, ThingRow
from workbench.store.tables.base import NativePath

#: Groups of tables that are looked at together, by what they are called in the journal.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "engagement": ("engagement",),
    "evidence": ("delivery", "source", "source_file", "control_total", "evidence_key"),
    "trust": ("trust",),
    "verdicts": ("verification", "verdict", "diagnosis", "assurance"),
    "findings": ("finding", "finding_evidence"),
    "index": ("index_segment", "index_file", "index_part"),
}
CATALOG = "catalog of source "
WRITTEN, CATALOGS = "tables written", "catalogs written"

_CATALOG_TABLES = {
    "thing": "source_id = {0:d}",
    "attribute": "thing_id IN (SELECT id FROM thing WHERE source_id = {0:d})",
    "relation": "source_id = {0:d}",
}
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
_BATCH = 500
_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True)


def note_write(connection: Connection, statement: str) -> None:
    """Remember the table that a statement writes to, until the act seals it."""
    if found := _WRITES.match(statement):
        connection.info.setdefault(WRITTEN, set()).add(found[1].lower())


def note_catalog(session: Session, source: int) -> None:
    """Remember that something is said of a source by its catalog."""
    session.info.setdefault(CATALOGS, set()).add(source)


def begin(session: Session) -> None:
    """Forget what was written before: an act begins."""
    session.info.pop(CATALOGS, None)
    session.connection().info.pop(WRITTEN, None)


def of_act(session: Session) -> dict[str, str]:
    """Return the digest of each group of tables that was written since the act began."""
    written = session.connection().info.get(WRITTEN, set())
    groups = [name for name, tables in GROUPS.items() if written.intersection(tables)]
    return digests(session, (*groups, *map(catalog_of, session.info.get(CATALOGS, ()))))


def catalog_of(source: int) -> str:
    """Return what the catalog of a source is called in the journal."""
    return f"{CATALOG}{source}"


def catalogs(session: Session) -> set[str]:
    """Return the groups of tables in which catalogs say something."""
    found = select(ThingRow.source_id).union(select(RelationRow.source_id))
    return set(map(catalog_of, session.scalars(found)))


def digests(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Return the digest of groups of tables as they are now."""
    connection = session.connection()
    return {name: _digest(connection, name) for name in sorted(names)}


def _digest(connection: Connection, name: str) -> str:
    digest = hashlib.sha256()
    for table, where in _tables(name):
        for part in _rows(connection, Base.metadata.tables[table], where):
            digest.update(part.encode())
    return digest.hexdigest()


def _tables(name: str) -> Iterator[tuple[str, str]]:
    if name in GROUPS:
        yield from ((table, "") for table in GROUPS[name])
    else:
        source = int(name.removeprefix(CATALOG))
        yield from ((table, text.format(source)) for table, text in _CATALOG_TABLES.items())


def _rows(connection: Connection, table: Table, where: str) -> Iterator[str]:
    """Yield the text of a table, piece by piece."""
    raw = connection.connection.driver_connection
    if raw is None:
        raise StoreError("The database went away.")
    yield f"{table.name} {','.join(column.name for column in table.columns)}\n["
    cells, keys = ", ".join(map(_cell, table.columns)), ", ".join(map(_name, table.primary_key))
    chosen = f" WHERE {where}" if where else ""
    sql = f'SELECT {cells} FROM "{table.name}"{chosen} ORDER BY {keys}'
    cursor, gap = raw.execute(sql), ""
    while rows := cursor.fetchmany(_BATCH):
        yield gap + _JSON.encode(rows)[1:-1]
        gap = ","
    yield "]\n"


def _cell(column: Column[object]) -> str:
    name = _name(column)
    return f"hex({name})" if isinstance(column.type, LargeBinary | NativePath) else name


def _name(column: Column[object]) -> str:
    return f'"{column.name}"'
