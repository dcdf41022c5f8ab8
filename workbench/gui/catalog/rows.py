"""Things of the catalogs as rows of a table, read page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.gui.looking.kinds import icon_of, stage_of
from workbench.gui.looking.standing import proven
from workbench.gui.models.cells import Cell, CellKind, Column, Count, Order, Row, Tone
from workbench.gui.text import tr
from workbench.model.catalog import RunState, Thing, ThingKind
from workbench.model.contract import time_to_json
from workbench.model.kept import KeptThing
from workbench.model.lineage import kind_of
from workbench.model.query_fields import Area

if TYPE_CHECKING:
    from workbench.services.cases import Standing
    from workbench.store.case_store import CaseStore

#: A column that can be ordered by is called as its field in a query.
COLUMNS = (
    Column("name", "Name", width=230, least=180, rank=0, sortable=True, stretch=True),
    Column("version", "Version", CellKind.MONO, 92, 64, rank=1, sortable=True),
    Column("type", "Type", width=130, least=112, rank=1, sortable=True),
    Column("lifecycle", "Stage or state", width=110, least=94, rank=2, sortable=True),
    Column("owner", "Owner", width=150, least=84, rank=1, sortable=True),
    Column("protection", "Protection", CellKind.PROTECTION, 122, 120, rank=2),
    Column("created", "Created, as claimed", width=156, least=144, rank=3, sortable=True),
    Column("source", "Source", CellKind.PATH, 200, 120, rank=4, sortable=True),
)


@dataclass(frozen=True, slots=True)
class ThingRows:
    """The things that satisfy a query in an order; read off the thread of the window.

    Attributes:
        case: the open case.
        query: VERDICTS section 9.
        total: how many satisfy it.
        of: how many things the case has.
        standing: how the case stood, for what protects each thing.
        sources: what each source is called.
        order: by which column, or None: as the sources have them.
    """

    case: "CaseStore"
    query: str
    total: int
    of: int
    standing: "Standing | None" = None
    sources: Mapping[int, str] = field(default_factory=dict)
    order: Order | None = None

    @property
    def columns(self) -> Sequence[Column]:
        """The columns."""
        return COLUMNS

    def count(self) -> Count:
        """Return how many there are."""
        return Count(self.total, of=self.of, noun=tr("things"))

    def page(self, first: int, size: int) -> Sequence[Row]:
        """Return some of them."""
        from workbench.services import investigation

        by, descending = (self.order.column, self.order.descending) if self.order else ("", False)
        found = investigation.listed(
            self.case,
            Area.THINGS,
            self.query,
            by=by,
            descending=descending,
            first=first,
            count=size,
        )
        return tuple(self._row(kept) for kept in found.rows if isinstance(kept, KeptThing))

    def ordered(self, order: Order) -> "ThingRows":
        """Return them in another order."""
        return replace(self, order=order)

    def _row(self, kept: KeptThing) -> Row:
        thing = kept.thing
        protection = proven(self.standing, kept.source).protection(thing.locator.record)
        created = (time_to_json(thing.created) or "")[:19].replace("T", " ")
        cells = (
            Cell(thing.called, Tone.STRONG, icon=icon_of(thing)),
            Cell(thing.version),
            Cell(kind_of(thing)),
            _stage(thing),
            Cell(thing.owner) if thing.owner else Cell(tr("No owner"), Tone.AMBER),
            Cell(protection=protection),
            Cell(created) if created else Cell(tr("Not stated"), Tone.AMBER),
            Cell(self.sources.get(kept.source, thing.locator.path), Tone.QUIET),
        )
        return Row(cells, kept, thing.locator)


def _stage(thing: Thing) -> Cell:
    """Return the stage of an artifact, the state of a run; a job has neither."""
    if thing.kind is ThingKind.RUN:
        if thing.state is RunState.UNKNOWN:
            return Cell(tr("Not stated"), Tone.AMBER)
        bad = thing.state in {RunState.FAILED, RunState.ABORTED}
        return Cell(thing.state.value, Tone.STRONG if bad else Tone.NORMAL)
    if thing.kind is not ThingKind.ARTIFACT:
        return Cell("–", Tone.QUIET)
    stage = stage_of(thing)
    return Cell(stage) if stage else Cell(tr("Not stated"), Tone.AMBER)
