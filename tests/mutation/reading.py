"""Read logs as plainly as can be, to know which bytes of them are protected.

Nothing of the product is used here: what it says is held against what this reads. A value has two
forms: as it is spelled, and what it means. Where only the spelling changed, a digest may hold or
not, by the recipe; such a change is counted as loose and decides nothing.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Number:
    """A number as it is spelled."""

    text: str


@dataclass(frozen=True)
class Row:
    """A record where it lies.

    Attributes:
        raw: its bytes, without line end.
        start: where it begins.
        end: where the next one begins, or the file ends.
        value: what it says; None where it cannot be read.
    """

    raw: bytes
    start: int
    end: int
    value: Record | None


def strict_json(data: bytes) -> Any:
    """Return a JSON value with numbers as spelled.

    Raises:
        ValueError: it is no JSON (RFC 8259), names a member twice, or holds half a character.
    """
    text = data.decode()
    value = json.loads(
        text,
        object_pairs_hook=_members,
        parse_int=Number,
        parse_float=Number,
        parse_constant=_refuse,
    )
    shown(value).encode()  # half of a surrogate pair is no character (RFC 7493 2.1)
    return value


def _members(pairs: list[tuple[str, Any]]) -> Record:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is named twice")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(text)


def shown(value: Any, *, meant: bool = False) -> str:
    """Return a value in one form, whatever the order of its members."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, default=_meant if meant else _spelt
    )


def _spelt(value: Number) -> Any:
    return {"\0number": value.text}


def _meant(value: Number) -> Any:
    return float(value.text)


def moment(value: object) -> object:
    """Return what moment a text means, however it is written; other values as they are."""
    if not isinstance(value, str):
        return value
    text = value.upper().replace(" ", "T")
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return value
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def lines(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return lines that are not blank, without their ends, and where they lie."""
    found, start = [], 0
    for line in data.split(b"\n"):
        end = min(start + len(line) + 1, len(data))
        if line.strip():
            found.append((line.removesuffix(b"\r"), start, end))
        start = end
    return found


def json_lines(data: bytes) -> list[Row]:
    """Return the records of a file of JSON lines."""
    return [Row(raw, start, end, _object(raw)) for raw, start, end in lines(data)]


def _object(raw: bytes) -> Record | None:
    try:
        value = strict_json(raw)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def within(reader: Callable[[bytes], list[Row]], *names: str) -> Callable[[bytes], list[Row]]:
    """Return what reads records that lie in a member of each row."""

    def read(data: bytes) -> list[Row]:
        return [Row(r.raw, r.start, r.end, _inner(r.value, names)) for r in reader(data)]

    return read


def _inner(value: Record | None, names: Iterable[str]) -> Record | None:
    for name in names:
        found = value.get(name) if value is not None else None
        value = found if isinstance(found, dict) else None
    return value


def document(*names: str) -> Callable[[bytes], list[Row]]:
    """Return what reads the records of a list in one JSON document; their places are not known."""

    def read(data: bytes) -> list[Row]:
        try:
            value = strict_json(data)
            for name in names:
                value = value[name]
            return [Row(b"", 0, 0, one if isinstance(one, dict) else None) for one in value]
        except (ValueError, KeyError, TypeError):
            return []

    return read


def table(data: bytes, *, delimiter: str = ",", typed: Sequence[str] = ()) -> list[Row]:
    """Return the rows of a table below the row of names; NULL is what has no quotes.

    Cells of the columns ``typed`` are JSON.
    """
    rows = _rows(data, delimiter)
    if not rows:
        return []
    names = [text for text, _ in rows[0][0]]
    return [Row(data[s:e], s, e, _row(names, cells, typed)) for cells, s, e in rows[1:]]


def _row(names: list[str], cells: list[tuple[str, bool]], typed: Sequence[str]) -> Record | None:
    if len(names) != len(cells):
        return None
    try:
        found = [text.encode("latin-1").decode() for text, _ in cells]
        row = {n: t if t or c[1] else None for n, t, c in zip(names, found, cells, strict=True)}
        return row | {n: strict_json(row[n].encode()) for n in typed if row.get(n) is not None}
    except ValueError:
        return None


Cells = list[tuple[str, bool]]
#: No byte of UTF-8: a cell that holds it is none.
NO_TEXT = "\xff"


def _rows(data: bytes, delimiter: str) -> list[tuple[Cells, int, int]]:
    """Return the cells of each row, told whether they are quoted (RFC 4180)."""
    text = data.decode("latin-1")
    rows: list[tuple[Cells, int, int]] = []
    cells: Cells = []
    cell, quoted, inside, start = "", False, False, 0
    for at, char in enumerate(text):
        if inside:
            if char == '"':
                inside = False
            else:
                cell += char
        elif char == '"':
            again = quoted and text[at - 1] == '"'
            # Quotes stand around a cell, or twice within quotes, and nowhere else.
            cell = cell + '"' if again else cell and f"{cell}{NO_TEXT}"
            inside = quoted = True
        elif char == delimiter:
            cells, cell, quoted = [*cells, (cell, quoted)], "", False
        elif char == "\n":
            rows.append(([*cells, (cell, quoted)], start, at + 1))
            cells, cell, quoted, start = [], "", False, at + 1
        else:
            cell += NO_TEXT if quoted else char
    if start < len(text):
        rows.append(([*cells, (cell, quoted)], start, len(text)))
    return [row for row in rows if row[0] != [("", False)]]


def texts(own: str) -> Callable[[bytes], list[Row]]:
    """Return what reads lines of text in which ``own`` names the digest."""
    mark = f" {own}=".encode()

    def read(data: bytes) -> list[Row]:
        return [
            Row(raw, start, end, {"text": raw.hex()} if mark in raw and is_text(raw) else None)
            for raw, start, end in lines(data)
        ]

    return read


def is_text(data: bytes) -> bool:
    """Tell whether bytes are UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
