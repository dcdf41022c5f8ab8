"""Queries over events, compiled for the index: texts are asked once a term, not once an event."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from workbench.model.event import EventFlag, Outcome
from workbench.model.event_batch import OUTCOMES
from workbench.model.query import Op, Pattern, Scalar, Value
from workbench.model.query_fields import Field
from workbench.model.remark import On
from workbench.store.beside import Known, either, nothing, records
from workbench.store.marks import NOT_JUDGED, Marks, Range
from workbench.store.query_sql import (
    DUCK,
    FALSE,
    TRUE,
    Sql,
    joined,
    of_number,
    of_range,
    of_text,
    of_time,
    test_of,
)

CODED = ("actor", "action", "object")
_COLUMNS = {"time": "time_ns", "record": "record", "offset": '"offset"'}
_MOST_INLINE = 64
_WORDS = "regexp_replace(text, '([a-z0-9])([A-Z])', '\\1_\\2', 'g')"
_FOUND_IN_INDEX = {EventFlag.MALFORMED}


@dataclass(frozen=True, slots=True)
class EventTarget:
    """The events of a case.

    Attributes:
        sources: what each source is called, by id.
        marks: what verification found about each source, by id.
        known: what is known of events beside the index.
        in_words: whether patterns also see the words of ``ModelSigned`` as ``Model_Signed``.
    """

    sources: Mapping[int, str]
    marks: Mapping[int, Marks]
    in_words: bool = False
    known: Known = nothing

    def among(self) -> Self:
        """Return the target of what is asked of those rows alone that satisfy something else."""
        return self

    def compare(self, field: Field, op: Op, value: Value) -> Sql:
        """Return the condition that a field stands so to a value."""
        match field.name:
            case "time":
                return of_time(DUCK, "time_ns", op, value)
            case "actor" | "action" | "object":
                return self._term(field.name, self._text(field.name, op, value))
            case "outcome":
                return _outcome(op, str(value))
            case "level":
                return self._level(op, value)
            case "flag":
                return self._flag(op, str(value))
            case "source":
                return self._source(op, value)
            case "integrity":
                return either(*(self._of_sources(n) for n in self.known().judged(op, value)))
            case "tag" | "note":
                said = self.known().subjects(field.name, op, value)
                return either(*map(self._remarked, said))
            case _:
                return of_number(_COLUMNS[field.name], op, value)

    def between(self, field: Field, low: Scalar, high: Scalar) -> Sql:
        """Return the condition that a field lies between two values."""
        return of_range(lambda op, value: self.compare(field, op, value), low, high)

    def present(self, field: Field) -> Sql:
        """Return the condition that an event has a field."""
        match field.name:
            case "time" | "actor" | "action" | "object":
                return Sql(f"({_COLUMNS.get(field.name, field.name)} IS NOT NULL)")
            case "outcome":
                return Sql("(outcome <> ?)", (OUTCOMES.index(Outcome.UNKNOWN),))
            case "flag":
                return joined(" OR ", [self._flagged(flag) for flag in EventFlag])
            case "integrity" | "tag" | "note":
                return self.compare(field, Op.HAS, "").within("(", " IS NOT NULL)")
            case _:
                return TRUE

    def anywhere(self, value: str | Pattern) -> Sql:
        """Return the condition that actor, action or object holds a text."""
        found = of_text(DUCK, "text", Op.HAS, value)
        return joined(
            " OR ",
            [
                found.within(f"coalesce({name} IN (SELECT id FROM terms WHERE ", "), false)")
                for name in CODED
            ],
        )

    def _text(self, name: str, op: Op, value: Value) -> Sql:
        found = of_text(DUCK, "text", op, value)
        if not (self.in_words and name == "action" and isinstance(value, Pattern)):
            return found
        return joined(" OR ", [found, of_text(DUCK, _WORDS, op, value)])

    def _term(self, name: str, found: Sql) -> Sql:
        # NULL IN (nothing) would be false; a field that is missing must be neither.
        before = f"(CASE WHEN {name} IS NULL THEN NULL ELSE {name} IN (SELECT id FROM terms WHERE "
        return found.within(before, ") END)")

    def _source(self, op: Op, value: Value) -> Sql:
        fits = test_of(op, value)
        ids = [number for number, name in self.sources.items() if fits(name)]
        return self._of_sources(ids)

    def _of_sources(self, ids: Iterable[int]) -> Sql:
        chosen = tuple(ids)
        return Sql("(source IN (SELECT unnest(?::INTEGER[])))", (chosen,)) if chosen else FALSE

    def _remarked(self, found: Iterable[On]) -> Sql:
        places = records(found, self.known().numbers)
        return self._ranges({s: [(r, r) for r in each] for s, each in places.items()})

    def _level(self, op: Op, value: Value) -> Sql:
        number = value if isinstance(value, int | float) else -1
        fits = _NUMBER_TESTS[op]
        return self._ranges(
            {s: self._marks(s).with_level(lambda level: fits(level, number)) for s in self.sources}
        )

    def _flag(self, op: Op, word: str) -> Sql:
        condition = self._flagged(EventFlag(word))
        return condition.within("(NOT ", ")") if op is Op.DIFFERS else condition

    def _flagged(self, flag: EventFlag) -> Sql:
        if flag in _FOUND_IN_INDEX:
            return Sql(flag.value)
        return self._ranges({s: self._marks(s).with_flag(flag) for s in self.sources})

    def _marks(self, source: int) -> Marks:
        return self.marks.get(source, NOT_JUDGED)

    def _ranges(self, ranges: Mapping[int, Sequence[Range]]) -> Sql:
        flat = [(source, *span) for source, spans in ranges.items() for span in spans]
        if not flat:
            return FALSE
        if len(flat) > _MOST_INLINE:
            columns = tuple(tuple(column) for column in zip(*flat, strict=True))
            return Sql(
                "EXISTS (SELECT 1 FROM (SELECT unnest(?::INTEGER[]) AS s, "
                "unnest(?::BIGINT[]) AS f, unnest(?::BIGINT[]) AS l) AS r "
                "WHERE r.s = source AND record BETWEEN r.f AND r.l)",
                columns,
            )
        each = [Sql("(source = ? AND record BETWEEN ? AND ?)", span) for span in flat]
        return joined(" OR ", each)


def _outcome(op: Op, word: str) -> Sql:
    sign = "<>" if op is Op.DIFFERS else "="
    unknown = OUTCOMES.index(Outcome.UNKNOWN)
    number = OUTCOMES.index(Outcome(word))
    if number == unknown:
        return Sql(f"(outcome {sign} ?)", (number,))
    # What no record says is missing: it neither is nor is not a success.
    return Sql(f"(nullif(outcome, {unknown}) {sign} ?)", (number,))


_NUMBER_TESTS: Mapping[Op, Callable[[float, float], bool]] = {
    Op.HAS: lambda a, b: a == b,
    Op.EQUAL: lambda a, b: a == b,
    Op.DIFFERS: lambda a, b: a != b,
    Op.LESS: lambda a, b: a < b,
    Op.AT_MOST: lambda a, b: a <= b,
    Op.MORE: lambda a, b: a > b,
    Op.AT_LEAST: lambda a, b: a >= b,
}
