"""The lists beside the picture: every edge of it, and everything that rests on a thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.gui.lineage.paint import STYLES, WORDS
from workbench.gui.looking.kinds import icon_of
from workbench.gui.looking.names import short_names
from workbench.gui.models.cells import Cell, CellKind, Column, Count, ListSource, Order, Row, Tone
from workbench.gui.text import tr
from workbench.model.lineage import Edge, kind_of, name_of

if TYPE_CHECKING:
    from workbench.gui.lineage.asking import Shown
    from workbench.model.case_source import CaseSource
    from workbench.services.cases import Standing
    from workbench.services.lineage import CaseLineage, Impact

#: Logs state decisions; catalogs say by what they tell that they are some.
_LOGS = {"chain", "log"}
EDGES = (
    Column("from", "From", width=230, least=150, rank=0, stretch=True),
    Column("relation", "Relation", width=130, least=128, rank=1),
    Column("to", "To", width=230, least=150, rank=0, stretch=True),
    Column("status", "Status", CellKind.MARK, 140, 126, rank=0),
    Column("evidence", "Evidence", CellKind.PATH, 260, 140, rank=2, stretch=True),
    Column("level", "Level", CellKind.PIPS, 140, 136, rank=1),
)
IMPACT = (
    Column("steps", "Steps", CellKind.NUMBER, 64, 56, rank=0, sortable=True),
    Column("name", "Name", width=260, least=150, rank=0, sortable=True, stretch=True),
    Column("version", "Version", CellKind.MONO, 100, 80, rank=1, sortable=True),
    Column("type", "Type", width=140, least=104, rank=1, sortable=True),
    Column("source", "Source", CellKind.PATH, 220, 120, rank=2, sortable=True),
)


@dataclass(frozen=True, slots=True)
class EdgeRows:
    """The edges on screen, those of the path first."""

    lineage: "CaseLineage"
    shown: "Shown"
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def columns(self) -> Sequence[Column]:
        """The columns."""
        return EDGES

    def count(self) -> Count:
        """Return how many there are."""
        edges = self.shown.edges
        return Count(len(edges), of=self.shown.view.edges_in_case, noun=tr("edges"))

    def page(self, first: int, size: int) -> Sequence[Row]:
        """Return some of them."""
        edges = self.shown.edges[first : first + size]
        return tuple(self._row(n, edge) for n, edge in enumerate(edges, first))

    def ordered(self, _order: Order) -> "EdgeRows":
        """Return them as they are: their order is that of the path."""
        return self

    def _row(self, number: int, edge: Edge) -> Row:
        from workbench.services import lineage as lineages

        told = lineages.told(self.lineage, edge)
        on_path = Tone.STRONG if number < self.shown.on_path else Tone.NORMAL
        cells = (
            Cell(told.tail, on_path),
            Cell(told.relation, Tone.QUIET),
            Cell(told.head, on_path),
            Cell(tr(WORDS[edge.status]), mark=STYLES[edge.status][2]),
            Cell(self._evidence(edge) or told.evidence, Tone.QUIET),
            Cell(level=told.level),
        )
        return Row(cells, number, edge.locators[0] if edge.locators else None)

    def _evidence(self, edge: Edge) -> str:
        """Return the place that proves it best, short: the inspector has all of it."""
        proof = self.lineage.proof_of(edge)
        if proof is None:
            return ""
        place = proof[0]
        name = self.names.get(self.lineage.source_of(place) or 0, place.path)
        where = place.pointer or "" if place.record is None else f"{place.record:,}"
        more = f" +{len(edge.locators) - 1:,}" if len(edge.locators) > 1 else ""
        return f"{name} {where}{more}"


def _is_log(source: "CaseSource") -> bool:
    """Tell whether a source states decisions: a log does, and what is read as one."""
    return source.format in _LOGS or source.events is not None


def source_names(standing: "Standing | None") -> dict[int, str]:
    """Return short names of the sources that describe things or record decisions."""
    sources = standing.sources if standing else ()
    known = {s.id: s.display for s in sources if s.tells_things or _is_log(s)}
    return short_names(known) if known else {}


def impact_rows(lineage: "CaseLineage", impact: "Impact", names: Mapping[int, str]) -> ListSource:
    """Return what rests on a thing as rows, the nearest first."""
    rows = tuple(
        Row(
            (
                Cell(f"{each.steps:,}"),
                Cell(_name(lineage, each.id), Tone.STRONG, icon=icon_of(each.thing)),
                Cell(each.thing.version if each.thing else ""),
                Cell(kind_of(each.thing), Tone.NORMAL if each.thing else Tone.AMBER),
                Cell(names.get(each.id[0], ""), Tone.QUIET),
            ),
            each.id,
            each.thing.locator if each.thing else None,
        )
        for each in impact.reached
    )
    return ListSource(IMPACT, rows, tr("things"))


def _name(lineage: "CaseLineage", node: tuple[int, str]) -> str:
    return name_of(node, lineage.things.get(node))
