"""A glance at the first records of a log, whatever container they lie in."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from workbench.errors import SourceError
from workbench.evidence.file import read_whole
from workbench.evidence.limits import LIMITS
from workbench.evidence.line_fields import TextError, cef_of, pairs_of
from workbench.evidence.strict_json import JsonError, JsonValue, parse
from workbench.evidence.table_cells import RowError, cells_of, rows_of, tables
from workbench.formats.reader import Look
from workbench.model.profile import ChainProfile, Container, ContainerKind

#: Where exports put their list of records inside one JSON document.
NESTED = ("entries", "events", "records", "Records", "items", "data", "log")
GLANCE = 20
#: How deep in a document the list of records is looked for.
MOST_NESTED = 4
BOM = b"\xef\xbb\xbf"
_UTF_16 = b"\xff\xfe", b"\xfe\xff"

#: A field that looks like a digest: hex of 32 to 64 bytes with an optional prefix, or "0x".
_DIGEST = re.compile(r"^(?:0x|sha(?:256|512):)?[0-9A-Fa-f]{64}(?:[0-9A-Fa-f]{64})?$")
#: Whatever can be a digest or a part of one, hex or base64, with what may stand before it.
_TAG = re.compile(
    r"^(?:0x|[a-z][a-z0-9-]{0,11}:)?(?:[0-9A-Fa-f]{32,128}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$"
)
_PREVIOUS = re.compile(r"prev|parent", re.IGNORECASE)
#: The same in bytes that are no JSON (any more).
_LINKED = re.compile(
    rb'"[^"\n]{0,99}(?:prev|parent)[^"\n]{0,99}" *: *"(?:0x|sha\d+:)?[0-9a-f]{64}', re.IGNORECASE
)

Glance = tuple[str, tuple[Mapping[str, JsonValue], ...]]


def glance(look: Look) -> Glance | None:
    """Return the container and the first records of a log, or None if it is not one.

    The container is ``jsonl``, ``json-array``, ``csv`` or ``text``; for a JSON document the second
    part also holds, first, the document itself where it is an object (a bundle has fields of its
    own).
    """
    head = look.head.removeprefix(BOM)
    if head.lstrip()[:1] not in {b"{", b"["}:
        return _other(look, head)
    lines = [line for line in head.split(b"\n") if line.strip()]
    if not look.whole and len(lines) > 1:
        lines.pop()
    if len(lines) > 1 and _value(lines[0]) is not None:  # no document goes on after its end
        return _lines(look, lines)
    value = _value(_whole(look)) if look.file.size <= LIMITS.document else None
    if value is None:
        return _elements(lines) or _lines(look, lines) or _damaged(head)
    return _document(value, look)


def looks_chained(records: Sequence[Mapping[str, JsonValue]]) -> bool:
    """Tell whether records seem to hold digests of each other.

    One has two digest-like fields of which one is named as the previous one, or most have a value
    that stands in one before in another field, whatever they are called.
    """
    linked, before = 0, dict[str, str]()
    for record in records:
        digests = {k: v for k, v in record.items() if isinstance(v, str) and _DIGEST.match(v)}
        if len(digests) >= 2 and any(_PREVIOUS.search(name) for name in digests):
            return True
        now = {k: v for k, v in record.items() if isinstance(v, str) and _TAG.match(v)}
        linked += any(before.get(value, name) != name for name, value in now.items())
        before |= {value: name for name, value in now.items()}
    return linked >= max(2, len(records) // 2)


def _value(data: bytes) -> list[JsonValue] | dict[str, JsonValue] | None:
    """Return the array or object that ``data`` is, or None."""
    try:
        value = parse(data, what="JSON")
    except JsonError:
        return None
    return value if isinstance(value, list | dict) else None


def _whole(look: Look) -> bytes:
    try:
        data = look.head if look.whole else read_whole(look.file)
    except SourceError:
        return b""
    return data.removeprefix(BOM)


def _lines(look: Look, lines: Sequence[bytes]) -> Glance | None:
    """Read JSONL: at least one of the first lines is an object, and a line is a whole value."""
    values = [_value(line) for line in lines[:GLANCE]]
    records = tuple(value for value in values if isinstance(value, dict))
    one_long_line = len(lines) == 1 and not look.whole and look.suffix in {".jsonl", ".ndjson"}
    return ("jsonl", records) if records or one_long_line else None


def _elements(lines: Sequence[bytes]) -> Glance | None:
    """Read an array that is damaged, or too large to be parsed here: its lines end in commas."""
    opened, first, rest = lines[0].strip().partition(b"[")
    body = [line.strip() for line in (rest, *lines[1:]) if line.strip()]
    if opened or not first or 2 * sum(line.endswith(b",") for line in body) <= len(body):
        return None
    values = [_value(line.rstrip(b",]")) for line in body[:GLANCE]]
    records = tuple(value for value in values if isinstance(value, dict))
    return ("json-array", records) if records else None


def _damaged(head: bytes) -> Glance | None:
    """Recognise what cannot be read as JSON but has a field for a previous digest."""
    return ("json-array", ()) if _LINKED.search(head) else None


def _document(value: list[JsonValue] | dict[str, JsonValue], look: Look) -> Glance | None:
    """Read one JSON document whose records lie in a list: the top itself or a known member."""
    rows = value if isinstance(value, list) else _nested(value, look)
    records = tuple(row for row in rows[:GLANCE] if isinstance(row, dict))
    if isinstance(value, list):
        return ("json-array", records) if records else None
    one_line = b"\n" not in look.head.strip()
    if one_line and not _is_bundle(value, records, look):
        return "jsonl", (value,)
    return ("json-array", (value, *records)) if records else None


def _is_bundle(
    value: Mapping[str, JsonValue], rows: Sequence[Mapping[str, JsonValue]], look: Look
) -> bool:
    """Tell an export in one line from a log of one record: by what is chained, it or its rows."""
    bundles = [p for p in look.profiles if p.manifest is not None]
    logs = [p for p in look.profiles if p.manifest is None]
    if any(profile.fits(value) for profile in bundles):
        return True
    if looks_chained([value]) or any(profile.fits(value) for profile in logs):
        return False
    return looks_chained(rows) or any(p.fits(row) for p in logs for row in rows)


def list_path(value: JsonValue) -> tuple[str, ...]:
    """Return the way to the list of records in a document; () where it is the document itself.

    A list of a known name comes first, then one of objects that point at each other.
    """
    members = value if isinstance(value, dict) else {}
    for name in NESTED:
        if isinstance(members.get(name), list):
            return (name,)
    return next((path for path, rows in _lists(members) if _look_chained(rows)), ())


def _lists(
    members: Mapping[str, JsonValue], depth: int = MOST_NESTED
) -> Iterator[tuple[tuple[str, ...], list[JsonValue]]]:
    """Yield the lists in the objects of a document with the way to each, the upper ones first."""
    for name, value in members.items():
        if isinstance(value, list):
            yield (name,), value
    for name, value in members.items():
        if isinstance(value, dict) and depth > 1:
            for path, rows in _lists(value, depth - 1):
                yield (name, *path), rows


def _look_chained(rows: Sequence[JsonValue]) -> bool:
    return looks_chained([row for row in rows[:GLANCE] if isinstance(row, dict)])


def _nested(value: Mapping[str, JsonValue], look: Look) -> list[JsonValue]:
    """Return the records of a document: where they usually lie, else what a profile fits."""
    found: JsonValue = dict(value)
    for name in list_path(dict(value)):
        found = found[name] if isinstance(found, dict) else None
    if isinstance(found, list):
        return found
    lists = (rows for _, rows in _lists(value))
    return next((rows for rows in lists if _fit(rows, look)), [])


def _fit(rows: Sequence[JsonValue], look: Look) -> bool:
    objects = [row for row in rows[:GLANCE] if isinstance(row, dict)]
    return any(profile.fits(row) for profile in look.profiles for row in objects)


def _other(look: Look, head: bytes) -> Glance | None:
    """Read what is no JSON: a table, or lines of text with named fields, or no JSON any more."""
    return _table(look, head) or _text(look, head) or _begun_otherwise(look, head)


def _begun_otherwise(look: Look, head: bytes) -> Glance | None:
    """Recognise a log by what follows: a byte put before it must not make it drop out.

    Of a text that merely quotes records the lines are mostly others.
    """
    lines = [line for line in head.split(b"\n") if line.strip()]
    opened = [line for line in lines if line.lstrip()[:1] == b"{"]
    if 2 * len(opened) > len(lines):
        values = [_value(line) for line in opened[:GLANCE]]
        records = tuple(value for value in values if isinstance(value, dict))
        if looks_chained(records) or any(p.fits(r) for p in look.profiles for r in records):
            return "jsonl", records
    if head[:2] in _UTF_16:
        return _damaged(head.replace(b"\0", b""))
    return _damaged(head) if look.suffix == ".json" else None


def _table(look: Look, head: bytes) -> Glance | None:
    """Read a table: what a profile fits, or looks chained; by its suffix, whatever it holds."""
    whole = head if look.whole else head[: head.rfind(b"\n") + 1]
    guesses = [_records(whole, layout) for layout in tables(whole)]
    guesses += [_records(whole, layout) for layout in _without_header(look)]
    for records in guesses:
        if looks_chained(records) or any(p.fits(r) for p in _of_tables(look) for r in records):
            return "csv", records
    if look.suffix not in {".csv", ".tsv"}:
        return None
    return "csv", max(guesses, key=lambda rows: max(map(len, rows), default=0), default=())


def _of_tables(look: Look) -> list[ChainProfile]:
    return [profile for profile in look.profiles if profile.container.reads_tables]


def _without_header(look: Look) -> Iterator[Container]:
    for profile in _of_tables(look):
        if profile.container.columns:
            yield replace(profile.container, header=False)


def _records(head: bytes, layout: Container) -> tuple[Mapping[str, JsonValue], ...]:
    """Return the first rows by the names of their columns; members of JSON in a cell too."""
    first = int(layout.header)
    rows = islice(rows_of(head, layout), first, first + GLANCE)
    records: list[Mapping[str, JsonValue]] = []
    for raw in rows:
        try:
            cells = cells_of(raw, layout, escaped=False)
        except RowError:
            continue
        if len(cells) == len(layout.columns):
            record: dict[str, JsonValue] = {}
            for cell in cells:
                record |= _members(cell)
            records.append(record | dict(zip(layout.columns, cells, strict=True)))
    return tuple(records)


def _members(cell: str | None) -> dict[str, JsonValue]:
    if cell is None or not cell.startswith("{"):
        return {}
    value = _value(cell.encode("utf-8", "surrogatepass"))
    return value if isinstance(value, dict) else {}


def _text(look: Look, head: bytes) -> Glance | None:
    """Read lines of ``key=value`` or CEF, if a profile fits or they look chained."""
    lines = [line for line in head.split(b"\n") if line.strip()][:GLANCE]
    for read, kind in ((cef_of, ContainerKind.CEF), (pairs_of, ContainerKind.KEY_VALUE)):
        records = tuple(_fields(lines, read))
        profiles = [p for p in look.profiles if p.container.kind is kind]
        fit = any(profile.fits(record) for profile in profiles for record in records)
        if fit or looks_chained(records):
            return "text", records
    return None


def _fields(
    lines: Iterable[bytes], read: Callable[[bytes], dict[str, object]]
) -> Iterator[Mapping[str, JsonValue]]:
    for line in lines:
        try:
            yield {name: str(value) for name, value in read(line).items()}
        except TextError:
            continue
