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
