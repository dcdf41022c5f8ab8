"""Catalog against files: what a catalog says lies somewhere, held against what was delivered.

A place that a catalog names is looked for beside the catalog where it is relative, else by the
end of its path, of which at least two names must agree. What is not found is missing only where
other places of the same catalog were found in the same folder tree: otherwise the files were not
delivered, and nothing was compared.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile
from urllib.parse import unquote

from workbench.analysis.addresses import is_relative, normalised, parts_of
from workbench.analysis.alternates import strong_digests
from workbench.analysis.three_sides import (
    CatalogFact,
    Facts,
    FileFact,
    Parts,
    Tally,
    called,
    word_of,
)
from workbench.model.catalog import ArtifactType, AttributeGroup, Thing, ThingKind
from workbench.model.lineage import NodeId
from workbench.model.reconciliation import Line, Mismatch

#: Names under which formats state how many bytes a file has.
_SIZES = frozenset({"contentsize", "size", "bytes", "file_size", "filesize", "size_bytes"})
#: What may lie somewhere as files. A run's folder, an experiment's, are folders of others' files.
_FILED = frozenset(
    {
        *(ArtifactType.DATASET, ArtifactType.FILE, ArtifactType.CODE, ArtifactType.REPORT),
        *(ArtifactType.MODEL_VERSION, ArtifactType.LOGGED_MODEL, ArtifactType.PREDICTIONS),
        *(ArtifactType.DOCUMENT, ArtifactType.COMPONENT, ArtifactType.COLLECTION),
    }
)
#: Names of a path that have to agree, where the whole of it is not known.
_LEAST = 2
#: Formats that keep data apart from the files that describe it.
_APART = {"dvc": "DVC keeps data in a cache of its own, which may not have been delivered."}
_MAY_BE = "Nothing obliges a catalog to describe every file that lies beside its own."
#: Places that one path may stand for and that are looked at.
_MOST_ALIKE = 20
#: Catalogs that a reason names; of more it says how many.
_MOST_NAMED = 3


class Tree:
    """The files of a case by where they lie, and by what they hold."""

    def __init__(self, files: Iterable[FileFact]) -> None:
        self.files = {file.parts: file for file in files}
        self.folders = {parts[:n] for parts in self.files for n in range(1, len(parts))}
        self.by_digest: dict[str, list[FileFact]] = defaultdict(list)
        for file in self.files.values():
            if file.sha256 and not file.is_proof:
                self.by_digest[file.sha256].append(file)
        #: Backwards and sorted, so that those that end alike stand beside each other.
        self._ends = sorted(place[::-1] for place in (*self.files, *self.folders))

    def __contains__(self, place: Parts) -> bool:
        return place in self.files or place in self.folders

    def ending(self, parts: Parts) -> tuple[list[Parts], int]:
        """Return the places that agree with the end of a path the longest, and how long.

        There may be more of them than are returned, but none where one is.
        """
        wanted = parts[::-1]
        at = bisect_left(self._ends, wanted)
        beside = (n for n in (at - 1, at) if 0 <= n < len(self._ends))
        most = max((_common(self._ends[n], wanted) for n in beside), default=0)
        if most < _LEAST:
            return [], 0
        found = [*self._run(range(at - 1, -1, -1), wanted, most),
                 *self._run(range(at, len(self._ends)), wanted, most)]  # fmt: skip
        return sorted(found), most

    def _run(self, places: Iterable[int], wanted: Parts, most: int) -> list[Parts]:
        alike = takewhile(lambda n: _common(self._ends[n], wanted) == most, places)
        return [self._ends[n][::-1] for n in islice(alike, _MOST_ALIKE)]


def _common(one: Parts, other: Parts) -> int:
    """Return how many names two paths begin with alike."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


