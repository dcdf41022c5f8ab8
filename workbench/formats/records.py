"""A glance at the first records of a log, whatever container they lie in."""

import csv
from collections.abc import Mapping
from itertools import islice

from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_json import JsonError, JsonValue, parse
from workbench.formats.reader import Look

#: Where exports put their list of records inside one JSON document.
NESTED = ("entries", "events", "records", "Records", "items", "data", "log")
GLANCE = 20
BOM = b"\xef\xbb\xbf"

Glance = tuple[str, tuple[Mapping[str, JsonValue], ...]]


def glance(look: Look) -> Glance | None:
    """Return the container and the first records of a log, or None if it is not one.

    The container is ``jsonl``, ``json-array`` or ``csv``; for a JSON document the second part
    also holds, first, the document itself where it is an object (a bundle has fields of its own).
    """
    head = look.head.removeprefix(BOM)
    first = head.lstrip()[:1]
    if first not in {b"{", b"["}:
        return _csv(look, head)
    return _lines(look, head) or _document(look)


def _lines(look: Look, head: bytes) -> Glance | None:
    """Read JSONL: at least one of the first lines is an object, and a line is a whole value."""
    lines = [line for line in head.split(b"\n") if line.strip()]
    if not look.whole and len(lines) > 1:
        lines.pop()
    records = tuple(r for line in lines[:GLANCE] if (r := _object(line)) is not None)
    one_long_line = len(lines) == 1 and not look.whole and look.suffix in {".jsonl", ".ndjson"}
    if records or one_long_line:
        return "jsonl", records
    return None


def _object(line: bytes) -> Mapping[str, JsonValue] | None:
    try:
        value = parse(line, what="line")
    except JsonError:
        return None
    return value if isinstance(value, dict) else None


def _document(look: Look) -> Glance | None:
    """Read one JSON document whose records lie in a list: the top itself or a known member."""
    if look.file.size > LIMITS.document:
        return None
    data = look.head if look.whole else _whole(look)
    try:
        value = parse(data.removeprefix(BOM), what=look.file.display)
    except JsonError:
        return None
    rows = value if isinstance(value, list) else _nested(value)
    records = tuple(row for row in rows[:GLANCE] if isinstance(row, dict))
    if not records:
        return None
    return "json-array", (value, *records) if isinstance(value, dict) else records


def list_path(value: JsonValue) -> tuple[str, ...]:
    """Return the way to the list of records in a document; () where it is the document itself."""
    members = value if isinstance(value, dict) else {}
    lists = (name for name in NESTED if isinstance(members.get(name), list))
    return tuple(islice(lists, 1))


def _nested(value: JsonValue) -> list[JsonValue]:
    members = value if isinstance(value, dict) else {}
    found = [members.get(name) for name in list_path(value)]
    return next((rows for rows in found if isinstance(rows, list)), [])


def _whole(look: Look) -> bytes:
    from workbench.evidence.file import read_whole

    return read_whole(look.file)


def _csv(look: Look, head: bytes) -> Glance | None:
    """Read CSV or TSV by its suffix; a header line names the fields."""
    if look.suffix not in {".csv", ".tsv"}:
        return None
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        return None
    lines = text.splitlines()[: GLANCE + 1]
    delimiter = "\t" if look.suffix == ".tsv" else ","
    rows = list(csv.DictReader(lines, delimiter=delimiter))
    return "csv", tuple({k: v for k, v in row.items() if isinstance(k, str)} for row in rows)
