"""The graph of a case, and what can be asked of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbench.analysis import of_case
from workbench.analysis.folding import folded, plural
from workbench.analysis.in_question import most_known
from workbench.analysis.layout import place
from workbench.analysis.lineage import Lineage
from workbench.errors import UsageError
from workbench.model.catalog import Thing
from workbench.model.lineage import Edge, LineageView, NodeId, Placed, kind_of
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.store import journal, sources
from workbench.store.case_store import CaseStore
from workbench.store.marks import NOT_JUDGED, Marks

#: Steps on one side that are shown at most; whoever wants more asks for the list.
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Reached:
    """A thing that rests on another one.

    Attributes:
        id: which.
        thing: what the source says of it, or None.
        steps: how many edges away it is.
    """

    id: NodeId
    thing: Thing | None
    steps: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What a fault in a thing can reach: everything downstream of it.

    Attributes:
        of: the thing.
        reached: what rests on it, the nearest first.
    """

    of: NodeId
    reached: tuple[Reached, ...] = ()

    @property
    def words(self) -> str:
        """Return how many there are of each kind: ``10 runs, 2 deployments``."""
        return ", ".join(plural(word, count) for word, count in self.counts())

    def counts(self) -> list[tuple[str, int]]:
        """Return how many there are of each kind, the most frequent first."""
        found = Counter(kind_of(each.thing) for each in self.reached)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class CaseLineage:
    """The lineage of a case as it was when it was read; any thread may ask.

    Attributes:
        graph: things and edges.
        places: number of a current source, by its path and member.
        marks: what verification found about the records of each source.
        stale: what was done since the newest verification that bears on it, or "": until the
            case is verified again no edge counts as verified.
    """

    graph: Lineage
    places: Mapping[tuple[str, str | None], int] = field(default_factory=dict)
    marks: Mapping[int, Marks] = field(default_factory=dict)
    stale: str = ""

    @property
    def things(self) -> Mapping[NodeId, Thing]:
        """Every thing that a source describes."""
        return self.graph.things

    def name(self, node: NodeId) -> str:
        """Return what a thing is called, with its version."""
        return self.graph.name(node)

    def view(self, focus: NodeId, *, up: int = 1, down: int = 1) -> LineageView:
        """Return what is at most so many steps before and after a thing.

        Raises:
            UsageError: the case has no such thing, or that is too far.
        """
        if not (0 <= up <= DEEPEST and 0 <= down <= DEEPEST):
            raise UsageError(f"Lineage is shown 0 to {DEEPEST} steps far; not {max(up, down)}.")
        return replace(self.graph.view(focus, up=up, down=down), stale=self.stale)

    def expanded(self, view: LineageView, node: NodeId, *, downstream: bool) -> LineageView:
        """Return a view with the neighbours of one of its things on one side."""
        shown = self.graph.expanded(view, node, downstream=downstream)
        return replace(shown, stale=self.stale)

    def with_path(self, view: LineageView, path: tuple[NodeId, ...]) -> LineageView:
        """Return a view with every thing of a path in it, in layers that follow the flow."""
        layers = {node.id: node.layer for node in view.nodes}
        known = [n for n in path if n in layers]
        start = layers[known[0]] - path.index(known[0]) if known else 0
        for step, node in enumerate(path):
            layers.setdefault(node, start + step)
        return replace(self.graph.among(view.focus, layers), stale=self.stale)

    def path(self, start: NodeId, end: NodeId) -> tuple[NodeId, ...]:
        """Return a shortest way between two things along the flow, whichever comes first."""
        return self.graph.path(start, end) or self.graph.path(end, start)

    def impact(self, node: NodeId) -> Impact:
        """Return everything that rests on a thing."""
        found = sorted(self.graph.downstream(node).items(), key=lambda each: (each[1], each[0]))
        return Impact(node, tuple(Reached(n, self.things.get(n), steps) for n, steps in found))

    def source_of(self, locator: Locator) -> int | None:
        """Return the number of the source that a place lies in, or None."""
        return self.places.get((locator.path, locator.member))

    def proof_of(self, edge: Edge) -> tuple[Locator, int] | None:
        """Return the place that proves an edge best, and its level of assurance."""
        found = [(self.level(place), place) for place in edge.locators]
        if not found:
            return None
        level, place = max(found, key=lambda each: each[0])
        return place, level

    def level(self, locator: Locator) -> int:
        """Return the level of assurance of the record at a place; 0 where nothing protects it."""
        source = self.source_of(locator)
        if source is None or locator.record is None:
            return 0
        return self.marks.get(source, NOT_JUDGED).level(locator.record)

    def is_broken(self, node: NodeId) -> bool:
        """Tell whether the record that a thing was read from does not agree with its log."""
        thing = self.things.get(node)
        record = thing.locator.record if thing else None
        broken = self.marks.get(node[0], NOT_JUDGED).broken
        return record is not None and record in broken

    def drawn(
        self, view: LineageView, *, keep: tuple[NodeId, ...] = (), cancel: Cancel
    ) -> tuple[LineageView, Placed]:
        """Return a view of as many boxes as can be read, and where each lies.

        Raises:
            Cancelled: the user stopped it.
        """
        shown = folded(view, keep=keep)
        return shown, place(shown, cancel=cancel)


def read(case: CaseStore, *, cancel: Cancel | None = None) -> CaseLineage:
    """Return the lineage of a case; long work for a large one.

    Raises:
        Cancelled: the user stopped it.
    """
    found = of_case.read(case, cancel=cancel)
    with case.reading() as session:
        places = {(s.path, s.member): s.id for s in sources.every(session)}
        stale = journal.stale(session)
    return CaseLineage(found.lineage(), places, found.marks, stale)


def start(lineage: CaseLineage) -> NodeId | None:
    """Return where to begin when nobody said: the model that most is known about, else anything."""
    return most_known(lineage.graph)
