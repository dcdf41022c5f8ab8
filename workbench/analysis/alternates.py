"""Find the same thing in several exports: links with their evidence, and nothing merged.

Two things of two sources are linked where each is the only one of its source that a mark fits:
the same digest, the same random identifier, the same address once both are in one spelling, the
same name and version. Where several of one source fit, a mark that tells them apart decides
together with it; where none does, nothing is concluded, and that is said.

Columns, words of a catalog, collections and agents are not linked: what they share is a name.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from workbench.analysis.addresses import normalised, parts_of
from workbench.formats.doubts import is_strong
from workbench.model.alternate import (
    Alternate,
    Alternates,
    Confidence,
    Ground,
    Likeness,
    Pair,
    Ruling,
    Unclear,
)
from workbench.model.catalog import ArtifactType, AttributeGroup, Thing, ThingKind
from workbench.model.lineage import NodeId
from workbench.model.progress import Cancel

#: More sources than this that have one name: it tells nothing.
MOST_SOURCES = 50
#: So many sources that have a digest, id or address are linked two by two.
MOST_PAIRED = 20
_WITHOUT_VERSION = frozenset({ArtifactType.REGISTERED_MODEL, ArtifactType.EXPERIMENT})
UNLINKED = frozenset(
    {ArtifactType.COLUMN, ArtifactType.TERM, ArtifactType.COLLECTION, ArtifactType.DOCUMENT}
)
#: SHA-256, SHA-1 and MD5 of nothing at all: every empty file has them.
_OF_NOTHING = frozenset(
    {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "d41d8cd98f00b204e9800998ecf8427e",
    }
)
_RANDOM = re.compile(
    r"(?<![0-9a-z])([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])", re.I
)

Things = Mapping[NodeId, Thing]
#: What a thing has that others may have, as text in one spelling, and as the source writes it.
_Marks = Iterator[tuple[str, str]]


def links(
    things: Things, rulings: Mapping[Pair, Ruling] | None = None, *, cancel: Cancel | None = None
) -> Alternates:
    """Return every link between things of different sources.

    Args:
        things: those of all sources, each source once.
        rulings: what the auditor said of two things, the smaller one first.
        cancel: checked now and then.

    Raises:
        Cancelled: the user stopped it.
    """
    stop = cancel or Cancel()
    ruled = rulings or {}
    found: dict[Pair, list[Likeness]] = {pair: [] for pair in ruled if _known(pair, things)}
    unclear: list[Unclear] = []
    several = len({source for source, _ in things}) > 1
    for ground, marks in _MARKS.items() if several else ():
        for group in _groups(things, ground, marks, stop):
            _link(group, things, found, unclear)
    made = (_alternate(pair, why, things, ruled.get(pair)) for pair, why in found.items())
    return Alternates(
        tuple(sorted(made, key=lambda link: (link.one, link.other))),
        tuple(each for each in unclear if not _is_settled(each, found)),
    )


def may_be_linked(thing: Thing) -> bool:
    """Tell whether things of a kind are looked for in other exports."""
    return thing.kind is not ThingKind.AGENT and thing.type not in UNLINKED


def _known(pair: Pair, things: Things) -> bool:
    return all(node in things for node in pair)


@dataclass(frozen=True, slots=True)
class _Group:
    """The things that have one mark, by their sources; each with how it writes the mark."""

    ground: Ground
    value: str
    by_source: Mapping[int, dict[NodeId, str]]

    @classmethod
    def of(cls, ground: Ground, value: str, having: Iterable[tuple[NodeId, str]]) -> "_Group":
        """Return some things that have a mark as a group."""
        by_source: dict[int, dict[NodeId, str]] = defaultdict(dict)
        for node, said in having:
            by_source[node[0]].setdefault(node, said)
        return cls(ground, value, by_source)

    def likeness(self, one: NodeId, other: NodeId) -> Likeness:
        """Return the reason that two of them share."""
        said = self.by_source[one[0]][one], self.by_source[other[0]][other]
        return Likeness(self.ground, self.value, *said)


def _groups(
    things: Things, ground: Ground, marks: Callable[[Thing], _Marks], cancel: Cancel
) -> Iterator[_Group]:
    """Yield what things of more than one source share."""
    found: dict[tuple[str, str], list[tuple[NodeId, str]]] = defaultdict(list)
    for number, (node, thing) in enumerate(things.items()):
        if number % 1000 == 0:
            cancel.check()
        if not may_be_linked(thing):
            continue
        word = thing.kind.value if ground is Ground.DIGEST else _word(thing)
        for value, said in marks(thing):
            found[word, value].append((node, said))
    for (_, value), having in found.items():
        if len(having) > 1 and len({node[0] for node, _ in having}) > 1:
            yield _Group.of(ground, value, having)


def _word(thing: Thing) -> str:
    return f"artifact {thing.type}" if thing.kind is ThingKind.ARTIFACT else thing.kind.value


def _link(
    group: _Group, things: Things, found: dict[Pair, list[Likeness]], unclear: list[Unclear]
) -> None:
    """Link what of each two sources is alone with the mark; note what is not."""
    if group.ground is Ground.NAME and len(group.by_source) > MOST_SOURCES:
        some = tuple(sorted(node for nodes in group.by_source.values() for node in nodes))
        unclear.append(Unclear(Likeness(group.ground, group.value), some))
        return
    left: set[NodeId] = set()
    for one, other in _two_by_two(sorted(group.by_source)):
        here, there = list(group.by_source[one]), list(group.by_source[other])
        pairs = list(_pairs(group.ground, here, there, things))
        for pair in pairs:
            found.setdefault(pair, []).append(group.likeness(*pair))
        met = {node for pair in pairs for node in pair}
        left.update(_still_fitting(group.ground, set(here) - met, set(there) - met, things))
    if left:
        unclear.append(Unclear(Likeness(group.ground, group.value), tuple(sorted(left))))


def _two_by_two(numbers: list[int]) -> Iterable[tuple[int, int]]:
    """Return every two sources; of very many each with the first, which says the same."""
    if len(numbers) <= MOST_PAIRED:
        return combinations(numbers, 2)
    return ((numbers[0], other) for other in numbers[1:])


def _pairs(
    ground: Ground, here: list[NodeId], there: list[NodeId], things: Things
) -> Iterator[Pair]:
    """Yield who belongs to whom by one ground; a name says nothing where versions differ."""
    if ground is not Ground.NAME:
        yield from _told_apart(here, there, things)
        return
    rest, others = set(here), set(there)
    for one, other in _alone(_version, here, there, things):
        yield one, other
        rest.discard(one)
        others.discard(other)
    if len(rest) == len(others) == 1 and _fits_versions(min(rest), min(others), things):
        yield min(rest), min(others)


def _fits_versions(one: NodeId, other: NodeId, things: Things) -> bool:
    """Tell whether two versions may be one: the same, or stated on one side only."""
    here, there = (_version(things[node]) for node in (one, other))
    return here == there or not (here and there)


def _still_fitting(
    ground: Ground, here: set[NodeId], there: set[NodeId], things: Things
) -> Iterator[NodeId]:
    """Yield what of two sources shares a mark, and was not told apart."""
    if ground is not Ground.NAME:
        yield from (*here, *there) if here and there else ()
        return
    sides = [{node: _version(things[node]) for node in nodes} for nodes in (here, there)]
    for mine, theirs in (sides, sides[::-1]):
        versions = set(theirs.values())
        for node, version in mine.items():
            if versions and (not version or version in versions or "" in versions):
                yield node


def _version(thing: Thing) -> str:
    """Return the version of a thing; what has versions has none itself."""
    return "" if thing.type in _WITHOUT_VERSION else thing.version


def _told_apart(here: list[NodeId], there: list[NodeId], things: Things) -> Iterator[Pair]:
    """Yield who belongs to whom: one and one, else by address, name or kind, where these decide."""
    if len(here) == len(there) == 1:
        yield here[0], there[0]
        return
    rest, others = set(here), set(there)
    for mark in (_address, _named, _word):
        for one, other in list(_alone(mark, rest, others, things)):
            yield one, other
            rest.discard(one)
            others.discard(other)


def _alone(
    mark: Callable[[Thing], str], here: Iterable[NodeId], there: Iterable[NodeId], things: Things
) -> Iterator[Pair]:
    """Yield two of which each is the only one of its side with a mark."""
    sides = [_by(mark, things, nodes) for nodes in (here, there)]
    for value in sides[0].keys() & sides[1].keys():
        mine, theirs = sides[0][value], sides[1][value]
        if (value or mark is _version) and len(mine) == len(theirs) == 1:
            yield mine[0], theirs[0]


def _by(
    mark: Callable[[Thing], str], things: Things, nodes: Iterable[NodeId]
) -> dict[str, list[NodeId]]:
    found: dict[str, list[NodeId]] = defaultdict(list)
    for node in sorted(nodes):
        found[mark(things[node])].append(node)
    return found


def _address(thing: Thing) -> str:
    return normalised(thing.uri)


def _named(thing: Thing) -> str:
    return f"{_word(thing)}\0{thing.name}\0{thing.version}" if thing.name else ""


def _digest_marks(thing: Thing) -> _Marks:
    for attribute in thing.attributes:
        if attribute.group is AttributeGroup.DIGEST:
            value = plain_digest(attribute.value)
            if len(value) >= _LEAST and value not in _OF_NOTHING:
                yield f"{_algorithm(attribute.name)}:{value}", attribute.value


#: Fewer hex digits are drawn twice by chance in a catalog of some thousand things.
_LEAST = 16


def _algorithm(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def plain_digest(value: str) -> str:
    """Return a digest as hex digits in lower case, whatever prefix it was written with."""
    return value.rpartition(":")[2].strip().lower()


def digests(thing: Thing) -> list[str]:
    """Return the digests by which a thing is linked, in one spelling."""
    return [value.partition(":")[2] for value, _ in _digest_marks(thing)]


def ids(thing: Thing) -> list[str]:
    """Return the random identifiers in the key of a thing, in each spelling that is known."""
    found = [said for _, said in _id_marks(thing)]
    bare = [said.replace("-", "") for said in found]
    parted = [f"{b[:8]}-{b[8:12]}-{b[12:16]}-{b[16:20]}-{b[20:]}" for b in bare]
    return [*bare, *parted]


def _id_marks(thing: Thing) -> _Marks:
    seen = _random_ids(thing.key)
    if thing.kind is ThingKind.RUN and (end := _RUN_AT.search(thing.uri)):
        seen |= _random_ids(end[1])
    yield from seen.items()


#: Where a page or a folder is that of a run.
_RUN_AT = re.compile(r"/runs/([0-9A-Fa-f-]{32,36})/?\Z")


def _random_ids(text: str) -> dict[str, str]:
    """Return the one random identifier in a text, in one spelling and in its own."""
    found = {said.replace("-", "").lower(): said for said in _RANDOM.findall(text)}
    return found if len(found) == 1 else {}


def _uri_marks(thing: Thing) -> _Marks:
    address = normalised(thing.uri)
    if address and parts_of(address):  # the address of a whole server names no thing on it
        yield address, thing.uri


#: Of these a name says which one is meant; "repo" and "default" are files and features anywhere.
_NAMED = frozenset(
    {
        *(ArtifactType.DATASET, ArtifactType.REGISTERED_MODEL, ArtifactType.MODEL_VERSION),
        *(ArtifactType.LOGGED_MODEL, ArtifactType.EXPERIMENT, ArtifactType.DEPLOYMENT),
        *(ArtifactType.PREDICTIONS, ArtifactType.ENVIRONMENT),
    }
)


def _is_named(thing: Thing) -> bool:
    if thing.kind is ThingKind.JOB or thing.type in _NAMED:
        return True
    return thing.type == ArtifactType.COMPONENT and bool(thing.version)


def _name_marks(thing: Thing) -> _Marks:
    if thing.name and _is_named(thing):
        yield thing.name, f"{thing.name} {_version(thing)}".rstrip()


_MARKS: Mapping[Ground, Callable[[Thing], _Marks]] = {
    Ground.DIGEST: _digest_marks,
    Ground.ID: _id_marks,
    Ground.URI: _uri_marks,
    Ground.NAME: _name_marks,
}


def _alternate(
    pair: Pair, likenesses: Sequence[Likeness], things: Things, ruling: Ruling | None
) -> Alternate:
    one, other = (things[node] for node in pair)
    against = tuple(contradictions(one, other))
    confidence = Confidence.WEAK if against else _confidence(likenesses)
    return Alternate(*pair, tuple(likenesses), confidence, against, ruling)


def _confidence(likenesses: Sequence[Likeness]) -> Confidence:
    grounds = {likeness.ground for likeness in likenesses}
    digests = [each.value for each in likenesses if each.ground is Ground.DIGEST]
    if any(is_strong(*value.split(":", 1)) for value in digests):
        return Confidence.STRONG
    return Confidence.MEDIUM if grounds & {Ground.ID, Ground.URI} else Confidence.WEAK


def contradictions(one: Thing, other: Thing) -> Iterator[str]:
    """Yield what two things state that cannot both be of one content: other digests of one kind."""
    here, there = strong_digests(one), strong_digests(other)
    for name in sorted(here.keys() & there.keys()):
        if here[name].isdisjoint(there[name]):
            left, right = min(here[name]), min(there[name])
            yield f"{name} differs: {left[:16]}… and {right[:16]}…"


def strong_digests(thing: Thing) -> dict[str, set[str]]:
    """Return the digests of a thing for which no second content can be made, by algorithm."""
    found: dict[str, set[str]] = defaultdict(set)
    for attribute in thing.attributes:
        if attribute.group is AttributeGroup.DIGEST:
            name, value = _algorithm(attribute.name), plain_digest(attribute.value)
            if is_strong(name, value):
                found[name].add(value)
    return found


def _is_settled(unclear: Unclear, found: Mapping[Pair, Sequence[Likeness]]) -> bool:
    """Tell whether each of some things was linked for another reason within them."""
    met = {node for pair in found if set(pair) <= set(unclear.things) for node in pair}
    return met == set(unclear.things)
