"""Events as rows of a table, read from the index page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.gui.looking.event import claimed
from workbench.gui.models.cells import Cell, CellKind, Column, Count, Order, Row, Tone
from workbench.gui.parts.mark import Mark
from workbench.gui.text import tr
from workbench.model.event import EventFlag, EventOrder, EventSort, IndexedEvent, Outcome

if TYPE_CHECKING:
    from workbench.services.investigation import Events

#: A column that can be ordered by is called as the index calls it.
COLUMNS = (
    Column("time", "Claimed time, UTC", CellKind.MONO, 200, 200, rank=0, sortable=True),
    Column("actor", "Actor", CellKind.PATH, 170, 146, rank=1, sortable=True),
    Column("action", "Action", width=170, least=112, rank=0, sortable=True),
    Column("object", "Object", CellKind.PATH, 220, 150, rank=1, sortable=True, stretch=True),
    Column("outcome", "Outcome", width=84, least=70, rank=4),
    Column("level", "Level", CellKind.PIPS, width=116, least=46, rank=0),
    Column("source", "Source", CellKind.PATH, 130, 90, rank=3),
    Column("record", "Record", CellKind.NUMBER, 96, 88, rank=2, sortable=True),
)


@dataclass(frozen=True, slots=True)
class EventRows:
    """The events of an answer in an order; ``count`` and ``page`` are read off the thread.

    Attributes:
        events: which.
        of: how many the case has.
        sources: what each source is called.
        order: their order.
    """

    events: "Events"
    of: int = 0
    sources: Mapping[int, str] = field(default_factory=dict)
    order: EventOrder = field(default_factory=EventOrder)

    @property
    def columns(self) -> Sequence[Column]:
        """The columns."""
        return COLUMNS

    def count(self) -> Count:
        """Return how many there are."""
        return Count(self.events.count(), of=self.of, noun=tr("events"))

    def page(self, first: int, size: int) -> Sequence[Row]:
        """Return some of them."""
        found = self.events.page(first=first, count=size, order=self.order)
        return tuple(self._row(event) for event in found)

    def ordered(self, order: Order) -> "EventRows":
        """Return them in another order."""
        return replace(self, order=EventOrder(EventSort(order.column), order.descending))

    def _row(self, found: IndexedEvent) -> Row:
        event = found.event
        broken = EventFlag.BROKEN in event.flags
        malformed = EventFlag.MALFORMED in event.flags
        untimed = event.time_ns is None
        when = claimed(found) or tr("no readable time")
        time = Cell(when, Tone.RED if broken else Tone.AMBER if untimed else Tone.NORMAL)
        level = Cell(
            tr("Broken") if broken else "",
            level=event.level,
            mark=Mark.FAILED if broken else None,
        )
        action = Cell(event.action, Tone.STRONG)
        if malformed:
            action = Cell(tr("not readable"), Tone.AMBER)
        cells = (
            time,
            Cell(event.actor),
            action,
            Cell(event.object),
            _outcome(event.outcome),
            level,
            Cell(self.sources.get(found.source, event.locator.path), Tone.QUIET),
            Cell(f"{event.locator.record or 0:,}"),
        )
        return Row(cells, found, event.locator)


def _outcome(outcome: Outcome) -> Cell:
    match outcome:
        case Outcome.UNKNOWN:
            return Cell(tr("not stated"), Tone.QUIET)
        case Outcome.FAILURE:
            return Cell(tr("failure"), Tone.STRONG)
        case _:
            return Cell(outcome.value, Tone.QUIET)
