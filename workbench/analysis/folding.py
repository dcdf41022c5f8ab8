"""A view that can be drawn: what is too much for a picture is shown as one box, and counted.

A picture never holds more than 300 boxes, and no layer more than 60 (nobody reads more). What is
in a box of many is only drawn together: the view itself keeps every thing and edge for the list.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from workbench.errors import UsageError
from workbench.model.catalog import ArtifactType
from workbench.model.lineage import (
    DECISIONS,
    Edge,
    EdgeStatus,
    LineageView,
    Node,
    NodeId,
    kind_of,
)

IN_LAYER, IN_ALL = 60, 300
#: Source of a box of many; sources of a case are numbered from 1.
_NO_SOURCE = 0
_KNOWN = {str(word) for word in ArtifactType} | DECISIONS
_WEAKEST_FIRST = list(EdgeStatus)


def folded(
    view: LineageView,
    *,
    keep: Collection[NodeId] = (),
    in_layer: int = IN_LAYER,
    in_all: int = IN_ALL,
) -> LineageView:
    """Return a view of at most ``in_all`` boxes; the focus and ``keep`` stay on their own.

    Raises:
        UsageError: what is to be kept is itself too much for a picture.
    """
    kept = {view.focus, *keep}
    layers: dict[int, list[Node]] = defaultdict(list)
    for node in view.nodes:
        layers[node.layer].append(node)
    together = {n for n, nodes in layers.items() if len(nodes) > in_layer}
    boxes = _boxes(layers, together, kept)
    while sum(map(len, boxes.values())) > in_all and len(together) < len(layers):
        together.add(max(layers.keys() - together, key=lambda n: (len(layers[n]), abs(n))))
        boxes = _boxes(layers, together, kept)
    if sum(map(len, boxes.values())) > in_all:
        raise UsageError("This is more than a picture can show; the list has all of it.")
    if not together:
        return view
    return _joined(view, [box for layer in sorted(boxes) for box in boxes[layer]])


def plural(word: str, count: int) -> str:
    """Return ``142 runs``, ``1 dataset``, ``3 things not in the evidence``."""
    if word == kind_of(None):
        return f"{count:,} {'thing' if count == 1 else 'things'} {word}"
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def counted(nodes: Iterable[Node]) -> list[tuple[str, int]]:
    """Return what kinds of things there are, with their counts, the most frequent first."""
    found = Counter(_word(node) for node in nodes)
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _boxes(
    layers: Mapping[int, list[Node]], together: Collection[int], kept: Collection[NodeId]
) -> dict[int, list[Node]]:
    return {
        layer: _in_groups(layer, nodes, kept) if layer in together else nodes
        for layer, nodes in layers.items()
    }


def _in_groups(layer: int, nodes: list[Node], kept: Collection[NodeId]) -> list[Node]:
    """Return the nodes of a layer with those of one kind as one box."""
    alone = [node for node in nodes if node.id in kept]
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.id not in kept:
            groups[_word(node)].append(node)
    boxes = [_box(layer, word, groups[word]) for word in sorted(groups)]
    return sorted([*alone, *boxes], key=lambda node: (node.title, node.id))


def _box(layer: int, word: str, nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    return Node(
        (_NO_SOURCE, f"{layer} {word}"),
        None,
        layer,
        sum(node.hidden_upstream for node in nodes),
        sum(node.hidden_downstream for node in nodes),
        tuple(node.id for node in nodes),
        plural(word, len(nodes)),
    )


def _word(node: Node) -> str:
    """Return what a thing is, in one of few words: evidence may call its kinds what it likes."""
    word = kind_of(node.thing)
    thing = node.thing
    known = thing is None or word.replace(" ", "_") in _KNOWN
    return word if known or thing is None else thing.kind.value


def _joined(view: LineageView, nodes: list[Node]) -> LineageView:
    """Return the view with edges between boxes: of one kind one, as weak as its weakest."""
    at = {member: node.id for node in nodes for member in (node.members or (node.id,))}
    edges: dict[tuple[NodeId, NodeId, str], Edge] = {}
    for edge in view.edges:
        tail, head = at[edge.tail], at[edge.head]
        known = edges.get((tail, head, edge.kind))
        if known is None:
            edges[tail, head, edge.kind] = replace(edge, tail=tail, head=head)
        else:
            edges[tail, head, edge.kind] = replace(
                known,
                status=min(known.status, edge.status, key=_WEAKEST_FIRST.index),
                locators=(),
                columns=(),
                role="",
                count=known.count + edge.count,
            )
    return replace(view, nodes=tuple(nodes), edges=tuple(edges.values()))
