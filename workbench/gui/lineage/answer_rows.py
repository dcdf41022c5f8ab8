"""Answers to questions about lineage as rows: what does not hang together, what a label reaches."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.gui.looking.kinds import icon_of
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.text import tr
from workbench.model.lineage import Edge, NodeId, kind_of
from workbench.model.lineage_answer import Step
from workbench.model.locator import Locator

if TYPE_CHECKING:
    from workbench.services.lineage import Carried, CaseLineage, LineageProblems

ANSWER = (
    Column("what", "What", width=180, least=120, rank=0, sortable=True),
    Column("name", "Thing", width=230, least=150, rank=0, sortable=True, stretch=True),
    Column("kind", "Kind", width=130, least=100, rank=1, sortable=True),
    Column("why", "Why", width=320, least=160, rank=1, stretch=True),
    Column("source", "Source", CellKind.PATH, 180, 110, rank=2, sortable=True),
)
Names = Mapping[int, str]


def problem_rows(
    lineage: "CaseLineage", found: "LineageProblems", names: Names
) -> tuple[str, ListSource]:
    """Return what does not hang together: how many of each, and one by one."""
    rows = tuple(_row(lineage, names, *each) for each in _problems(lineage, found))
    told = tr(
        "Tied to nothing {}, without origin {}, runs without data {}, described by no source {}, "
        "circles {}, times that contradict {} of {} edges"
    )
    numbers = (
        len(found.orphans), len(found.originless), len(found.dataless), len(found.dangling),
        len(found.cycles), len(found.contradictions), found.compared,
    )  # fmt: skip
    return told.format(*(f"{n:,}" for n in numbers)), ListSource(ANSWER, rows, tr("problems"))


def carried_rows(lineage: "CaseLineage", found: "Carried", names: Names) -> tuple[str, ListSource]:
    """Return what labels reach, the nearest first; and why there may be more."""
    rows = []
    for each in (touched for touched in found.touched if touched.steps):
        said, way = each.labelled, _by(lineage, each.steps)
        rows.append(_row(lineage, names, said.value, each.id, way, said.place))
    reached = len({each.id for each in found.touched if each.steps})
    told = tr("{} labels, {} things touched.").format(f"{len(found.origins):,}", f"{reached:,}")
    return " ".join((told, *found.doubts)), ListSource(ANSWER, tuple(rows), tr("things"))


_Told = tuple[str, NodeId, str, Locator | None]


def _problems(lineage: "CaseLineage", found: "LineageProblems") -> Iterator[_Told]:
    for clash in found.contradictions:
        yield tr("Times contradict"), clash.edge.head, clash.why, _place(clash.edge)
    for each in found.dangling:
        by = ", ".join(_edge(lineage, edge) for edge in each.edges[:2])
        yield tr("Described by no source"), each.id, by, _place(each.edges[0])
    for group in found.cycles:
        way = " → ".join(lineage.name(node) for node in group)
        yield tr("Circle"), group[0], way, None
    plain: Sequence[tuple[str, Sequence[NodeId]]] = (
        (tr("Without origin"), found.originless),
        (tr("Run without data"), found.dataless),
        (tr("Tied to nothing"), found.orphans),
    )
    for what, nodes in plain:
        for node in nodes:
            thing = lineage.things.get(node)
            yield what, node, "", thing.locator if thing else None


def _by(lineage: "CaseLineage", steps: Sequence[Step]) -> str:
    return "; ".join(_edge(lineage, step.edge) for step in steps)


def _edge(lineage: "CaseLineage", edge: Edge) -> str:
    return f"{lineage.name(edge.subject)} {edge.kind.value} {lineage.name(edge.object)}"


def _place(edge: Edge) -> Locator | None:
    return edge.locators[0] if edge.locators else None


def _row(
    lineage: "CaseLineage", names: Names, what: str, node: NodeId, why: str, place: Locator | None
) -> Row:
    thing = lineage.things.get(node)
    cells = (
        Cell(what),
        Cell(lineage.name(node), Tone.STRONG, icon=icon_of(thing)),
        Cell(kind_of(thing), Tone.NORMAL if thing else Tone.AMBER),
        Cell(why, Tone.QUIET),
        Cell(names.get(node[0], ""), Tone.QUIET),
    )
    return Row(cells, node, place)
