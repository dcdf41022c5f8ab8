"""The graph of a case, and what can be asked of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbench.analysis import of_case
from workbench.analysis import until as cutting
from workbench.analysis.columns import of_columns
from workbench.analysis.folding import folded, plural
from workbench.analysis.in_question import most_known
from workbench.analysis.incoherent import problems
from workbench.analysis.layering import ranks
from workbench.analysis.layout import place
from workbench.analysis.lineage import Lineage
from workbench.analysis.linked import with_alternates
from workbench.analysis.of_case import CaseGraph
from workbench.analysis.ways import connection
from workbench.errors import UsageError
from workbench.model.alternate import Crossing
from workbench.model.catalog import Thing, ThingKind
from workbench.model.lineage import DECISIONS, Cut, Edge, LineageView, NodeId, Placed, kind_of
from workbench.model.lineage_answer import Carried, Connection, LineageProblems, Reached
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.store import journal, sources
from workbench.store.case_store import CaseStore
from workbench.store.marks import NOT_JUDGED, Marks

#: Steps on one side that are shown at most; whoever wants more asks for the list.
DEEPEST = 50


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


Answer = Connection | Impact | LineageProblems | Carried


@dataclass(frozen=True)
class CaseLineage:
    """The lineage of a case as it was when it was read; any thread may ask.

    Attributes:
        graph: things and edges.
        places: number of a current source, by its path and member.
        marks: what verification found about the records of each source.
        stale: what was done since the newest verification that bears on it, or "": until the
            case is verified again no edge counts as verified.
        case: what the graph was built of.
        cut: which part of what the case states that is; None: all of it.
    """

    graph: Lineage
    places: Mapping[tuple[str, str | None], int] = field(default_factory=dict)
    marks: Mapping[int, Marks] = field(default_factory=dict)
    stale: str = ""
    case: CaseGraph = field(default_factory=CaseGraph)
    cut: Cut | None = None

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
        return self._told(self.graph.view(focus, up=up, down=down))

    def whole(self) -> LineageView:
        """Return everything, in layers in which edges run one way.

        Raises:
            UsageError: the case has nothing.
        """
        nodes = sorted(self.graph.nodes())
        index = {node: n for n, node in enumerate(nodes)}
        layers = ranks(len(nodes), [(index[e.tail], index[e.head]) for e in self.graph.edges()])
        focus = start(self) or (nodes[0] if nodes else None)
        if focus is None:
            raise UsageError(
                "The case has no lineage: no source of it describes or relates things."
            )
        return self._told(self.graph.among(focus, dict(zip(nodes, layers, strict=True))))

    def until(self, at: int, *, undated: bool = False) -> "CaseLineage":
        """Return the lineage as it had been recorded by a moment (nanoseconds since 1970)."""
        return self._cut(cutting.until(self.case, at, undated=undated))

    def of_run(self, run: NodeId) -> "CaseLineage":
        """Return what one run states.

        Raises:
            UsageError: it is no run.
        """
        if not self.is_run(run):
            raise UsageError(
                f"{self.name(run)} is no run; query CASE --in things kind:run has them."
            )
        return self._cut(cutting.of_run(self.case, run))

    def is_run(self, node: object) -> bool:
        """Tell whether something is a run that a source describes, and no decision."""
        thing = self.things.get(node) if isinstance(node, tuple) else None
        return thing is not None and thing.kind is ThingKind.RUN and thing.type not in DECISIONS

    def columns(self) -> "CaseLineage":
        """Return the lineage of columns."""
        graph = of_columns(self.case)
        return replace(self, graph=graph.lineage(), case=graph)

    def problems(self) -> LineageProblems:
        """Return what does not hang together."""
        return problems(self.graph)

    def expanded(self, view: LineageView, node: NodeId, *, downstream: bool) -> LineageView:
        """Return a view with the neighbours of one of its things on one side."""
        return self._told(self.graph.expanded(view, node, downstream=downstream))

    def with_path(self, view: LineageView, path: tuple[NodeId, ...]) -> LineageView:
        """Return a view with every thing of a path in it, in layers that follow the flow."""
        layers = {node.id: node.layer for node in view.nodes}
        known = [n for n in path if n in layers]
        start = layers[known[0]] - path.index(known[0]) if known else 0
        for step, node in enumerate(path):
            layers.setdefault(node, start + step)
        return self._told(self.graph.among(view.focus, layers))

    def of_connection(self, found: Connection) -> LineageView:
        """Return the view of just what connects two things, in the order in which data flows."""
        layers = {found.start: 0, found.end: 0}
        way = found.steps or found.ways[0] if found.steps or found.ways else ()
        for n, step in enumerate(way):
            layers |= {step.start: n, step.end: n + 1}
        other = found.ways[1] if len(found.ways) > 1 else ()
        at = 0 if found.is_made_from else len(way) - len(other)
        for n, step in enumerate(other):
            layers |= {step.start: at + n, step.end: at + n + 1}
        return self._told(self.graph.among(found.start, layers))

    def connection(self, start: NodeId, end: NodeId) -> Connection:
        """Return why two things are connected: a shortest way, or what both rest on."""
        return connection(self.graph, start, end)

    def path(self, start: NodeId, end: NodeId) -> tuple[NodeId, ...]:
        """Return a shortest way between two things along the flow, whichever comes first."""
        steps = self.connection(start, end).steps
        return (steps[0].start, *(step.end for step in steps)) if steps else ()

    def impact(self, node: NodeId) -> Impact:
        """Return everything that rests on a thing."""
        found = sorted(self.graph.downstream(node).items(), key=lambda each: (each[1], each[0]))
        return Impact(node, tuple(Reached(n, self.things.get(n), steps) for n, steps in found))

    def _told(self, view: LineageView) -> LineageView:
        return replace(view, stale=self.stale, cut=self.cut)

    def _cut(self, part: cutting.Until) -> "CaseLineage":
        return replace(self, graph=part.graph.lineage(), case=part.graph, cut=part.cut)

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
        self,
        view: LineageView,
        *,
        keep: tuple[NodeId, ...] = (),
        unfolded: bool = False,
        before: Placed | None = None,
        cancel: Cancel,
    ) -> tuple[LineageView, Placed]:
        """Return a view of as many boxes as can be read, or of all, and where each lies.

        Args:
            view: what is drawn.
            keep: things that stay on their own.
            unfolded: all of them do.
            before: a drawing of a part of it, whose order is kept.
            cancel: the user may not want to wait.

        Raises:
            Cancelled: the user stopped it.
        """
        shown = view if unfolded else folded(view, keep=keep)
        return shown, place(shown, before=before, cancel=cancel)


def read(
    case: CaseStore, *, crossing: Crossing = Crossing.SURE, cancel: Cancel | None = None
) -> CaseLineage:
    """Return the lineage of a case; long work for a large one.

    Args:
        case: the case.
        crossing: which links between alternates count as one and the same thing.
        cancel: checked now and then.

    Raises:
        Cancelled: the user stopped it.
    """
    found = with_alternates(case, of_case.read(case, cancel=cancel), crossing, cancel=cancel)
    with case.reading() as session:
        places = {(s.path, s.member): s.id for s in sources.every(session)}
        stale = journal.stale(session)
    return CaseLineage(found.lineage(), places, found.marks, stale, found)


def start(lineage: CaseLineage) -> NodeId | None:
    """Return where to begin when nobody said: the model that most is known about, else anything."""
    return most_known(lineage.graph)
