"""A picture of lineage as data: what is drawn, what is left out, how far each edge is proven."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.model.catalog import RelationKind, Thing
from workbench.model.locator import Locator

#: A thing of the case: the source it was read from, and its key there.
NodeId = tuple[int, str]


class EdgeStatus(StrEnum):
    """How far the evidence carries an edge, the weakest first."""

    MISSING = "missing"
    BROKEN = "broken"
    CLAIMED = "claimed"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation in the direction in which data flows: from what was there before.

    Attributes:
        tail: where the data comes from.
        head: where it goes.
        kind: the relation as the source states it (``head used tail`` flows tail to head).
        status: how far it is proven.
        locators: every place that states it.
        role: training, parent…, as stated, or "".
        columns: pairs (column of the tail, column of the head).
    """

    tail: NodeId
    head: NodeId
    kind: RelationKind
    status: EdgeStatus
    locators: tuple[Locator, ...] = ()
    role: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a picture.

    Attributes:
        id: which thing.
        thing: what the source says of it; None where an edge names it and nothing describes it.
        layer: steps from the focus along the flow: below 0 upstream, above 0 downstream.
        hidden_upstream: neighbours before it that the picture leaves out.
        hidden_downstream: neighbours after it that the picture leaves out.
    """

    id: NodeId
    thing: Thing | None
    layer: int
    hidden_upstream: int = 0
    hidden_downstream: int = 0


@dataclass(frozen=True, slots=True)
class LineageView:
    """A part of the lineage of a case.

    Attributes:
        focus: the thing in the middle.
        nodes: by layer, then name.
        edges: every edge of the case between two of the nodes.
        nodes_in_case: how many things and edges the whole case has.
        edges_in_case: see there.
    """

    focus: NodeId
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    nodes_in_case: int = 0
    edges_in_case: int = 0

    def by_status(self) -> Mapping[EdgeStatus, int]:
        """Return how many edges there are of each status."""
        return {s: sum(e.status is s for e in self.edges) for s in EdgeStatus}


@dataclass(frozen=True, slots=True)
class Placed:
    """Where each node of a layered drawing lies.

    Attributes:
        columns: layer of each node.
        rows: vertical place of the middle of each node, in rows.
        bends: for an edge over several layers, by its index, the rows at the layers between.
    """

    columns: Mapping[NodeId, int]
    rows: Mapping[NodeId, float]
    bends: Mapping[int, tuple[tuple[int, float], ...]] = field(default_factory=dict)
