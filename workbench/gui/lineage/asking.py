"""What part of the lineage is shown, and the picture of it, made off the thread of the window."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from workbench.gui.lineage.scene import Scene, scene_of
from workbench.model.lineage import Edge, LineageView, NodeId
from workbench.model.progress import Cancel

if TYPE_CHECKING:
    from workbench.model.catalog import RelationKind
    from workbench.services.lineage import CaseLineage


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants to see.

    Attributes:
        focus: the thing in the middle.
        depth: how many steps on either side.
        opened: things whose neighbours are shown too, and whether those downstream.
        ends: the two things whose path is shown, or None.
    """

    focus: NodeId
    depth: int = 1
    opened: tuple[tuple[NodeId, bool], ...] = ()
    ends: tuple[NodeId, NodeId] | None = None

    def opening(self, node: NodeId, *, downstream: bool) -> "Wish":
        """Return it with the neighbours of a thing on one side."""
        return replace(self, opened=(*dict.fromkeys((*self.opened, (node, downstream))),))


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the lineage as it is on screen.

    Attributes:
        wish: what was asked for.
        view: every thing and edge of it: what the list shows.
        drawn: the same in boxes that can be drawn.
        scene: where everything lies.
        path: the things of the path, in order, or ().
        edges: the edges of the view, those of the path first.
        on_path: how many those are.
        wires: for each of these edges, which wire of the scene draws it.
    """

    wish: Wish
    view: LineageView
    drawn: LineageView
    scene: Scene
    path: tuple[NodeId, ...]
    edges: tuple[Edge, ...]
    on_path: int
    wires: tuple[int, ...]


def show(lineage: "CaseLineage", wish: Wish, *, room: int, unit: float, cancel: Cancel) -> Shown:
    """Return what a user wants to see.

    Args:
        lineage: of the case.
        wish: which part.
        room: pixels there are from side to side.
        unit: size of text, 1.0 being 13 pixels.
        cancel: the user may not want to wait.

    Raises:
        UsageError: the case has no such thing, or it cannot be drawn.
        Cancelled: the user stopped it.
    """
    view = lineage.view(wish.focus, up=wish.depth, down=wish.depth)
    path = lineage.path(*wish.ends) if wish.ends else ()
    keep = (*path, *(node for node, _ in wish.opened))
    placed = None
    for node, downstream in wish.opened:
        if node in {each.id for each in view.nodes}:
            # Step by step, so that what was on screen keeps its order when more comes to it.
            _, placed = lineage.drawn(view, keep=keep, before=placed, cancel=cancel)
            view = lineage.expanded(view, node, downstream=downstream)
    if path:
        view = lineage.with_path(view, path)
    drawn, placed = lineage.drawn(view, keep=keep, before=placed, cancel=cancel)
    scene = scene_of(drawn, placed, room=room, unit=unit)
    edges, count = _path_first(view, path)
    return Shown(wish, view, drawn, scene, path, edges, count, _wires(drawn, edges))


def why_apart(lineage: "CaseLineage", ends: tuple[NodeId, NodeId]) -> str:
    """Say what two things share that no data flows between."""
    from workbench.services import lineage as lineages

    return next(lineages.lines(lineage, lineage.connection(*ends)))


def _path_first(view: LineageView, path: tuple[NodeId, ...]) -> tuple[tuple[Edge, ...], int]:
    steps = {pair: n for n, pair in enumerate(pairwise(path))}
    on = sorted(
        (edge for edge in view.edges if (edge.tail, edge.head) in steps),
        key=lambda edge: steps[edge.tail, edge.head],
    )
    rest = [edge for edge in view.edges if (edge.tail, edge.head) not in steps]
    return (*on, *rest), len(on)


def _wires(drawn: LineageView, edges: tuple[Edge, ...]) -> tuple[int, ...]:
    box = {member: node.id for node in drawn.nodes for member in (node.members or (node.id,))}
    wire: dict[tuple[NodeId, NodeId, RelationKind], int] = {
        (edge.tail, edge.head, edge.kind): n for n, edge in enumerate(drawn.edges)
    }
    return tuple(wire[box[edge.tail], box[edge.head], edge.kind] for edge in edges)
