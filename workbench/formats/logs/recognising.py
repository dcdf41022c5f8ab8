"""Tell a plain log by what its first records hold, never by its name.

What looks chained is none: digests that are there must not be passed over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from workbench.evidence.file import EvidenceFile
from workbench.evidence.json_records import RawRecord
from workbench.evidence.json_stream import elements_in, values_in
from workbench.evidence.limits import LIMITS
from workbench.evidence.line_fields import TextError
from workbench.evidence.quick_json import parse_quickly
from workbench.evidence.strict_json import JsonError, JsonValue
from workbench.evidence.table_cells import RowError, cells_of, rows_of
from workbench.formats.logs.cutting import fields_of, layout_of, named_columns
from workbench.formats.logs.library import shipped
from workbench.formats.logs.mapper import Mapper, Members, value_at
from workbench.formats.reader import Look
from workbench.formats.records import GLANCE, glance, looks_chained
from workbench.model.event_mapping import TEXT, EventMapping, LogContainer, Sign
from workbench.model.recipe import Name

_BOM = b"\xef\xbb\xbf"
_JSON = (LogContainer.JSONL, LogContainer.JSON_ARRAY, LogContainer.JSON)


class Peek(NamedTuple):
    """How records lie in a file, the first of them, and where in a document their list is."""

    container: LogContainer
    records: tuple[Members, ...]
    place: Name = ()


def fitting(
    look: Look, mapping: EventMapping, *, likely: Callable[[Members], bool] | None = None
) -> LogContainer | None:
    """Return how records lie in a file whose first ones a mapping is for; None: it is not."""
    for seen in peeks(look, mapping):
        records = seen.records
        meant = likely is None or 2 * sum(map(likely, records)) > len(records)
        if meant and _are_meant(records, mapping) and not is_chained(look, seen):
            return seen.container
    return None


def _are_meant(records: Sequence[Members], mapping: EventMapping) -> bool:
    if mapping.signs:
        meant = sum(all(_shows(sign, record) for sign in mapping.signs) for record in records)
    else:
        mapper = Mapper(mapping)
        mapped = map(mapper.map, records)
        meant = sum(m.time_ns is not None or m.action is not None for m in mapped)
    return meant * 2 > len(records)


def _shows(sign: Sign, record: Members) -> bool:
    value = value_at(record, sign.place)
    if value is None:
        return False
    return not sign.begins or str(value).startswith(sign.begins)


def is_chained(look: Look, seen: Peek) -> bool:
    """Tell whether records hold digests of each other, or follow the recipe of a chain."""
    if any(profile.fits(record) for profile in look.profiles for record in seen.records):
        return True
    if looks_chained(seen.records):
        return True
    if seen.container in _JSON:
        return False
    found = glance(look)
    return found is not None and found[0] == "text"


def peeks(look: Look, mapping: EventMapping) -> Iterator[Peek]:
    """Yield how the records of a file may lie, of the ways that a mapping knows."""
    wanted = mapping.containers
    if not look.head.strip():
        return
    if set(wanted) & set(_JSON) and look.head.removeprefix(_BOM).lstrip()[:1] in {b"{", b"["}:
        yield from _of_json(look, mapping)
        return
    if LogContainer.CSV in wanted and (records := _rows(look, mapping)):
        yield Peek(LogContainer.CSV, records)
    for container in wanted:
        if container in TEXT and (records := _lines(look, container)):
            yield Peek(container, records)


def _of_json(look: Look, mapping: EventMapping) -> Iterator[Peek]:
    known = {name for m in (*shipped(), *look.mappings, mapping) for name in m.lists}
    seen = _json(look.head, look.whole, tuple(sorted(known)), look.file)
    if seen is None or seen.container not in mapping.containers:
        return
    if seen.container is LogContainer.JSON_ARRAY:
        if seen.place in {*mapping.lists, ()}:
            yield seen
    else:
        yield seen._replace(records=tuple(_unpacked(seen.records, mapping.lists)))


@lru_cache(maxsize=2)
def _json(head: bytes, whole: bool, lists: tuple[Name, ...], file: EvidenceFile) -> Peek | None:
    """Return how the records of JSON lie: one a line, a list, or one after the other."""
    text = head.removeprefix(_BOM)
    if text.lstrip().startswith(b"["):
        return _peek(LogContainer.JSON_ARRAY, *elements_in(text, [()], file=file, limits=LIMITS))
    lines = [line for line in text.split(b"\n") if line.strip()]
    lines = lines if whole or len(lines) < 2 else lines[:-1]
    values = [_value(line) for line in lines[:GLANCE]]
    found = [value for value in values if isinstance(value, dict)]
    if len(lines) > 1 and 2 * len(found) > len(values):
        return Peek(LogContainer.JSONL, tuple(found))
    listed = _peek(LogContainer.JSON_ARRAY, *elements_in(text, lists, file=file, limits=LIMITS))
    if listed is not None:
        return listed
    if found and len(lines) == 1:
        return Peek(LogContainer.JSONL, tuple(found))
    return _peek(LogContainer.JSON, (), values_in(text, file=file, limits=LIMITS))


def _unpacked(records: Sequence[Members], lists: Sequence[Name]) -> Iterator[Members]:
    """Yield records; of one that holds a list of them, those in it."""
    for record in records:
        held = next((v for p in lists if p and isinstance(v := value_at(record, p), list)), None)
        yield from [record] if held is None else [r for r in held[:GLANCE] if isinstance(r, dict)]


def _peek(container: LogContainer, place: Name, raws: Sequence[RawRecord]) -> Peek | None:
    values = (_value(raw.data) for raw in raws[:GLANCE])
    records = tuple(value for value in values if isinstance(value, dict))
    return Peek(container, records, place) if records else None


def _value(data: bytes) -> JsonValue:
    try:
        return parse_quickly(data, what="record")
    except JsonError:
        return None


def _rows(look: Look, mapping: EventMapping) -> tuple[Members, ...]:
    head = look.head.removeprefix(_BOM)
    whole = head if look.whole else head[: head.rfind(b"\n") + 1]
    table = layout_of(whole, mapping)
    if table is None or b"\0" in whole:
        return ()
    names = named_columns(table)
    records: list[Members] = []
    for raw in islice(rows_of(whole, table), 1, GLANCE + 1):
        try:
            cells = cells_of(raw, table)
        except RowError:
            continue
        if len(cells) == len(names):
            records.append(dict(zip(names, cells, strict=True)))
    return tuple(records)


def _lines(look: Look, container: LogContainer) -> tuple[Members, ...]:
    """Return the fields of the first lines; () where most of them have none of that kind."""
    lines = [line.rstrip(b"\r") for line in look.head.removeprefix(_BOM).split(b"\n")]
    lines = [line for line in (lines if look.whole else lines[:-1]) if line.strip()][:GLANCE]
    records: list[Members] = []
    for line in lines:
        try:
            records.append(fields_of(line, container))
        except TextError:
            continue
    return tuple(records) if 2 * len(records) > len(lines) else ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A mapping that fits a file, and how its records lie."""

    mapping: EventMapping
    container: LogContainer


def first_fitting(look: Look, mappings: Sequence[EventMapping]) -> Recognised | None:
    """Return the first of some mappings that fits."""
    for mapping in mappings:
        container = fitting(look, mapping)
        if container is not None:
            return Recognised(mapping, container)
    return None
