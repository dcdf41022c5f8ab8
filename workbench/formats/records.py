"""A glance at the first records of a log, whatever container they lie in."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from workbench.errors import SourceError
from workbench.evidence.file import read_whole
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_json import JsonError, JsonValue, parse
from workbench.formats.reader import Look

#: Where exports put their list of records inside one JSON document.
NESTED = ("entries", "events", "records", "Records", "items", "data", "log")
GLANCE = 20
BOM = b"\xef\xbb\xbf"

#: A field that looks like a digest: hex of 32 to 64 bytes with an optional prefix, or "0x".
_DIGEST = re.compile(r"^(?:0x|sha(?:256|512):)?[0-9A-Fa-f]{64}(?:[0-9A-Fa-f]{64})?$")
_PREVIOUS = re.compile(r"prev|parent", re.IGNORECASE)
#: The same in bytes that are no JSON (any more).
_LINKED = re.compile(
    rb'"[^"\n]{0,99}(?:prev|parent)[^"\n]{0,99}" *: *"(?:0x|sha\d+:)?[0-9a-f]{64}', re.IGNORECASE
)

Glance = tuple[str, tuple[Mapping[str, JsonValue], ...]]


def glance(look: Look) -> Glance | None:
    """Return the container and the first records of a log, or None if it is not one.

    The container is ``jsonl``, ``json-array`` or ``csv``; for a JSON document the second part
    also holds, first, the document itself where it is an object (a bundle has fields of its own).
    """
    head = look.head.removeprefix(BOM)
    if head.lstrip()[:1] not in {b"{", b"["}:
        return _csv(look, head)
    lines = [line for line in head.split(b"\n") if line.strip()]
    if not look.whole and len(lines) > 1:
        lines.pop()
    if len(lines) > 1 and _value(lines[0]) is not None:  # no document goes on after its end
        return _lines(look, lines)
    value = _value(_whole(look)) if look.file.size <= LIMITS.document else None
    if value is None:
        return _elements(lines) or _lines(look, lines) or _damaged(head)
    return _document(value, look)


def looks_chained(records: Iterable[Mapping[str, JsonValue]]) -> bool:
    """Tell whether a record has two digest-like fields, one of them named as the previous one."""
    for record in records:
        digests = [k for k, v in record.items() if isinstance(v, str) and _DIGEST.match(v)]
        if len(digests) >= 2 and any(_PREVIOUS.search(name) for name in digests):
            return True
    return False


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
    rows = value if isinstance(value, list) else _nested(value)
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
    """Return the way to the list of records in a document; () where it is the document itself."""
    members = value if isinstance(value, dict) else {}
    lists = (name for name in NESTED if isinstance(members.get(name), list))
    return tuple(islice(lists, 1))


def _nested(value: Mapping[str, JsonValue]) -> list[JsonValue]:
    found = [value.get(name) for name in list_path(dict(value))]
    return next((rows for rows in found if isinstance(rows, list)), [])


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
