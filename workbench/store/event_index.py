"""The index of events, open for questions: counts, rows, histograms, digests of the evidence.

It holds nothing that the evidence does not hold, and is believed only when every file has the
digest that the case states for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbench.errors import IndexDamaged
from workbench.model.event import EventSort, Histogram
from workbench.store.duck import Duck, text
from workbench.store.index_files import IndexFile, damaged
from workbench.store.query_sql import Parameter, Sql, joined

#: source, record, offset, length, time, actor, action, object, outcome, malformed, spelled time.
Row = tuple[
    int, int, int, int, int | None, str | None, str | None, str | None, int, bool, str | None
]
Place = tuple[int, int]

_MOST_64 = 2**63
_ROWS = """
SELECT e.source, e.record, e."offset", e.length, e.time_ns, a.text, b.text, c.text, e.outcome,
    e.malformed, d.text
FROM (SELECT * FROM events WHERE source = ? AND record IN (SELECT unnest(?::BIGINT[]))) AS e
LEFT JOIN terms AS a ON a.id = e.actor LEFT JOIN terms AS b ON b.id = e.action
LEFT JOIN terms AS c ON c.id = e.object LEFT JOIN terms AS d ON d.id = e.said
"""
_BLOCKS = """
SELECT "offset", length, sha256 FROM blocks
WHERE source = ? AND "offset" < ? AND "offset" + length > ? ORDER BY "offset"
"""


class IndexState(StrEnum):
    """What can be said of the index of a case."""

    READY = "ready"
    ABSENT = "absent"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Block:
    """The digest of some bytes of evidence."""

    offset: int
    length: int
    sha256: str


class EventIndex:
    """Answers questions; any thread may ask."""

    def __init__(self, folder: Path, files: Sequence[IndexFile]) -> None:
        """Check every file and make it known to the engine.

        Raises:
            StoreError: the engine cannot be started.
        """
        self.damaged = damaged(folder, files)
        self.state = IndexState.READY if files else IndexState.ABSENT
        self._duck: Duck | None = None
        if self.damaged:
            self.state = IndexState.DAMAGED
        elif files:
            self._duck = Duck(folder)
            self._declare(folder, [file.name for file in files])

    def close(self) -> None:
        """Stop the engine."""
        if self._duck is not None:
            self._duck.close()
            self._duck = None

    def count(self, where: Sql) -> int:
        """Return how many events satisfy a condition."""
        found = self.ask(f"SELECT count(*) FROM events WHERE {where.text}", where.parameters)
        return int(found[0][0]) if found else 0

    def rows_at(self, places: Sequence[Place]) -> list[Row]:
        """Return the events at (source, record), in that order; what is not there is left out."""
        records: dict[int, list[int]] = {}
        for source, record in places:
            records.setdefault(source, []).append(record)
        found: dict[Place, Row] = {}
        for source, numbers in records.items():
            found |= {(row[0], row[1]): row for row in self.ask(_ROWS, (source, tuple(numbers)))}
        return [found[place] for place in places if place in found]

    def histogram(self, where: Sql, *, bins: int, span: tuple[int, int] | None = None) -> Histogram:
        """Return how many events fall into each of ``bins`` equal spans of claimed time.

        Args:
            where: condition.
            bins: how many, at least 1.
            span: first and last nanosecond; by default those of the events themselves.
        """
        timed = joined(" AND ", [where, Sql("time_ns IS NOT NULL")])
        untimed = self.count(joined(" AND ", [where, Sql("time_ns IS NULL")]))
        first, last = span or self._span(timed)
        width = max(1, -(-(last - first + 1) // bins))
        inside = joined(" AND ", [timed, Sql("time_ns BETWEEN ? AND ?", (first, last))])
        kind = "BIGINT" if last - first < _MOST_64 else "HUGEINT"
        sql = (
            f"SELECT (time_ns::{kind} - ?::{kind}) // ?::{kind} AS bin, count(*) FROM events "
            f"WHERE {inside.text} GROUP BY bin"
        )
        counts = dict(self.ask(sql, (first, width, *inside.parameters)))
        return Histogram(first, width, tuple(counts.get(n, 0) for n in range(bins)), untimed)

    def facets(self, where: Sql, by: EventSort, *, most: int) -> list[tuple[str | None, int]]:
        """Return the most frequent values of actor, action or object with their counts."""
        sql = (
            f"SELECT text, sum(n)::BIGINT AS total FROM (SELECT {by.value} AS id, count(*) AS n "
            f"FROM events WHERE {where.text} GROUP BY ALL) AS e LEFT JOIN terms USING (id) "
            f"GROUP BY text ORDER BY total DESC, text LIMIT {most:d}"
        )
        return [(value, total) for value, total in self.ask(sql, where.parameters)]

    def blocks(self, source: int, first: int, last: int) -> list[Block]:
        """Return the digests of the bytes of a source from ``first`` to before ``last``."""
        return [Block(*row) for row in self.ask(_BLOCKS, (source, last, first))]

    def ask(self, sql: str, parameters: Sequence[Parameter] = ()) -> list[Any]:
        """Return the rows of a statement of this package; none where there is no index.

        Raises:
            IndexDamaged: its files are not those that the case states.
            StoreError: the engine refused.
        """
        if self.state is IndexState.DAMAGED:
            raise IndexDamaged(
                f"The index does not have the digests that the case states ({self.damaged[0]}): "
                "rebuild it from the evidence: workbench case index CASE."
            )
        if self._duck is None:
            return []
        with self._duck.told("The index cannot be asked"), self._duck.cursor() as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def _span(self, timed: Sql) -> tuple[int, int]:
        sql = f"SELECT min(time_ns), max(time_ns) FROM events WHERE {timed.text}"
        found = self.ask(sql, timed.parameters)
        first, last = found[0] if found else (None, None)
        return (0, 0) if first is None or last is None else (first, last)

    def _declare(self, folder: Path, names: Sequence[str]) -> None:
        """Name the files to the engine; the terms are few and asked often, so they are loaded."""
        for view in ("events", "blocks"):
            self.ask(f"CREATE VIEW {view} AS {_read(folder, names, view, _EMPTY[view])}")
        terms = _read(folder, names, "terms", _EMPTY["terms"])
        self.ask(f"CREATE TABLE terms AS {terms} ORDER BY id")


_EMPTY = {
    "events": (
        'NULL::INTEGER AS source, NULL::BIGINT AS record, NULL::BIGINT AS "offset", '
        "NULL::BIGINT AS length, NULL::BIGINT AS time_ns, NULL::BIGINT AS actor, "
        "NULL::BIGINT AS action, NULL::BIGINT AS object, NULL::TINYINT AS outcome, "
        "NULL::BOOLEAN AS malformed, NULL::BIGINT AS said"
    ),
    "terms": "NULL::BIGINT AS id, NULL::VARCHAR AS text",
    "blocks": (
        'NULL::INTEGER AS source, NULL::BIGINT AS "offset", NULL::INTEGER AS length, '
        "NULL::VARCHAR AS sha256"
    ),
}


def _read(folder: Path, names: Sequence[str], kind: str, empty: str) -> str:
    """Return the SELECT over the files of a kind; over none, one without rows."""
    files = [folder.absolute() / n for n in names if n.partition("/")[2].startswith(f"{kind}-")]
    if not files:
        return f"SELECT {empty} WHERE false"
    return f"SELECT * FROM read_parquet([{', '.join(text(str(file)) for file in files)}])"
