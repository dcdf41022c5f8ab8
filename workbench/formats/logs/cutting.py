"""Cut the records out of a log, whatever they lie in, and read each strictly."""

from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_range
from workbench.evidence.json_records import RawRecord, lines
from workbench.evidence.json_stream import Cut, elements_in, elements_of, values_of
from workbench.evidence.limits import KIB, Limits
from workbench.evidence.line_fields import (
    TextError,
    before_cef,
    cef_of,
    pairs_of,
    syslog_of,
    words_of,
)
from workbench.evidence.quick_json import parse_quickly
from workbench.evidence.strict_json import JsonError, JsonValue
from workbench.evidence.table_cells import RowError, cells_of, of_anybody, tables, unlike
from workbench.evidence.table_stream import rows
from workbench.formats.logs.mapper import Members, value_at
from workbench.model.catalog import CatalogProblem
from workbench.model.event_mapping import EventMapping, LogContainer
from workbench.model.locator import Locator
from workbench.model.profile import Container
from workbench.model.progress import Cancel
from workbench.model.recipe import Name
from workbench.model.source import Problem, ProblemCode

_HEAD = 64 * KIB


class Record(NamedTuple):
    """One record of a log.

    Attributes:
        number: which of its file it is, from 1.
        offset: where its bytes start in the file.
        length: how many they are.
        members: what it says; None where it cannot be read.
        fault: why it cannot be read, or None.
    """

    number: int
    offset: int
    length: int
    members: Members | None
    fault: Problem | None = None


#: Records and problems of one file; at the end what stands around the records.
Records = Generator[Record | Problem, None, Members]


def records_of(
    file: EvidenceFile,
    container: LogContainer,
    mapping: EventMapping,
    *,
    limits: Limits,
    cancel: Cancel,
) -> Records:
    """Yield the records of a file; one that cannot be read is a problem, and a record without.

    Raises:
        SourceError: the file cannot be read.
    """
    match container:
        case LogContainer.JSON_ARRAY:
            found = elements_of(file, (*mapping.lists, ()), limits=limits, cancel=cancel)
            return (yield from _of_document(file, found, mapping, limits))
        case LogContainer.JSON:
            found = values_of(file, limits=limits, cancel=cancel)
            return (yield from _of_document(file, found, mapping, limits))
        case LogContainer.JSONL:
            for raw in lines(file, limits=limits, cancel=cancel):
                yield from _of_json(file, raw, mapping.lists, limits)
        case LogContainer.CSV:
            yield from _of_table(file, mapping, limits, cancel)
        case _:
            for raw in lines(file, limits=limits, cancel=cancel):
                yield _of_text(file, raw, container)
    return {}


def fields_of(raw: bytes, container: LogContainer) -> dict[str, JsonValue]:
    """Return the fields of a line of text.

    Raises:
        TextError: it has none of that kind.
    """
    match container:
        case LogContainer.KEY_VALUE:
            found, rest = pairs_of(raw), ("line", words_of(raw))
        case LogContainer.CEF:
            found, rest = cef_of(raw), ("before", before_cef(raw))
        case LogContainer.SYSLOG:
            found, rest = syslog_of(raw), ("", "")
        case _:
            found, rest = {"line": _decoded(raw)}, ("", "")
    return {**found, **({rest[0]: rest[1]} if rest[1] else {})}  # type: ignore[dict-item]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextError(f"the bytes are not UTF-8 at byte {error.start}") from error


def _of_text(file: EvidenceFile, raw: RawRecord | Problem, container: LogContainer) -> "_Read":
    if isinstance(raw, Problem):
        return lost(raw)
    try:
        return _record(raw, fields_of(raw.data, container))
    except TextError as error:
        return malformed(file, raw, str(error))


_Read = Record | Problem


def _record(raw: RawRecord, members: Members | None) -> Record:
    return Record(raw.number, raw.offset, len(raw.data), members)


