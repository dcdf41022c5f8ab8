"""The links between the things of a case, with what the auditor said of them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

from workbench.analysis import alternates as marks
from workbench.analysis.addresses import normalised, parts_of
from workbench.analysis.alternates import links
from workbench.analysis.lineage import Placement
from workbench.analysis.of_case import CaseGraph
from workbench.model.alternate import Alternate, Alternates, Crossing, Lasting, Pair, Ruling
from workbench.model.case_source import CaseSource
from workbench.model.catalog import Relation, RelationKind, Thing
from workbench.model.lineage import NodeId
from workbench.model.progress import Cancel
from workbench.model.source import Role
from workbench.store import catalog, rulings, sources
from workbench.store.case_store import CaseStore

_SAFE = re.compile(r"[A-Za-z0-9._~-]+")


def once(known: Iterable[CaseSource]) -> tuple[list[CaseSource], list[str]]:
    """Return the sources with equal bytes once, and say so: two copies are no second witness.

    Of copies the one is kept that the auditor said how to read, or else the first.
    """
    first: dict[tuple[str, str, Role], CaseSource] = {}
    left, repeated = [], []
    for source in sorted(known, key=lambda source: (not source.mapping, source.id)):
        alike = source.sha256, source.format, source.role
        if source.sha256 and source.role is Role.SUBJECT and alike in first:
            other = first[alike].display
            repeated.append(f"{source.display} has the bytes of {other}: they are counted once.")
            continue
        first[alike] = source
        left.append(source)
    return sorted(left, key=lambda source: source.id), repeated


def alternates_among(
    case: CaseStore, things: Mapping[NodeId, Thing], *, cancel: Cancel | None = None
) -> Alternates:
    """Return the links between things that were read, with the rulings of the case.

    Raises:
        Cancelled: the user stopped it.
    """
    return links(things, rulings_on(case, things), cancel=cancel)


def alternates_of(case: CaseStore, node: NodeId) -> tuple[Mapping[NodeId, Thing], Alternates]:
    """Return the links of one thing, and the things that they lead to, without reading all."""
    with case.reading() as session:
        known = sources.every(session)
        here = catalog.find(session, source=node[0], key=node[1])
        if not here:
            return {}, Alternates(())
        wanted = {source.id for source in once(known)[0]} | {node[0]}
        kept = catalog.alike(session, sources=wanted, **_asked(here[-1].thing))
        said = rulings.every(session, case.journal_at_opening)
        for source, key in _partners(said, _numbers(known), node):
            kept += catalog.find(session, source=source, key=key)
    things = {(each.source, each.thing.key): each.thing for each in [*kept, here[-1]]}
    found = alternates_among(case, things)
    unclear = tuple(each for each in found.unclear if node in each.things)
    return things, Alternates(found.of(node), unclear)


class _Asked(TypedDict):
    """What to look for, to find what shares a mark with a thing."""

    name: str
    in_key: list[str]
    in_uri: list[str]
    digests: list[str]


def _asked(thing: Thing) -> _Asked:
    ends = parts_of(thing.uri)[-1:] if normalised(thing.uri) else ()
    return {
        "name": thing.name,
        "in_key": marks.ids(thing),
        "in_uri": [part for name in ends if (part := _plain_run(name))],
        "digests": marks.digests(thing),
    }


def _plain_run(name: str) -> str:
    """Return the longest part of a name that no spelling of an address writes otherwise."""
    return max(_SAFE.findall(name), key=len, default="")


def _partners(
    said: Iterable[rulings.LastingPair], numbers: Mapping[str, Sequence[int]], node: NodeId
) -> list[NodeId]:
    """Return what the auditor spoke of together with a thing."""
    mine = {(sha256, node[1]) for sha256, ids in numbers.items() if node[0] in ids}
    others = {other for pair in said for other in pair if mine & set(pair)} - mine
    return [(source, key) for sha256, key in others for source in numbers.get(sha256, ())]


def with_alternates(
    case: CaseStore, graph: CaseGraph, crossing: Crossing, *, cancel: Cancel | None = None
) -> CaseGraph:
    """Return what a case says with the links between its catalogs that lineage is to follow.

    A link that a source states itself is followed too, unless the auditor parted its ends.

    Raises:
        Cancelled: the user stopped it.
    """
    found = alternates_among(case, graph.things, cancel=cancel)
    parted = {frozenset((link.one, link.other)) for link in found.links if link.is_parted}
    stated = [p for p in graph.placements if not (_is_link(p) and frozenset(p.ends) in parted)]
    crossed = [link for link in found.links if crossing.crosses(link)]
    followed = (_placement(link, graph.things[link.one]) for link in crossed)
    return replace(graph, placements=(*stated, *followed))


def _is_link(placement: Placement) -> bool:
    return placement.relation.kind is RelationKind.ALTERNATE_OF


def _placement(link: Alternate, thing: Thing) -> Placement:
    role = link.likenesses[0].ground.value if link.likenesses else "the auditor's word"
    if link.ruling is not None:
        role = f"confirmed by {link.ruling.who}"
    keys = link.one[1], link.other[1]
    relation = Relation(RelationKind.ALTERNATE_OF, *keys, thing.locator, role=role, inferred=True)
    return Placement(link.one[0], relation, link.other[0])


def rulings_on(case: CaseStore, nodes: Collection[NodeId]) -> dict[Pair, Ruling]:
    """Return what the auditor said, by the numbers that sources have in the case now."""
    with case.reading() as session:
        said = rulings.every(session, case.journal_at_opening)
        numbers = _numbers(sources.every(session)) if said else {}
    found: dict[Pair, Ruling] = {}
    for (one, other), ruling in said.items():
        for here in _nodes(one, numbers, nodes):
            for there in _nodes(other, numbers, nodes):
                pair = (here, there) if here < there else (there, here)
                found[pair] = ruling
    return found


def _numbers(known: Iterable[CaseSource]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for source in known:
        found.setdefault(source.sha256, []).append(source.id)
    return found


def _nodes(
    thing: Lasting, numbers: Mapping[str, Sequence[int]], nodes: Collection[NodeId]
) -> list[NodeId]:
    return [(n, thing[1]) for n in numbers.get(thing[0], ()) if (n, thing[1]) in nodes]
