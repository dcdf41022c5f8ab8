"""Queries over the lists of the case file, compiled for SQLite, and the pages they give.

A text that is empty is one that the source does not state: it is missing, as VERDICTS section 9
means it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from sqlalchemy.orm import Session

from workbench.errors import QueryError
from workbench.model.query import Op, Pattern, Scalar, Value
from workbench.model.query_fields import FIELDS, Area, Field, FieldKind
from workbench.model.remark import On
from workbench.store import given
from workbench.store.beside import INTEGRITY, Known, either, is_beside, nothing
from workbench.store.query_sql import (
    SQLITE,
    TRUE,
    Engine,
    Parameter,
    Sql,
    joined,
    of_kind,
    of_number,
    of_range,
    of_text,
    sqlite,
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
        given: what makes the rows that no table holds, for the one question mark in ``tables``.
    """

    tables: str
    key: str
    columns: Mapping[str, str] = field(default_factory=dict)
    live: Sql = TRUE
    given: Callable[[Session], str] | None = None


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
    Area.NOTES: Table(given.table_of(given.NOTES), "r.number", given=given.remark_rows),
    Area.SIGNATURES: Table(given.table_of(given.SIGNED), "r.number", given=given.signature_rows),
}
#: Lists with fields known beside their tables: number of the source, what a remark is on.
_NUMBER = {Area.THINGS: "r.source_id", Area.SOURCES: "r.id"}
_ON = {Area.THINGS: "(s.sha256, r.key)", Area.SOURCES: "r.sha256"}


@dataclass(frozen=True, slots=True)
class Span:
    """Things by their ids: greater than ``after``, up to ``last``."""

    after: int
    last: int

    def of(self, number: str) -> Sql:
        """Return the condition that a number is one of them."""
        return Sql(f"({number} > ? AND {number} <= ?)", (self.after, self.last))


# All values are gone through once, or those of each thing that is looked at: twice as slow where
# that is every thing, and quick where it is few.
_OF_ALL = "r.id IN (SELECT a.thing_id FROM attribute AS a WHERE "
_OF_EACH = "EXISTS (SELECT 1 FROM attribute AS a WHERE a.thing_id = r.id AND "
_OF_SOURCES = "s.id IN (SELECT s.id FROM source AS s WHERE "
_FILE_TEXTS = ("f.path", "f.sha256")
_FILE = "EXISTS (SELECT 1 FROM source_file AS f WHERE f.source_id = r.id AND "


