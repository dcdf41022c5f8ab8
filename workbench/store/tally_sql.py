"""How many rows of a list satisfy a query, the best of them, and what they have in common.

All of it in one statement, so that a list is read once. What the rows are called decides which
are the best: one that is called exactly as the first word of the query, then one whose name begins
with it, then one whose name holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from workbench.model.query_fields import FIELDS, Area
from workbench.store.case_sql import TABLES, CaseTarget, run
from workbench.store.query_sql import SQLITE, Sql, joined

#: Fields whose most frequent values are counted; of a time, its days.
FACETS: Mapping[Area, tuple[str, ...]] = {
    Area.THINGS: ("kind", "type", "lifecycle", "owner", "created"),
    Area.SOURCES: ("role", "format", "added"),
    Area.FINDINGS: ("severity", "state", "owner", "modified"),
    Area.NOTES: ("kind", "tag", "who", "at"),
    Area.SIGNATURES: ("indication", "code", "signer"),
    Area.DIAGNOSES: ("class",),
    Area.RELATIONS: ("kind",),
    Area.JOURNAL: ("act", "who", "at"),
}
DAYS = frozenset({"created", "added", "modified", "at", "time"})
_CALLED: Mapping[Area, tuple[str, ...]] = {
    Area.THINGS: ("r.name", "r.key"),
    Area.SOURCES: ("r.path", "r.sha256"),
    Area.FINDINGS: ("r.title", "r.id"),
    Area.NOTES: ("r.tag", "r.note"),
    Area.SIGNATURES: ("r.signer", "r.fingerprint"),
    Area.DIAGNOSES: ("r.kind",),
    Area.RELATIONS: ("r.subject", "r.object"),
    Area.JOURNAL: ("r.act", "r.subject"),
}
#: Number of the source of a row; NULL where it has none.
_SOURCE: Mapping[Area, str] = {
    Area.SOURCES: "r.id",
    Area.DIAGNOSES: "v.source_id",
    Area.FINDINGS: "NULL",
    Area.JOURNAL: "NULL",
}
_DAY = 86_400_000_000_000 // SQLITE.nanoseconds

Value = str | int | None


@dataclass(slots=True)
class Tally:
    """What was counted.

    Attributes:
        total: how many rows satisfy the query.
        keys: the best of them.
        counts: the most frequent values of each facet; of a time, days since 1970-01-01.
        sources: how many rows are of each source.
    """

    total: int = 0
    keys: list[int | str] = field(default_factory=list)
    counts: dict[str, list[tuple[Value, int]]] = field(default_factory=dict)
    sources: list[tuple[int, int]] = field(default_factory=list)


def tally(
    session: Session, area: Area, where: Sql, *, first: Sequence[str], most: int, values: int
) -> Tally:
    """Return what a list comes to under a condition.

    Args:
        session: sees the case at one moment.
        area: the list; not ``EVENTS``.
        where: the condition.
        first: what the best rows are called, in lower case; none: all are as good.
        most: how many of the best to return.
        values: how many values of each facet; 0: nothing of them is counted.
    """
    table, names = TABLES[area], FACETS[area] if values else ()
    rank = _rank(area, first)
    condition = joined(" AND ", [table.live, where])
    chosen = [f"{table.key} AS k", f"{rank.text} AS n", f"{_SOURCE.get(area, 'r.source_id')} AS s"]
    chosen += [f"{_expression(area, name)} AS f{n}" for n, name in enumerate(names)]
    sql = (
        f"WITH hits AS MATERIALIZED (SELECT {', '.join(chosen)} FROM {table.tables} "
        f"WHERE {condition.text}) SELECT 'total', NULL, count(*) FROM hits "
        f"UNION ALL SELECT * FROM (SELECT 'key', k, n FROM hits ORDER BY n, k LIMIT {most:d}) "
    )
    if values:
        sql += " UNION ALL SELECT 'source', s, count(*) FROM hits WHERE s IS NOT NULL GROUP BY s"
    for n, name in enumerate(names):
        sql += (
            f" UNION ALL SELECT * FROM (SELECT '{name}', f{n}, count(*) AS c FROM hits "
            f"GROUP BY f{n} ORDER BY c DESC, f{n} LIMIT {values:d})"
        )
    return _read(run(session, area, sql, condition.parameters, before=rank.parameters))


def _read(rows: Sequence[Sequence[Value]]) -> Tally:
    found = Tally()
    for what, value, count in rows:
        number = int(count or 0)
        if what == "total":
            found.total = number
        elif what == "key":
            found.keys += [value] if value is not None else []
        elif what == "source":
            found.sources.append((int(value or 0), number))
        else:
            found.counts.setdefault(str(what), []).append((value, number))
    return found


def _expression(area: Area, name: str) -> str:
    known = FIELDS[area].find(name)
    if known is None:
        raise KeyError(name)
    sql = CaseTarget(area).expression(known)
    if name not in DAYS:
        return sql
    # Whole days, also before 1970: SQLite cuts towards zero.
    return f"(CASE WHEN {sql} < 0 THEN ({sql} + 1) / {_DAY} - 1 ELSE {sql} / {_DAY} END)"


def _rank(area: Area, first: Sequence[str]) -> Sql:
    if not first:
        return Sql("0")
    called = [_nearness(name) for name in _CALLED[area]]
    # 3 is the most; it stands there so that there are two to take the least of.
    return Sql(f"min(3, {', '.join(called)})", (first[0], len(first[0])) * len(called))


def _nearness(name: str) -> str:
    """Return SQL for how a row is called: 0 so exactly, 1 begins so, 2 holds it, 3 neither."""
    at = f"instr(lower(coalesce({name}, '')), ?)"
    return f"(CASE {at} WHEN 0 THEN 3 WHEN 1 THEN length({name}) > ? ELSE 2 END)"
