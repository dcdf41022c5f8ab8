"""How many rows of a list satisfy a query, the best of them, and what they have in common.

All of it in one statement, so that a list is read once; SQLite leaves the interpreter to others, so
that parts of a long list are read at once. What the rows are called decides which
are the best: one that is called exactly as the first word of the query, then one whose name begins
with it, then one whose name holds it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import pairwise

from sqlalchemy.orm import Session

from workbench.model.query import Node
from workbench.model.query_fields import FIELDS, Area
from workbench.store import catalog
from workbench.store.case_sql import TABLES, CaseTarget, Span, run
from workbench.store.case_store import CaseStore
from workbench.store.query_sql import SQLITE, Sql, compile_query, joined

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
#: A part has no fewer things than these; and there are no more parts.
_FEW, _MOST_PARTS = 10_000, 8
_NO_END = 2**63 - 1
_DAY = 86_400_000_000_000 // SQLITE.nanoseconds

Value = str | int | None


@dataclass(slots=True)
class Tally:
    """What was counted.

    Attributes:
        total: how many rows satisfy the query.
        best: the best of them, each with how it is called (the least is the best) and its key.
        counts: how often each value of a facet is there; of a time, days since 1970-01-01.
        sources: how many rows are of each source.
    """

    total: int = 0
    best: list[tuple[int, int | str]] = field(default_factory=list)
    counts: dict[str, Counter[Value]] = field(default_factory=dict)
    sources: Counter[int] = field(default_factory=Counter)

    @property
    def keys(self) -> list[int | str]:
        """Return what the best rows are known by."""
        return [key for _, key in self.best]

    def most(self, name: str, values: int) -> list[tuple[Value, int]]:
        """Return the most frequent values of a facet; of those as frequent, in their order."""
        counts = self.counts.get(name, Counter())
        return nsmallest(values, counts.items(), key=lambda item: (-item[1], _in_order(item[0])))


def tally(
    case: CaseStore,
    target: CaseTarget,
    node: Node | None,
    *,
    first: Sequence[str],
    most: int,
    values: bool,
    at_once: int,
) -> Tally:
    """Return what a list comes to; a long one is asked in parts, several at once.

    Args:
        case: the case.
        target: the list; not ``EVENTS``.
        node: what is asked.
        first: what the best rows are called, in lower case; none: all are as good.
        most: how many of the best to return.
        values: whether the values of facets are counted.
        at_once: in how many parts at most.
    """
    parts = _parts(case, target, at_once) if target.area is Area.THINGS else [target]
    conditions = [joined(" AND ", [part.spanned, compile_query(node, part)]) for part in parts]

    def of(where: Sql) -> Tally:
        with case.reading() as session:
            return _tallied(session, target.area, where, first=first, most=most, values=values)

    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(pool.map(of, conditions))
    return _together(found, most)


def _parts(case: CaseStore, target: CaseTarget, at_once: int) -> list[CaseTarget]:
    """Return targets that ask of a part of the things each."""
    with case.reading() as session:
        last = catalog.last_number(session)
    count = max(1, min(at_once, _MOST_PARTS, last // _FEW))
    ends = [last * number // count for number in range(count + 1)]
    ends[-1] = _NO_END  # what is added meanwhile is asked too
    return [replace(target, span=Span(a, b)) for a, b in pairwise(ends)]


def _together(parts: Sequence[Tally], most: int) -> Tally:
    whole = Tally()
    for part in parts:
        whole.total += part.total
        whole.best += part.best
        whole.sources.update(part.sources)
        for name, counts in part.counts.items():
            whole.counts.setdefault(name, Counter()).update(counts)
    whole.best = sorted(whole.best)[:most]
    return whole


def _in_order(value: Value) -> tuple[bool, int, str]:
    """Return by what values are sorted: none, numbers, texts, as SQLite does."""
    number = value if isinstance(value, int) else 0
    return value is not None, number, value if isinstance(value, str) else ""


def _tallied(
    session: Session, area: Area, where: Sql, *, first: Sequence[str], most: int, values: bool
) -> Tally:
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
        sql += f" UNION ALL SELECT '{name}', f{n}, count(*) FROM hits GROUP BY f{n}"
    return _read(run(session, area, sql, condition.parameters, before=rank.parameters))


def _read(rows: Sequence[Sequence[Value]]) -> Tally:
    found = Tally()
    for what, value, count in rows:
        number = int(count or 0)
        if what == "total":
            found.total = number
        elif what == "key":
            found.best += [(number, value)] if value is not None else []
        elif what == "source":
            found.sources[int(value or 0)] = number
        else:
            found.counts.setdefault(str(what), Counter())[value] = number
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
