"""Where in a row stands what a query looks for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.evidence.linear_regex import pattern_of
from workbench.model.event import IndexedEvent
from workbench.model.kept import KeptThing, Listed, flat
from workbench.model.query import And, Anywhere, Compare, Node, Op, Or, Pattern
from workbench.model.query_fields import FieldKind
from workbench.model.search import Match

_BEFORE, _AFTER = 40, 80
#: Columns that hold numbers of ours, in which nobody looks for text.
_OURS = frozenset(
    {"id", "source", "number", "record", "offset", "length", "level", "bytes", "last"}
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Text that is looked for, in one field or in any ("")."""

    field: str
    value: str | Pattern


def sought(node: Node | None) -> tuple[Sought, ...]:
    """Return the texts that a query looks for; not those that it keeps out."""
    match node:
        case And(parts) | Or(parts):
            return tuple(each for part in parts for each in sought(part))
        case Anywhere(value):
            return (Sought("", value),)
        case Compare(field, Op.HAS | Op.EQUAL, str() | Pattern() as value) if (
            field.kind is FieldKind.TEXT
        ):
            name = f"{field.group}.{field.name}" if field.group else field.name
            return (Sought(name, value),)
        case _:
            return ()


def words(some: Iterable[Sought]) -> tuple[str, ...]:
    """Return the plain texts among what is looked for anywhere, in lower case."""
    return tuple(e.value.lower() for e in some if not e.field and isinstance(e.value, str))


def match_in(row: IndexedEvent | Listed, some: Iterable[Sought]) -> Match | None:
    """Return where a row has what is looked for, the first of it."""
    for each in some:
        for field, text in _texts(row):
            if each.field in {"", field, _QUERY_NAMES.get(field, field)}:
                found = _found(each.value, text)
                if found is not None:
                    return _around(field, text, *found)
    return None


#: Columns that a query calls by another name.
_QUERY_NAMES = {"path": "source", "corrective_action": "action"}


def _texts(row: IndexedEvent | Listed) -> Iterator[tuple[str, str]]:
    for name, cell in flat(row).items():
        if isinstance(cell, str) and cell and name not in _OURS:
            yield name, cell
    if isinstance(row, KeptThing):
        yield from ((f"{a.group.value}.{a.name}", a.value) for a in row.thing.attributes)


def _found(value: str | Pattern, text: str) -> tuple[int, int] | None:
    if isinstance(value, Pattern):
        first = next((part for part in pattern_of(value.text).found(text) if part), "")
        at = text.find(first) if first else -1
        return (at, at + len(first)) if at >= 0 else None
    found = re.search(re.escape(value), text, re.IGNORECASE) if value else None
    return found.span() if found else None


def _around(field: str, text: str, start: int, end: int) -> Match:
    first, last = max(0, start - _BEFORE), min(len(text), max(end, start) + _AFTER)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    shown = f"{before}{text[first:last]}{after}"
    return Match(field, shown, start - first + len(before), end - start)
