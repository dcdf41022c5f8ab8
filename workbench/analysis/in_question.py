"""What of a lineage a report is about: what its findings rest on, else what most is known of."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from workbench.analysis.lineage import Lineage
from workbench.model.case import Finding
from workbench.model.catalog import ArtifactType, Lifecycle, Thing, ThingKind
from workbench.model.lineage import DECISIONS, NodeId
from workbench.model.locator import Locator

_MODEL = frozenset({ArtifactType.MODEL_VERSION.value, ArtifactType.REGISTERED_MODEL.value})
_Place = tuple[str, str | None, int | None, str | None]


@dataclass(frozen=True, slots=True)
class InQuestion:
    """A thing that a report is about, and the findings that rest on it; none: nobody named it."""

    node: NodeId
    findings: tuple[str, ...] = ()


def in_question(graph: Lineage, findings: Iterable[Finding]) -> tuple[InQuestion, ...]:
    """Return the things that findings rest on, a model before what was decided about it.

    Where no finding names any, it is the thing that most is known about.
    """
    at = _things_by_place(graph)
    named: dict[NodeId, list[str]] = {}
    for finding in findings:
        places = (_place(ref.locator) for ref in finding.evidence)
        found = sorted({n for place in places for n in at.get(place, ())}, key=_rank(graph))
        if found:
            named.setdefault(_about(graph, found[0]), []).append(finding.id)
    if named:
        return tuple(InQuestion(node, tuple(ids)) for node, ids in named.items())
    start = most_known(graph)
    return () if start is None else (InQuestion(start),)


def most_known(graph: Lineage) -> NodeId | None:
    """Return where to begin when nobody said: the model that most is known about, else anything."""
    edges = Counter(end for edge in graph.edges() for end in (edge.tail, edge.head))

    def rank(each: tuple[NodeId, Thing]) -> tuple[bool, bool, int, bool, str, NodeId]:
        node, thing = each
        return (
            thing.lifecycle is Lifecycle.PRODUCTION,
            thing.type == ArtifactType.MODEL_VERSION,
            edges[node],
            thing.kind is ThingKind.ARTIFACT,
            thing.version.rjust(12),
            node,
        )

    return max(graph.things.items(), key=rank)[0] if graph.things else None


def _things_by_place(graph: Lineage) -> dict[_Place, list[NodeId]]:
    found: dict[_Place, list[NodeId]] = {}
    for place, node in _placed(graph):
        found.setdefault(place, []).append(node)
    return found


def _placed(graph: Lineage) -> Iterator[tuple[_Place, NodeId]]:
    """Yield every place at which something of the graph was read, with the thing it is about."""
    for node, thing in graph.things.items():
        yield _place(thing.locator), node
    for edge in graph.edges():
        for locator in edge.locators:
            yield _place(locator), edge.head


def _place(locator: Locator) -> _Place:
    return locator.path, locator.member, locator.record, locator.pointer


def _about(graph: Lineage, node: NodeId) -> NodeId:
    """Return the model that a decision is about, where it is one."""
    thing = graph.things.get(node)
    if thing is None or thing.type not in DECISIONS:
        return node
    models = [n for n in sorted(graph.near(node)) if _is_model(graph, n)]
    return models[0] if models else node


def _is_model(graph: Lineage, node: NodeId) -> bool:
    thing = graph.things.get(node)
    return thing is not None and thing.type in _MODEL


def _rank(graph: Lineage) -> Callable[[NodeId], tuple[bool, NodeId]]:
    return lambda node: (not _is_model(graph, node), node)
