"""Cut the rows of a table out of a file, and read their cells.

A row ends at a line end outside quotes (RFC 4180); in tables whose cells are not quoted every line
is a row. An empty cell without quotes, and ``\\N``, is NULL; ``""`` is an empty text. That is how
the usual databases export, and the one way in which both can be told apart.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from workbench.evidence.limits import Limits
from workbench.model.profile import Container
from workbench.verify.chain.frame import Cut, cut_lines

NULL = "\\N"
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "\\": "\\"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class RowError(ValueError):
    """A row that is none; the message says why."""


def cut_rows(
    blocks: Iterable[bytes], container: Container, limits: Limits, *, cut_off: bool = False
) -> Iterator[Cut]:
    """Yield cuts of whole rows, without the header, in bounded memory."""
    header = container.header
    for cut in _whole_rows(cut_lines(blocks, limits, cut_off=cut_off), container, limits):
        places = [] if cut.oversized else list(_rows(cut.data, container))
        if header and (places or cut.oversized):
            header, places = False, places[1:]
            if cut.oversized:
                continue
        yield cut if cut.oversized else Cut(cut.offset, cut.data, tuple(places))


def rows_of(data: bytes, container: Container) -> list[bytes]:
    """Return the rows of some bytes, the header too; the last one may be cut off."""
    return [data[start:end] for start, end in _rows(data, container)]


def _whole_rows(cuts: Iterable[Cut], container: Container, limits: Limits) -> Iterator[Cut]:
    """Yield cuts that end where a row ends: a quoted cell may go on over lines."""
    offset, held = 0, b""
    for cut in cuts:
        if cut.oversized:
            if held:
                yield Cut(offset, held)
                held = b""
            yield cut
            continue
        offset = offset if held else cut.offset
        held += cut.data
        end = _last_end(held) if container.quoted else len(held)
        if end:
            yield Cut(offset, held[:end])
        elif len(held) > limits.record:
            yield Cut(offset, b"", oversized=len(held))
            end = len(held)
        offset, held = offset + end, held[end:]
    if held:
        yield Cut(offset, held)


def _last_end(data: bytes) -> int:
    """Return where the last whole row ends: after a line end with no quote open."""
    if data.count(b'"') % 2 == 0:
        return len(data)
    opened = data.count(b'"')
    end = len(data)
    while opened % 2 and end:
        before = data.rfind(b"\n", 0, end - 1) + 1
        opened -= data.count(b'"', before, end)
        end = before
    return end


def _rows(data: bytes, container: Container) -> Iterator[tuple[int, int]]:
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
