"""A picture of lineage as data: what is drawn, what is left out, how far each edge is proven."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.model.catalog import (
    OBJECT_FIRST,
    Lifecycle,
    RelationKind,
    Thing,
    ThingKind,
    as_it_reads,
)
from workbench.model.locator import Locator
from workbench.model.moment import DAY, text_of

#: A thing of the case: the source it was read from, and its key there.
NodeId = tuple[int, str]
#: Types of what a log says was decided about a model.
DECISIONS = frozenset({"approval", "deployment"})


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
        count: how many edges of the case it stands for; the weakest gave its status.
        time: the earliest moment that a place claims for it, nanoseconds, or None.
    """

    tail: NodeId
    head: NodeId
    kind: RelationKind
    status: EdgeStatus
    locators: tuple[Locator, ...] = ()
    role: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    count: int = 1
    time: int | None = None

    @property
    def subject(self) -> NodeId:
        """Which end the source states the relation of."""
        return self.head if self.kind in OBJECT_FIRST else self.tail

    @property
    def object(self) -> NodeId:
        """The other end."""
        return self.tail if self.kind in OBJECT_FIRST else self.head


def name_of(node: NodeId, thing: Thing | None) -> str:
    """Return what a thing is called; one that nothing describes by its key."""
    return thing.called if thing else as_it_reads(node[1])


def kind_of(thing: Thing | None) -> str:
    """Return in a word or two what a thing is."""
    if thing is None:
        return "not in the evidence"
    word = thing.type if thing.kind is ThingKind.ARTIFACT or thing.type in DECISIONS else ""
    return (word or thing.kind.value).replace("_", " ")


def detail_of(thing: Thing | None) -> str:
    """Return what else tells a thing from others: kind, version, stage."""
    if thing is None:
        return kind_of(None)
    stage = "" if thing.lifecycle is Lifecycle.UNKNOWN else thing.lifecycle_raw
    words = (kind_of(thing), thing.version, stage)
    return ", ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a picture.

    Attributes:
        id: which thing.
        thing: what the source says of it; None where an edge names it and nothing describes it.
        layer: steps from the focus along the flow: below 0 upstream, above 0 downstream.
        hidden_upstream: neighbours before it that the picture leaves out.
        hidden_downstream: neighbours after it that the picture leaves out.
        members: the things that it stands for, where there are too many to draw; else ().
        group: what it is then called, as ``142 runs``.
    """

    id: NodeId
    thing: Thing | None
    layer: int
    hidden_upstream: int = 0
    hidden_downstream: int = 0
    members: tuple[NodeId, ...] = ()
    group: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether an edge names it and no source describes it."""
        return self.thing is None and not self.members

    @property
    def title(self) -> str:
        """Return what it is called in a picture; a decision by what it was, not by whom."""
        if self.thing is not None and self.thing.type in DECISIONS:
            return self.thing.type.capitalize()
        return self.group or name_of(self.id, self.thing)

    @property
    def detail(self) -> str:
        """Return what else is said of it in a picture."""
        if self.members:
            return "too many to draw one by one"
        thing = self.thing
        if thing is not None and thing.type in DECISIONS:
            record = "" if thing.locator.record is None else f" #{thing.locator.record:,}"
            return f"{thing.name.partition(' by ')[2]}{record}"
        return detail_of(thing)


def _when(at: int) -> str:
    """Return a moment in words: the last one of a day is its end."""
    is_end = (at + 1000) // DAY > at // DAY
    return f"the end of {text_of(at)[:10]}" if is_end else text_of(at)


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of what the case states a lineage was built of; without one, of all of it.

    Attributes:
        at: what had been recorded by a moment, nanoseconds; None: at whatever time.
        run: what one run states; None: all runs together.
        later: relations and decisions that claim a later moment.
        undated: those that claim none, and are not dated by what they tie.
        with_undated: these are shown all the same.
        others: what other runs and records state.
    """

    at: int | None = None
    run: NodeId | None = None
    later: int = 0
    undated: int = 0
    with_undated: bool = False
    others: int = 0

    @property
    def words(self) -> str:
        """Return what was left out, and what cannot be told, in sentences."""
        told = []
        if self.run is not None:
            told.append(
                f"Of run {self.run[0]}/{self.run[1]} alone: {self.others:,} other statements "
                "are left out."
            )
        if self.at is not None:
            told.append(
                f"As of {_when(self.at)}, by the times that records claim: {self.later:,} "
                "later statements are left out."
            )
        if self.at is not None and self.undated:
            shown = "are shown" if self.with_undated else "are left out"
            told.append(
                f"{self.undated:,} claim no time and {shown}: they may belong before or after."
            )
        return " ".join(told)


@dataclass(frozen=True, slots=True)
class LineageView:
    """A part of the lineage of a case.

    Attributes:
        focus: the thing in the middle.
        nodes: by layer, then name.
        edges: every edge of the case between two of the nodes.
        nodes_in_case: how many things and edges the whole case has.
        edges_in_case: see there.
        stale: what was done since the newest verification that bears on it, or "".
        cut: which part of what the case states it was built of; None: of all.
    """

    focus: NodeId
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    nodes_in_case: int = 0
    edges_in_case: int = 0
    stale: str = ""
    cut: Cut | None = None

    @property
    def hidden(self) -> int:
        """How many neighbours of what it shows it does not show."""
        return sum(node.hidden_upstream + node.hidden_downstream for node in self.nodes)

    @property
    def words(self) -> str:
        """Return what it holds and what it leaves out, in sentences."""
        found = [f"{n:,} {s.value}" for s, n in reversed(list(self.by_status().items())) if n]
        counts = f": {', '.join(found)}" if found else ""
        hidden = self.hidden
        told = (
            f"{self.things:,} of {self.nodes_in_case:,} things and {self.relations:,} of "
            f"{self.edges_in_case:,} edges{counts}. "
            f"{hidden:,} {'neighbour is' if hidden == 1 else 'neighbours are'} not shown."
        )
        cut = self.cut.words if self.cut else ""
        stale = f"Out of date: {self.stale}" if self.stale else ""
        return " ".join(filter(None, (told, cut, stale)))

    def by_status(self) -> Mapping[EdgeStatus, int]:
        """Return how many edges there are of each status."""
        return {s: sum(e.count for e in self.edges if e.status is s) for s in EdgeStatus}

    @property
    def things(self) -> int:
        """How many things it shows, one by one or together."""
        return sum(len(node.members) or 1 for node in self.nodes)

    @property
    def relations(self) -> int:
        """How many edges of the case it shows, one by one or together."""
        return sum(edge.count for edge in self.edges)


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


@dataclass(frozen=True, slots=True)
class LineageOf:
    """The lineage of a thing that a report is about.

    Attributes:
        name: what the thing is called, with its version.
        findings: ids of the findings that rest on it; none where nobody named it.
        whole: every thing and edge of it.
        shown: the same in as many boxes as can be read.
        placed: where each box lies.
    """

    name: str
    findings: tuple[str, ...]
    whole: LineageView
    shown: LineageView
    placed: Placed
