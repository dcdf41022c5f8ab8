"""Events of one piece of a log: what worker processes run, so it loads little."""

import sys
from collections.abc import Iterator
from dataclasses import replace

from workbench.formats.event_columns import Stretch, StretchReader, columns_of
from workbench.model.event import EventFields
from workbench.model.event_batch import EventBatch
from workbench.verify.chain.frame import Cut, records_of


def batch_of(cut: Cut, fields: EventFields) -> EventBatch:
    """Return the events of a cut."""
    return reading_of(cut, fields).made()


def reading_of(cut: Cut, fields: EventFields) -> "StretchReader | _Oversized":
    """Return what reads the events of a cut, while somebody else goes over it."""
    if cut.oversized:
        return _Oversized(cut, fields)
    if cut.elements is not None:
        elements = Stretch(cut.offset, cut.data, lambda *_: records_of(cut), lines=False)
        return StretchReader(elements, fields)
    return StretchReader(Stretch(cut.offset, cut.data, _lines), fields)


def _lines(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    return records_of(Cut(offset, data))


class _Oversized:
    """A record over the limit: it is malformed, and its length is told."""

    def __init__(self, cut: Cut, fields: EventFields) -> None:
        self._cut = cut
        self._fields = fields

    wanted = None

    def by_column(self, *_: object) -> None:
        """Take nothing: nobody read it."""

    def proven(self, *_: object) -> None:
        """Take nothing: nobody read it."""

    def made(self) -> EventBatch:
        """Return the one event, of which nothing is known."""
        lost = Stretch(self._cut.offset, b"\n", lambda at, _: [(at, b"")], lines=False)
        batch = columns_of(lost, self._fields)
        length = self._cut.oversized.to_bytes(8, sys.byteorder)
        return replace(batch, lengths=length, blocks=())