@dataclass(frozen=True, slots=True)
class CaseTarget:
    """A list of the case file.

    Attributes:
        area: the list.
        known: what is known of its rows beside it.
        few: whether few of them are asked.
        span: of things, those that are asked; None: all.
    """

    area: Area
    known: Known = nothing
    few: bool = False
    span: Span | None = None

    @property
    def spanned(self) -> Sql:
        """Return the condition that a row is one of those that are asked."""
        return TRUE if self.span is None else self.span.of("r.id")

    def among(self) -> Self:
        """Return the target of what is asked of the rows alone that satisfy something else."""
        return replace(self, few=True)

    def compare(self, field: Field, op: Op, value: Value) -> Sql:
        """Return the condition that a field stands so to a value."""
        if field.group:
            return self._attribute(field, op, value)
        if self._is_beside(field):
            return self._beside(field, op, value)
        return of_kind(SQLITE, field.kind, self.expression(field), op, value)

    def between(self, field: Field, low: Scalar, high: Scalar) -> Sql:
        """Return the condition that a field lies between two values."""
        return of_range(lambda op, value: self.compare(field, op, value), low, high)

    def present(self, field: Field) -> Sql:
        """Return the condition that a row has a field."""
        if field.group:
            return _has(field, TRUE).within("(", ")")
        if self._is_beside(field):
            return self._beside(field, Op.HAS, "").within("(", " IS NOT NULL)")
        return Sql(f"({self.expression(field)} IS NOT NULL)")

    def anywhere(self, value: str | Pattern) -> Sql:
        """Return the condition that a text field of the row holds a text."""
        kept = [f for f in FIELDS[self.area].fields if not self._is_beside(f)]
        each = [self._holds(f, value) for f in kept if f.kind is FieldKind.TEXT]
        if self.area is Area.THINGS:
            each.append(self._value_holds(value))
        if self.area is Area.SOURCES:
            each += [of_text(SQLITE, f, Op.HAS, value).within(_FILE, ")") for f in _FILE_TEXTS]
        return joined(" OR ", each).within("coalesce(", ", 0)")

    def _value_holds(self, value: str | Pattern) -> Sql:
        holds = of_text(self._engine, "a.value", Op.HAS, value)
        if self.few:
            return holds.within(_OF_EACH, ")")
        if self.span is not None:
            holds = joined(" AND ", [self.span.of("a.thing_id"), holds])
        return holds.within(_OF_ALL, ")")

    def _holds(self, field: Field, value: str | Pattern) -> Sql:
        """Return the condition that a field holds a text; of the source, asked once a source."""
        expression = self.expression(field)
        if field.name == "source" and expression == f"nullif({_SOURCE}, '')":
            return of_text(SQLITE, _SOURCE, Op.HAS, value).within(_OF_SOURCES, ")")
        # An empty text holds nothing but an empty text: where that is asked, it is missing.
        plain = expression.removeprefix("nullif(").removesuffix(", '')")
        return of_text(self._engine, plain if value != "" else expression, Op.HAS, value)

    @property
    def _engine(self) -> Engine:
        return sqlite(self.known().rare) if self.area is Area.THINGS else SQLITE

    def expression(self, field: Field) -> str:
        """Return the SQL of a field; NULL where a row lacks it.

        Raises:
            QueryError: it is known beside the table.
        """
        if self._is_beside(field):
            raise QueryError(f"Rows are not sorted by {field.name}.", offset=0)
        column = TABLES[self.area].columns.get(field.name, f'r."{field.name}"')
        if field.kind in {FieldKind.TEXT, FieldKind.WORD}:
            return f"nullif({column}, '')"
        return column

    def _is_beside(self, field: Field) -> bool:
        return self.area in _ON and is_beside(field.name)

    def _beside(self, field: Field, op: Op, value: Value) -> Sql:
        known = self.known()
        if field.name == INTEGRITY:
            have, fit = known.judged(op, value)
            return either(self._numbered(have), self._numbered(fit))
        said, satisfy = known.subjects(field.name, op, value)
        return either(self._on(said), self._on(satisfy))

    def _numbered(self, numbers: set[int]) -> Sql:
        listed = json.dumps(sorted(numbers))
        return Sql(f"({_NUMBER[self.area]} IN (SELECT value FROM json_each(?)))", (listed,))

    def _on(self, some: set[On]) -> Sql:
        if self.area is Area.SOURCES:
            digests = [on.sha256 for on in some if not (on.key or on.record)]
            return Sql("(r.sha256 IN (SELECT value FROM json_each(?)))", (json.dumps(digests),))
        pairs = json.dumps([(on.sha256, on.key) for on in some if on.key])
        both = "json_extract(value, '$[0]'), json_extract(value, '$[1]')"
        return Sql(f"({_ON[self.area]} IN (SELECT {both} FROM json_each(?)))", (pairs,))

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
    return both.within(_OF_EACH, ")")


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
    return _number(run(session, area, sql, condition.parameters))


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
    sql = f"SELECT {expression} FROM {table.tables} WHERE {here.text}"
    found = run(session, area, sql, here.parameters)
    if not found:
        return None
    earlier = f"({table.key} < ?)" if by or not descending else f"({table.key} > ?)"
    before = Sql(earlier, (key,))
    if by is not None:
        value = found[0][0]
        before = _sorted_before(expression, value, before, descending=descending)
    all_before = joined(" AND ", [condition, before])
    sql = f"SELECT count(*) FROM {table.tables} WHERE {all_before.text}"
    return _number(run(session, area, sql, all_before.parameters))


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
    found = run(session, area, sql, condition.parameters)
    return [(None if value is None else str(value), int(n or 0)) for value, n in found]


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
    found = run(session, area, sql, condition.parameters)
    return [row[0] for row in found if row[0] is not None]


def run(
    session: Session,
    area: Area,
    sql: str,
    parameters: Sequence[Parameter],
    *,
    before: Sequence[Parameter] = (),
) -> Sequence[Sequence[int | str | None]]:
    """Return the rows of a statement over the tables of a list.

    Args:
        session: sees the case at one moment.
        area: the list.
        sql: the statement; it names ``tables`` once.
        parameters: those that stand behind ``tables``.
        before: those that stand before them.
    """
    given_rows = TABLES[area].given
    rows = () if given_rows is None else (given_rows(session),)
    result = session.connection().exec_driver_sql(sql, (*before, *rows, *parameters))
    return [tuple(row) for row in result.fetchall()]


def _number(rows: Sequence[Sequence[int | str | None]]) -> int:
    return int(rows[0][0] or 0)
