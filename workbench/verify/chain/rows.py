"""Cut the rows of a table out of the bytes of a file, in pieces of bounded size."""

from collections.abc import Iterable, Iterator

from workbench.evidence.limits import Limits
from workbench.evidence.table_cells import row_places
from workbench.model.profile import Container
from workbench.verify.chain.frame import Cut, cut_lines


def cut_rows(
    blocks: Iterable[bytes], container: Container, limits: Limits, *, cut_off: bool = False
) -> Iterator[Cut]:
    """Yield cuts of whole rows, without the header, in bounded memory."""
    header = container.header
    for cut in _whole_rows(cut_lines(blocks, limits, cut_off=cut_off), container, limits):
        places = [] if cut.oversized else list(row_places(cut.data, container))
        if header and (places or cut.oversized):
            header, places = False, places[1:]
            if cut.oversized:
                continue
        yield cut if cut.oversized else Cut(cut.offset, cut.data, tuple(places))


def _whole_rows(cuts: Iterable[Cut], container: Container, limits: Limits) -> Iterator[Cut]:
    """Yield cuts that end where a row ends: a quoted cell may go on over lines.

    No byte is looked at again, however long a cell stays open.
    """
    held: list[bytes] = []
    offset = size = 0
    for cut in cuts:
        if cut.oversized:
            if held:
                yield Cut(offset, b"".join(held))
            held, size = [], 0
            yield cut
            continue
        offset = offset if held else cut.offset
        end = _last_end(cut.data, opened=bool(held)) if container.quoted else len(cut.data)
        if end:
            yield Cut(offset, b"".join((*held, cut.data[:end])))
            held, size, offset = [], 0, cut.offset + end
        if end < len(cut.data):
            held.append(cut.data[end:])
            size += len(held[-1])
        if size > limits.record:
            yield Cut(offset, b"", oversized=size)
            held, size = [], 0
    if held:
        yield Cut(offset, b"".join(held))


def _last_end(data: bytes, *, opened: bool) -> int:
    """Return where the last whole row of some lines ends: after a line end with no quote open.

    Args:
        data: whole lines.
        opened: whether a quote is open where they begin.
    """
    open_at_end = opened ^ (data.count(b'"') % 2 == 1)
    end = len(data)
    while open_at_end and end:
        quote = data.rfind(b'"', 0, end)
        if quote < 0:
            return 0
        before = data.rfind(b"\n", 0, quote) + 1
        open_at_end ^= data.count(b'"', before, end) % 2 == 1
        end = before
    return end