@dataclass(slots=True)
class _Named:
    """The places that one catalog names, as far as they were found.

    Attributes:
        found: where each thing lies.
        beside: relative places that were not found, as they should be.
        afar: absolute ones that were not found: root and path.
        roots: what the beginning of an absolute path is in the case.
        has_near: a relative place was found.
        unclear: absolute places that fit more than one here.
    """

    found: dict[NodeId, Parts] = field(default_factory=dict)
    beside: dict[NodeId, Parts] = field(default_factory=dict)
    afar: dict[NodeId, Parts] = field(default_factory=dict)
    roots: dict[Parts, Parts] = field(default_factory=dict)
    has_near: bool = False
    unclear: int = 0


def against_files(facts: Facts, tally: Tally) -> None:
    """Hold what each catalog says of files against the files of the case."""
    tree = Tree(facts.files)
    known: set[Parts] = set()
    areas: set[Parts] = set()
    left: dict[str, Counter[str]] = defaultdict(Counter)
    for catalog in facts.catalogs.values():
        things = {
            node: thing
            for node, thing in facts.things.items()
            if node[0] == catalog.id and thing.kind is ThingKind.ARTIFACT and thing.type in _FILED
        }
        named = _named(catalog, things, tree)
        known.update(named.found.values())
        areas.update(place[:-1] for place in named.found.values() if place in tree.files)
        for node, thing in things.items():
            tally.lines += _thing(node, thing, named, facts, tree, tally, known)
        _note_left(catalog, named, left)
    for reason, counted in left.items():
        tally.lacks(f"{reason}, named by {_some(list(counted))}", sum(counted.values()))
    tally.lines += _strangers(facts, tree, known, areas, tally)


def _named(catalog: CatalogFact, things: Mapping[NodeId, Thing], tree: Tree) -> _Named:
    named = _Named()
    for node, thing in things.items():
        parts = parts_of(thing.uri)
        if not parts:
            continue
        if is_relative(thing.uri):
            place = _beside(catalog, parts, tree)
            (named.found if place in tree else named.beside)[node] = place
            named.has_near |= place in tree
            continue
        whole = (_root(thing.uri), *parts)
        fitting, length = tree.ending(parts)
        if len(fitting) > 1:
            named.unclear += 1
        elif fitting:
            (place,) = fitting
            named.found[node] = place
            named.roots[whole[:-length]] = place[:-length]
        else:
            named.afar[node] = whole
    return named


def _beside(catalog: CatalogFact, parts: Parts, tree: Tree) -> Parts:
    """Return where a relative path leads, taken as it stands, else as a part of an address."""
    place = (*catalog.folder, *parts)
    plain = (*catalog.folder, *map(unquote, parts))
    return plain if place not in tree and plain in tree else place


def _root(address: str) -> str:
    """Return scheme and host of an address."""
    head, slashes, rest = normalised(address).partition("//")
    return f"{head}//{rest.partition('/')[0]}" if slashes else head.partition("/")[0]


def _expected(named: _Named, node: NodeId) -> Parts | None:
    """Return where in the case a thing that was not found should lie, or None: not delivered."""
    if node in named.beside:
        return named.beside[node] if named.has_near else None
    whole = named.afar.get(node, ())
    for length in range(len(whole) - 1, 0, -1):
        if whole[:length] in named.roots:
            return (*named.roots[whole[:length]], *whole[length:])
    return None


def _thing(
    node: NodeId, thing: Thing, named: _Named, facts: Facts, tree: Tree, tally: Tally,
    known: set[Parts],
) -> Iterator[Line]:  # fmt: skip
    """Yield how one thing and its file differ."""
    digests = strong_digests(thing).get("sha256", set())
    place = named.found.get(node)
    if place is not None:
        yield from _held(node, thing, place, digests, facts, tree, tally)
        return
    if elsewhere := [file for value in sorted(digests) for file in tree.by_digest.get(value, ())]:
        tally.compared += 1
        known.update(file.parts for file in elsewhere)
        named.beside.pop(node, None)
        named.afar.pop(node, None)
        return
    expected = _expected(named, node)
    if expected is None:
        return
    tally.compared += 1
    detail = f"{thing.uri} would be {'/'.join(expected)} here, beside others of the same catalog."
    yield Line(
        Mismatch.FILE_MISSING, word_of(thing), called(thing), detail, stated=thing.uri,
        doubt=_why_missing(facts.catalogs[node[0]], is_beside=node in named.beside),
        places=(facts.place(node),),
    )  # fmt: skip


