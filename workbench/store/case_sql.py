"""Queries over the lists of the case file, compiled for SQLite, and the pages they give.

A text that is empty is one that the source does not state: it is missing, as VERDICTS section 9
means it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from workbench.model.query import Op, Pattern, Scalar, Value
from workbench.model.query_fields import FIELDS, Area, Field, FieldKind
from workbench.store.query_sql import (
    SQLITE,
    TRUE,
    Sql,
    joined,
    of_kind,
    of_number,
    of_range,
    of_text,
)

_SOURCE = "s.path || coalesce(' → ' || s.member, '')"
_PLACED = {"source": _SOURCE, "record": "r.record", "offset": 'r."offset"'}


@dataclass(frozen=True, slots=True)
class Table:
    """How a list is read.

    Attributes:
        tables: what follows FROM; the rows are called ``r``.
        key: expression by which a row is known.
        columns: expression of each field, where it is not ``r.`` and its name.
        live: condition that keeps out what was superseded or removed.
    """

    tables: str
    key: str
    columns: Mapping[str, str] = field(default_factory=dict)
    live: Sql = TRUE


_CURRENT = Sql("(s.superseded_by IS NULL)")
_OF_SOURCE = "JOIN source AS s ON s.id = r.source_id"

TABLES: Mapping[Area, Table] = {
    Area.THINGS: Table(f"thing AS r {_OF_SOURCE}", "r.id", _PLACED, live=_CURRENT),
    Area.RELATIONS: Table(f"relation AS r {_OF_SOURCE}", "r.id", _PLACED, live=_CURRENT),
    Area.SOURCES: Table(
        "source AS r",
        "r.id",
        {"path": "r.path || coalesce(' → ' || r.member, '')"},
        live=Sql("(r.superseded_by IS NULL)"),
    ),
    Area.DIAGNOSES: Table(
        "diagnosis AS r JOIN verdict AS v ON v.id = r.verdict_id "
        "JOIN source AS s ON s.id = v.source_id",
        "r.id",
        {**_PLACED, "class": "r.kind", "integrity": "v.integrity"},
        live=Sql(
            "(s.superseded_by IS NULL AND v.id IN (SELECT max(id) FROM verdict GROUP BY source_id))"
        ),
    ),
    Area.FINDINGS: Table("finding AS r", "r.id", {"action": "r.corrective_action"}),
    Area.JOURNAL: Table(
        "journal AS r",
        "r.number",
        {"at": "as_moment(r.at)"},
    ),
}


@dataclass(frozen=True, slots=True)
class CaseTarget:
    """A list of the case file."""

    area: Area

    def compare(self, field: Field, op: Op, value: Value) -> Sql:
        """Return the condition that a field stands so to a value."""
        if field.group:
            return self._attribute(field, op, value)
        return of_kind(SQLITE, field.kind, self.expression(field), op, value)

    def between(self, field: Field, low: Scalar, high: Scalar) -> Sql:
        """Return the condition that a field lies between two values."""
        return of_range(lambda op, value: self.compare(field, op, value), low, high)

    def present(self, field: Field) -> Sql:
        """Return the condition that a row has a field."""
        if field.group:
            return _has(field, TRUE).within("(", ")")
        return Sql(f"({self.expression(field)} IS NOT NULL)")

    def anywhere(self, value: str | Pattern) -> Sql:
        """Return the condition that a text field of the row holds a text."""
        texts = [f for f in FIELDS[self.area].fields if f.kind is FieldKind.TEXT]
        each = [of_text(SQLITE, self.expression(f), Op.HAS, value) for f in texts]
        if self.area is Area.THINGS:
            each.append(_has(None, of_text(SQLITE, "a.value", Op.HAS, value)))
        return joined(" OR ", [condition.within("coalesce(", ", 0)") for condition in each])

    def expression(self, field: Field) -> str:
        """Return the SQL of a field; NULL where a row lacks it."""
        column = TABLES[self.area].columns.get(field.name, f'r."{field.name}"')
        if field.kind in {FieldKind.TEXT, FieldKind.WORD}:
            return f"nullif({column}, '')"
        return column

    def _attribute(self, field: Field, op: Op, value: Value) -> Sql:
        """Return the condition that some value of a name stands so; with ``!=``, that none is it.

        Numbers are compared as numbers where the query gives one.
        """
        if op is Op.DIFFERS:
            none = _has(field, of_text(SQLITE, "a.value", Op.EQUAL, value)).within("NOT ", "")
            return _if_has(field, none)
        ordered = op not in {Op.HAS, Op.EQUAL} and isinstance(value, str) and _is_number(value)
        if ordered:
            return _if_has(
                field, _has(field, of_number("as_number(a.value)", op, float(str(value))))
            )
        return _if_has(field, _has(field, of_text(SQLITE, "a.value", op, value)))


def _has(field: Field | None, condition: Sql) -> Sql:
    """Return the condition that a thing has an attribute that satisfies another."""
    named = Sql("1 = 1")
    if field is not None:
        named = Sql('a."group" = ? AND a.name = ?', (field.group, field.name))
    both = joined(" AND ", [named, condition])
    return both.within("EXISTS (SELECT 1 FROM attribute AS a WHERE a.thing_id = r.id AND ", ")")


def _if_has(field: Field, condition: Sql) -> Sql:
    """Return a condition that is neither true nor false where a thing lacks the attribute."""
    there = _has(field, TRUE)
    return Sql(
        f"(CASE WHEN {there.text} THEN {condition.text} ELSE NULL END)",
        (*there.parameters, *condition.parameters),
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def count(session: Session, area: Area, where: Sql) -> int:
    """Return how many rows of a list satisfy a condition."""
    table = TABLES[area]
    condition = joined(" AND ", [table.live, where])
    sql = f"SELECT count(*) FROM {table.tables} WHERE {condition.text}"
    return int(_run(session, sql, condition)[0][0])


def position(
    session: Session,
    area: Area,
    where: Sql,
    key: int | str,
    *,
    by: Field | None = None,
    descending: bool = False,
) -> int | None:
    """Return at which position (from 0) a row stands in a list; None where it is not in it."""
    table = TABLES[area]
    condition = joined(" AND ", [table.live, where])
    expression = "NULL" if by is None else CaseTarget(area).expression(by)
    here = joined(" AND ", [condition, Sql(f"({table.key} = ?)", (key,))])
    found = _run(session, f"SELECT {expression} FROM {table.tables} WHERE {here.text}", here)
    if not found:
        return None
    earlier = f"({table.key} < ?)" if by or not descending else f"({table.key} > ?)"
    before = Sql(earlier, (key,))
    if by is not None:
        value: int | str | None = found[0][0]
        before = _sorted_before(expression, value, before, descending=descending)
    all_before = joined(" AND ", [condition, before])
    sql = f"SELECT count(*) FROM {table.tables} WHERE {all_before.text}"
    return int(_run(session, sql, all_before)[0][0])


def _sorted_before(expression: str, value: int | str | None, tied: Sql, *, descending: bool) -> Sql:
    """Return the condition that a row stands before one of a value; those without stand last."""
    if value is None:
        return Sql(f"({expression} IS NOT NULL OR {tied.text})", tied.parameters)
    way = ">" if descending else "<"
    return Sql(
        f"({expression} {way} ? OR ({expression} = ? AND {tied.text}))",
        (value, value, *tied.parameters),
    )


def facets(
    session: Session, area: Area, where: Sql, field: Field, *, most: int
) -> list[tuple[str | None, int]]:
    """Return the most frequent values of a field with their counts; None: it is not stated."""
    table = TABLES[area]
    condition = joined(" AND ", [table.live, where])
    sql = (
        f"SELECT {CaseTarget(area).expression(field)} AS value, count(*) AS n FROM {table.tables} "
        f"WHERE {condition.text} GROUP BY value ORDER BY n DESC, value LIMIT {most:d}"
    )
    found: list[tuple[object, int]] = [
        (row[0], int(row[1])) for row in _run(session, sql, condition)
    ]
    return [(None if value is None else str(value), count) for value, count in found]


def keys(
    session: Session,
    area: Area,
    where: Sql,
    *,
    by: Field | None = None,
    descending: bool = False,
    first: int = 0,
    most: int = -1,
) -> list[int | str]:
    """Return the keys of a page of a list, in order; rows that lack the field stand last."""
    table = TABLES[area]
    condition = joined(" AND ", [table.live, where])
    order = table.key
    if by is not None:
        expression = CaseTarget(area).expression(by)
        way = "DESC" if descending else "ASC"
        order = f"({expression} IS NULL), {expression} {way}, {table.key}"
    elif descending:
        order = f"{table.key} DESC"
    sql = (
        f"SELECT {table.key} FROM {table.tables} WHERE {condition.text} "
        f"ORDER BY {order} LIMIT {most:d} OFFSET {first:d}"
    )
    return [row[0] for row in _run(session, sql, condition)]


def _run(session: Session, sql: str, condition: Sql) -> Sequence[Sequence[int | str]]:
    result = session.connection().exec_driver_sql(sql, condition.parameters)
    return [tuple(row) for row in result.fetchall()]
