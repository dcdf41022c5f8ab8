"""Events of one piece of a log: what worker processes run, so it loads little."""

import sys
from collections.abc import Iterator
from dataclasses import replace

from workbench.formats.event_columns import Stretch, columns_of
from workbench.model.event import EventFields
from workbench.model.event_batch import EventBatch
from workbench.verify.chain.frame import Cut, records_of


def batch_of(cut: Cut, fields: EventFields) -> EventBatch:
    """Return the events of a cut; a record over the limit is malformed, and its length is told."""
    if cut.oversized:
        lost = Stretch(cut.offset, b"\n", lambda offset, _: [(offset, b"")], lines=False)
        batch = columns_of(lost, fields)
        return replace(batch, lengths=cut.oversized.to_bytes(8, sys.byteorder), blocks=())
    if cut.elements is not None:
        elements = Stretch(cut.offset, cut.data, lambda *_: records_of(cut), lines=False)
        return columns_of(elements, fields)
    return columns_of(Stretch(cut.offset, cut.data, _lines), fields)


def _lines(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    return records_of(Cut(offset, data))
