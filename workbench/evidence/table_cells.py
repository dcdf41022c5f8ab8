r"""Read the rows and cells of a table, as databases export them.

A row ends at a line end outside quotes (RFC 4180); in tables whose cells are not quoted every line
is a row. An empty cell without quotes, and ``\N``, is NULL; ``""`` is an empty text. That is how
the usual databases export, and the one way in which both can be told apart.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workbench.model.profile import Container, ContainerKind

NULL = "\\N"
_BOM = b"\xef\xbb\xbf"
DELIMITERS = (",", "\t", ";", "|")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "\\": "\\"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class RowError(ValueError):
    """A row that is none; the message says why."""


def rows_of(data: bytes, container: Container) -> Iterator[bytes]:
    """Yield the rows of some bytes, the header too; the last one may be cut off."""
    return (data[start:end] for start, end in row_places(data, container))


def row_places(data: bytes, container: Container) -> Iterator[tuple[int, int]]:
    """Yield beginning and end of each row that is not blank, without its line end."""
    start = at = 0
    opened = False
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        opened ^= container.quoted and data.count(b'"', at, end) % 2 == 1
        at = end + 1
        if opened and at < len(data):
            continue
        last = end - 1 if end > start and data[end - 1 : end] == b"\r" else end
        if data[start:last].strip():
            yield start, last
        start, opened = at, False


def cells_of(raw: bytes, container: Container, *, escaped: bool = True) -> list[str | None]:
    """Return the cells of a row; None for NULL.

    Args:
        raw: the row, without its end.
        container: how cells are parted.
        escaped: whether a backslash in a cell without quotes escapes what follows.

    Raises:
        RowError: it is no such row.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RowError(f"the bytes are not UTF-8 at byte {error.start}") from error
    if not container.quoted:
        return [_bare(cell, escaped=escaped) for cell in text.split(container.delimiter)]
    return list(_quoted(text, container.delimiter))


def _bare(cell: str, *, escaped: bool) -> str | None:
    if cell == NULL:
        return None
    return _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), cell) if escaped else cell


def _quoted(text: str, delimiter: str) -> Iterator[str | None]:
    at = 0
    while True:
        if text[at : at + 1] == '"':
            cell, at = _in_quotes(text, at + 1)
            yield cell
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            cell, at = text[at:end], end
            if '"' in cell:
                raise RowError("a quote stands inside a cell that is not quoted")
            yield None if cell in {"", NULL} else cell
        if at == len(text):
            return
        if text[at] != delimiter:
            raise RowError("something follows a quoted cell")
        at += 1


def _in_quotes(text: str, at: int) -> tuple[str, int]:
    """Return a quoted cell that begins at ``at``, and where it ends."""
    parts: list[str] = []
    while True:
        end = text.find('"', at)
        if end < 0:
            raise RowError("a quoted cell has no end")
        parts.append(text[at:end])
        if text[end + 1 : end + 2] != '"':
            return "".join(parts), end + 1
        parts.append('"')
        at = end + 2


def quoting_of(data: bytes, delimiter: str) -> bool:
    """Tell whether cells of a table are quoted: in a tab-separated one, if the first one is."""
    return delimiter != "\t" or data.startswith(b'"') or b'\t"' in data.partition(b"\n")[0]


def unlike(cells: Sequence[object], columns: Sequence[str]) -> str:
    """Return why a row does not fit its header, or ""."""
    if len(cells) == len(columns):
        return ""
    return f"the row has {len(cells)} cells and the table {len(columns)} columns"


def tables(head: bytes, delimiters: Iterable[str] = DELIMITERS) -> Iterator[Container]:
    """Yield what tables the first lines of a file may be, their first row taken for names."""
    for delimiter in dict.fromkeys(delimiters):
        found = Container(
            ContainerKind.CSV, delimiter=delimiter, quoted=quoting_of(head, delimiter)
        )
        first = next(rows_of(head, found), b"")
        try:
            names = cells_of(first, found)
        except RowError:
            continue
        if len(names) > 1:
            yield replace(found, columns=tuple(name or "" for name in names))


def of_anybody(head: bytes) -> Container:
    """Return the likeliest layout of a table whose recipe is not known."""
    found = list(tables(head.removeprefix(_BOM)))
    return max(found, key=lambda table: len(table.columns), default=Container(ContainerKind.CSV))
