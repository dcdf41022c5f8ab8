"""Two exports of one store: what each of them lost, and what they state differently.

Two catalogs are of one store where at least half of what the smaller has of some type is linked;
where they share no id of a run or model, what they lost is told with that doubt, and where both
have runs and share none, they are of two. A type of thing,
or of relation, of which one export has none at all has no place in it, and one of which it has
less than half holds more than this store: that is said once, with its number, not thing by thing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.analysis.against_log import Touched, changes
from workbench.analysis.alternates import may_be_linked, strong_digests
from workbench.analysis.three_sides import Facts, Tally, called, most_places, word_of
from workbench.analysis.touching import identity
from workbench.model.alternate import Alternate, Ground, Ruled
from workbench.model.catalog import Lifecycle, Relation, RelationKind, Thing, ThingKind
from workbench.model.lineage import NodeId
from workbench.model.moment import nanoseconds
from workbench.model.progress import Cancel
from workbench.model.reconciliation import Line, Mismatch

#: Links that names alone must give, and the part of a side that links must be.
_LEAST_NAMES = 5
_LEAST_PART = 0.5
_BY_NAME = "Neither has a run of the other: they may be exports of two stores."
_RUN = "run"

_Sides = tuple[int, int]


@dataclass(slots=True)
class _Pairing:
    """Two exports of a store.

    Attributes:
        here: number of one.
        there: number of the other.
        beyond: what each linked thing of one is in the other, both ways.
        doubt: why they may be of two stores, or "".
    """

    here: int
    there: int
    beyond: dict[NodeId, NodeId]
    doubt: str


def exports(facts: Facts, touched: Touched, tally: Tally, cancel: Cancel) -> None:
    """Hold every two exports of one store against each other."""
    by_type = _by_type(facts.things)
    of_source = _relations(facts)
    pairings = list(_pairings(facts, by_type))
    for pairing in pairings:
        cancel.check()
        for one, other in ((pairing.here, pairing.there), (pairing.there, pairing.here)):
            tally.lines += _lost_things(pairing, one, other, facts, by_type, tally)
            tally.lines += _lost_relations(pairing, one, other, facts, of_source, tally)
    sure = {(each.here, each.there) for each in pairings if not each.doubt}
    for link in facts.alternates.links:
        if not link.is_parted and link.one[0] != link.other[0]:
            tally.compared += 1
            is_tied = (link.one[0], link.other[0]) in sure
            tally.lines += _changed(link, facts, touched, is_tied)


_OfOne = Mapping[str, Sequence[NodeId]]
_ByType = Mapping[int, _OfOne]


def _type(thing: Thing) -> str:
    return thing.type if thing.kind is ThingKind.ARTIFACT else thing.kind.value


def _by_type(things: Mapping[NodeId, Thing]) -> _ByType:
    found: dict[int, dict[str, list[NodeId]]] = defaultdict(lambda: defaultdict(list))
    for node, thing in things.items():
        if may_be_linked(thing):
            found[node[0]][_type(thing)].append(node)
    return found


def _pairings(facts: Facts, by_type: _ByType) -> Iterator[_Pairing]:
    """Yield every two catalogs that look like exports of one store."""
    links: dict[_Sides, list[Alternate]] = defaultdict(list)
    for link in facts.alternates.links:
        if not link.is_parted and link.one[0] != link.other[0]:
            links[link.one[0], link.other[0]].append(link)
    for (here, there), found in links.items():
        beyond = {link.one: link.other for link in found} | {k.other: k.one for k in found}
        sure = any(map(_is_sure, found))
        if _is_one_store(found, sure, facts, (by_type[here], by_type[there])):
            yield _Pairing(here, there, beyond, "" if sure else _BY_NAME)


def _is_one_store(
    found: Sequence[Alternate], sure: bool, facts: Facts, sides: Sequence[_OfOne]
) -> bool:
    """Tell whether enough of some type is linked, and no run of both sides says otherwise."""
    if not sure and all(_RUN in side for side in sides):
        return False  # both have runs, whose ids are stable, and none is in both
    linked = Counter(_type(facts.things[link.one]) for link in found)
    least = 1 if sure else _LEAST_NAMES
    return any(
        number >= max(least, _LEAST_PART * min(len(side.get(type_, ())) for side in sides))
        for type_, number in linked.items()
    )


def _is_sure(link: Alternate) -> bool:
    """Tell whether a link shows that two exports are of one store, and not only of one content."""
    if link.ruling is not None and link.ruling.ruled is Ruled.CONFIRMED:
        return True
    return any(like.ground is Ground.ID for like in link.likenesses)


def _lost_things(
    pairing: _Pairing, one: int, other: int, facts: Facts, by_type: _ByType, tally: Tally
) -> Iterator[Line]:
    """Yield the things of one export that the other lost."""
    names = facts.catalogs[one].name, facts.catalogs[other].name
    for type_, nodes in by_type[one].items():
        lost = [node for node in nodes if node not in pairing.beyond]
        word = word_of(facts.things[nodes[0]])
        if type_ not in by_type[other]:
            reason = f"{word}s: {names[0]} has them, {names[1]} has none at all"
        elif len(lost) > _LEAST_PART * len(nodes):
            reason = f"{word}s: most of {names[0]} are not in {names[1]}"
        else:
            reason = ""
        if reason:
            _note(reason, len(lost), pairing, tally)
            continue
        for node in lost:
            tally.compared += 1
            yield _lost(facts.things[node], node, other, pairing, facts)


def _note(reason: str, count: int, pairing: _Pairing, tally: Tally) -> None:
    """Say what was not compared; of two that may be of two stores there is nothing to say."""
    if not pairing.doubt:
        tally.lacks(reason, count)


def _lost(thing: Thing, node: NodeId, other: int, pairing: _Pairing, facts: Facts) -> Line:
    name = facts.catalogs[other].name
    is_deleted = thing.lifecycle is Lifecycle.DELETED
    state = f" ({thing.lifecycle_raw or 'deleted'} there)" if is_deleted else ""
    detail = f"{facts.catalogs[node[0]].name} has it{state}, {name} does not."
    late = (
        thing.created is not None
        and other in facts.latest
        and nanoseconds(thing.created) > facts.latest[other]
    )
    older = f"It was made after anything that {name} dates: that may be the older export."
    return Line(
        Mismatch.LOST_IN_EXPORT, word_of(thing), called(thing), detail,
        stated=facts.catalogs[node[0]].name, found=name,
        doubt=pairing.doubt or (older if late else ""), places=(facts.place(node),),
    )  # fmt: skip


_Signature = tuple[RelationKind, str, str]
_Related = Mapping[int, Sequence[tuple[NodeId, NodeId, Relation]]]


def _relations(facts: Facts) -> _Related:
    """Return the relations between things that are described, by the source that states them."""
    found: dict[int, list[tuple[NodeId, NodeId, Relation]]] = defaultdict(list)
    for placement in facts.relations:
        subject, item = placement.ends
        if subject in facts.things and item in facts.things:
            found[placement.source].append((subject, item, placement.relation))
    return found


def _lost_relations(
    pairing: _Pairing, one: int, other: int, facts: Facts, related: _Related, tally: Tally
) -> Iterator[Line]:
    """Yield relations of one export, between things that both have, that the other lost."""
    there = {(subject, item) for subject, item, _ in related.get(other, ())}
    there |= {(item, subject) for subject, item in there}
    has = Counter(_signature(facts, *each) for each in related.get(other, ()))
    names, told = (facts.catalogs[one].name, facts.catalogs[other].name), set()
    for subject, item, relation in related.get(one, ()):
        ends = pairing.beyond.get(subject), pairing.beyond.get(item)
        if None in ends or (subject, item) in told:
            continue
        told.add((subject, item))
        kinds = _signature(facts, subject, item, relation)
        if not has[kinds]:
            words = f"{kinds[1]} {kinds[0].value} {kinds[2]}".replace("_", " ")
            told_once = f"relations “{words}”: {names[0]} has them, {names[1]} none at all"
            _note(told_once, 1, pairing, tally)
            continue
        tally.compared += 1
        if ends not in there:
            yield _lost_relation(subject, item, relation, pairing, facts, names)


def _signature(facts: Facts, subject: NodeId, item: NodeId, relation: Relation) -> _Signature:
    return relation.kind, _type(facts.things[subject]), _type(facts.things[item])


def _lost_relation(
    subject: NodeId, item: NodeId, relation: Relation, pairing: _Pairing, facts: Facts,
    names: tuple[str, str],
) -> Line:  # fmt: skip
    ends = [called(facts.things[node]) for node in (subject, item)]
    place = facts.place(subject)
    ref = type(place.ref)(place.ref.sha256, relation.locator)
    places = (
        type(place)(place.side, place.source, ref, place.key),
        facts.place(pairing.beyond[subject]),
    )
    return Line(
        Mismatch.LOST_IN_EXPORT, "relation", f"{ends[0]} {relation.kind.value} {ends[1]}",
        f"{names[0]} states it, {names[1]} has both things and does not.",
        stated=names[0], found=names[1], doubt=pairing.doubt, places=places,
    )  # fmt: skip


def _changed(link: Alternate, facts: Facts, touched: Touched, is_tied: bool) -> Iterator[Line]:
    """Yield two exports of a thing that state other digests of it, with no event that says why."""
    one, other = facts.things[link.one], facts.things[link.other]
    if not link.against or any(changes(touched, identity(each)) for each in (one, other)):
        return
    names = [facts.catalogs[node[0]].name for node in (link.one, link.other)]
    tied = is_tied or any(like.ground is not Ground.NAME for like in link.likenesses)
    doubt = "" if tied or link.ruling else "Only the name ties them: they may be two things."
    told = "; no log of the case could record a change" if not facts.logs else ""
    detail = f"{names[0]} against {names[1]}: {', '.join(link.against)}{told}."
    stated, found = (_digest(each) for each in (one, other))
    yield Line(
        Mismatch.DIGEST_CHANGED, word_of(one), called(one), detail, stated=stated, found=found,
        doubt=doubt, places=most_places(map(facts.place, (link.one, link.other))),
    )  # fmt: skip


def _digest(thing: Thing) -> str:
    found = strong_digests(thing)
    return next((f"{name}:{min(found[name])}" for name in sorted(found)), "")