def malformed(
    file: EvidenceFile, raw: RawRecord, reason: str, *, offset: int | None = None
) -> Record:
    """Return a record that cannot be read, with the place where it cannot."""
    start = raw.offset if offset is None else raw.offset + offset
    place = Locator(file.path, file.member, raw.number, start, None if offset else len(raw.data))
    message = f"{file.display}: record {raw.number}, byte {start}: {reason}."
    fault = Problem(CatalogProblem.MALFORMED_RECORD, place, message)
    return Record(raw.number, raw.offset, len(raw.data), None, fault)


def lost(problem: Problem) -> "_Read":
    """Return a record that is too long to be read; any other problem as it is."""
    place = problem.locator
    if problem.code != ProblemCode.LIMIT_EXCEEDED or place.record is None:
        return problem
    return Record(place.record, place.offset or 0, place.length or 0, None, problem)


def _of_json(
    file: EvidenceFile, raw: RawRecord | Problem, lists: Sequence[Name], limits: Limits
) -> Iterator["_Read"]:
    """Yield the event that a JSON record is, or those in the list that it holds."""
    if isinstance(raw, Problem):
        yield lost(raw)
        return
    try:
        value = parse_quickly(raw.data, limits=limits, what="record")
    except JsonError as error:
        yield malformed(file, raw, error.reason, offset=error.offset)
        return
    if not isinstance(value, dict):
        yield malformed(file, raw, "it is no object")
        return
    held = next((p for p in lists if p and isinstance(value_at(value, p), list)), None)
    if held is None:
        yield _record(raw, value)
        return
    # Collectors write lists of events in one line.
    for one in elements_in(raw.data, [held], file=file, limits=limits)[1]:
        part = RawRecord(raw.number, raw.offset + one.offset, one.data)
        yield from _of_json(file, part, (), limits)


def _of_document(file: EvidenceFile, cut: Cut, mapping: EventMapping, limits: Limits) -> Records:
    around = b""
    while True:
        try:
            raw = next(cut)
        except StopIteration as stop:
            around = stop.value
            break
        yield from _of_json(file, raw, mapping.lists, limits)
    if not around.strip():
        return {}
    try:
        value = parse_quickly(around, limits=limits, what="document")
    except JsonError as error:
        message = (
            f"{file.display}: what stands around the records is no JSON: {error.reason}. "
            "Was the file cut off?"
        )
        yield Problem(
            CatalogProblem.MALFORMED_RECORD, Locator(file.path, file.member, pointer=""), message
        )
        return {}
    return value if isinstance(value, dict) else {}


def layout_of(head: bytes, mapping: EventMapping) -> Container | None:
    """Return the layout of a table, its columns named; None where it is none."""
    if mapping.delimiter:
        return next(tables(head, [mapping.delimiter]), None)
    found = of_anybody(head)
    return found if found.columns else None


def named_columns(table: Container) -> tuple[str, ...]:
    """Return the names of the columns, each once, so that no cell hides another."""
    names: list[str] = []
    for n, name in enumerate(table.columns, 1):
        base = name or f"column {n}"
        names.append(base if base not in names else f"{base}#{n}")
    return tuple(names)


def _of_table(
    file: EvidenceFile, mapping: EventMapping, limits: Limits, cancel: Cancel
) -> Iterator["_Read"]:
    table = layout_of(read_range(file, 0, _HEAD), mapping)
    if table is None:
        raise SourceError(f"{file.display} is no table.", path=file.path)
    names = named_columns(table)
    for raw in rows(file, table, limits=limits, cancel=cancel):
        if isinstance(raw, Problem):
            yield lost(raw)
        elif raw.number:
            yield _of_row(file, raw, table, names)


def _of_row(file: EvidenceFile, raw: RawRecord, table: Container, names: Sequence[str]) -> Record:
    try:
        cells = cells_of(raw.data, table)
    except RowError as error:
        return malformed(file, raw, str(error))
    if reason := unlike(cells, names):
        return malformed(file, raw, reason)
    return _record(raw, dict(zip(names, cells, strict=True)))
