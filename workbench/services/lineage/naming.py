"""Find a thing by what a user calls it: its name, name and version, or key."""

from collections.abc import Iterator

from workbench.errors import UsageError
from workbench.model.catalog import Thing, keys_typed
from workbench.model.lineage import NodeId, kind_of
from workbench.services.lineage.graph import CaseLineage

_MOST_NAMED = 6


def find(lineage: CaseLineage, text: str) -> NodeId:
    """Return the thing that ``text`` names: ``SOURCE/KEY``, a key, ``NAME:VERSION`` or a name.

    A name alone means the thing of that name that has no version, where there is one.

    Raises:
        UsageError: nothing is called so, or more than one thing is.
    """
    for nodes in _meanings(lineage, text):
        if len(nodes) == 1:
            return nodes[0]
        if nodes:
            raise UsageError(_ambiguous(lineage, text, sorted(nodes)))
    raise UsageError(
        f"The case has nothing called {text}; query CASE --in things lists what it has."
    )


def label(node: NodeId) -> str:
    """Return a thing as ``find`` finds it, whatever else the case holds."""
    return f"{node[0]}/{node[1]}"


def matching(lineage: CaseLineage, text: str, *, most: int) -> list[tuple[NodeId, Thing]]:
    """Return things whose name, version or key holds each word of a text, models first."""
    words = text.lower().split()
    found = (
        (node, thing)
        for node, thing in lineage.things.items()
        if all(word in f"{thing.name} {thing.version} {thing.key}".lower() for word in words)
    )
    order = ("model version", "registered model", "dataset", "run", "job")

    def rank(each: tuple[NodeId, Thing]) -> tuple[int, str, str, NodeId]:
        node, thing = each
        word = kind_of(thing)
        place = order.index(word) if word in order else len(order)
        return place, thing.name, thing.version.rjust(12), node

    return sorted(found, key=rank)[:most]


def _meanings(lineage: CaseLineage, text: str) -> Iterator[list[NodeId]]:
    """Yield what a text may mean, the surest first."""
    source, _, key = text.partition("/")
    if source.isascii() and source.isdigit():
        for typed in keys_typed(key):
            yield [node for node in _everything(lineage) if node == (int(source), typed)]
    for typed in keys_typed(text):
        yield [node for node in _everything(lineage) if node[1] == typed]
    name, colon, version = text.rpartition(":")
    if colon:
        yield [n for n, t in lineage.things.items() if (t.name, t.version) == (name, version)]
    named = [n for n, t in lineage.things.items() if t.name == text]
    yield [n for n in named if not lineage.things[n].version] or named


def _everything(lineage: CaseLineage) -> Iterator[NodeId]:
    yield from lineage.things
    yield from lineage.graph.dangling()


def _ambiguous(lineage: CaseLineage, text: str, nodes: list[NodeId]) -> str:
    told = [f"{label(n)} ({_words(lineage, n)})" for n in nodes[:_MOST_NAMED]]
    rest = len(nodes) - len(told)
    more = f" and {rest:,} more" if rest else ""
    return f"{text} may be {' or '.join(told)}{more}; name one by its source and key, as shown."


def _words(lineage: CaseLineage, node: NodeId) -> str:
    return f"{kind_of(lineage.things.get(node))} {lineage.name(node)}"