def _why_missing(catalog: CatalogFact, *, is_beside: bool) -> str:
    """Say why a file may be missing for no other reason than what was delivered."""
    if not is_beside:
        return "Only a part of the store that it lies in may have been delivered."
    return _APART.get(catalog.format, "")


def _held(
    node: NodeId, thing: Thing, place: Parts, digests: set[str], facts: Facts, tree: Tree,
    tally: Tally,
) -> Iterator[Line]:  # fmt: skip
    """Yield how a file differs from what is stated of it; of a folder only that it is there."""
    tally.compared += 1
    file = tree.files.get(place)
    if file is None:
        return
    size = _size(thing)
    places = facts.place(node), file.place
    said = called(thing)
    if digests and file.sha256 and file.sha256 not in digests:
        more = f" It has {file.size:,} bytes, {size:,} are stated." if _differs(size, file) else ""
        yield Line(
            Mismatch.FILE_DIGEST_DIFFERS, word_of(thing), said,
            f"The SHA-256 of {file.name} is not the one that is stated.{more}",
            stated=min(digests), found=file.sha256, places=places,
        )  # fmt: skip
    elif _differs(size, file):
        yield Line(
            Mismatch.FILE_SIZE_DIFFERS, word_of(thing), said,
            f"{file.name} has {file.size:,} bytes, {size:,} are stated.",
            stated=str(size), found=str(file.size), places=places,
        )  # fmt: skip
    elif not digests and _states_digest(thing):
        tally.lacks("files whose digest is not stated as SHA-256: only their presence and size", 1)
    elif digests and not file.sha256:
        tally.lacks("files that could not be read", 1)


def _differs(size: int | None, file: FileFact) -> bool:
    return size is not None and size != file.size


def _size(thing: Thing) -> int | None:
    for attribute in thing.attributes:
        if attribute.group is AttributeGroup.FIELD and attribute.name.lower() in _SIZES:
            text = attribute.value
            return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    return None


def _states_digest(thing: Thing) -> bool:
    return any(a.group is AttributeGroup.DIGEST for a in thing.attributes)


def _note_left(catalog: CatalogFact, named: _Named, left: dict[str, Counter[str]]) -> None:
    away = [n for n in (*named.beside, *named.afar) if _expected(named, n) is None]
    if away:
        left["places that lie in no folder of this case"][catalog.name] += len(away)
    if named.unclear:
        left["places that fit more than one here"][catalog.name] += named.unclear


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more catalogs" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED])}{more}"


def _strangers(
    facts: Facts, tree: Tree, known: set[Parts], areas: set[Parts], tally: Tally
) -> Iterator[Line]:
    """Yield files that lie among those of a catalog, and that none of them names."""
    folders = {catalog.folder for catalog in facts.catalogs.values()}
    for parts, file in sorted(tree.files.items()):
        if parts in known or file.is_proof or not _lies_in(parts, areas, folders - areas):
            continue
        if any(parts[:n] in known for n in range(1, len(parts))):
            continue
        tally.compared += 1
        detail = f"It lies among the files of a catalog: {file.size:,} bytes."
        yield Line(
            Mismatch.FILE_UNKNOWN, "file", file.name, detail, found=file.sha256, doubt=_MAY_BE,
            places=(file.place,),
        )  # fmt: skip


def _lies_in(parts: Parts, areas: set[Parts], apart: set[Parts]) -> bool:
    """Tell whether a file lies in or below a folder; not below one that is another catalog's."""
    for length in range(len(parts) - 1, -1, -1):
        if parts[:length] in areas:
            return True
        if parts[:length] in apart:
            return False
    return False
