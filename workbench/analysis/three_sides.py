"""What reconciliation holds against each other: catalogs, logs, files, and links between them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbench.analysis.lineage import Placement
from workbench.model.alternate import Alternates
from workbench.model.case import EvidenceRef
from workbench.model.catalog import Thing
from workbench.model.event import IndexedEvent
from workbench.model.lineage import NodeId, kind_of
from workbench.model.locator import Locator
from workbench.model.moment import nanoseconds
from workbench.model.reconciliation import Between, Comparison, Line, Place, Side

#: Names of folders from the top of the case, and the name of a file.
Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogFact:
    """A source that describes things.

    Attributes:
        id: its number in the case.
        name: how to name it to a person.
        sha256: its digest.
        folder: where it lies.
        format: id of its format.
    """

    id: int
    name: str
    sha256: str
    folder: Parts = ()
    format: str = ""


@dataclass(frozen=True, slots=True)
class LogFact:
    """A log whose events are in the index.

    Attributes:
        id: its number in the case.
        name: how to name it to a person.
        events: how many it holds.
        first: earliest time that a record of it claims, nanoseconds, or None.
        last: the latest.
    """

    id: int
    name: str
    events: int
    first: int | None = None
    last: int | None = None

    def covers(self, moment: int) -> bool:
        """Tell whether a moment lies between its first and its last record."""
        return (
            self.first is not None and self.last is not None and self.first <= moment <= self.last
        )


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of the case.

    Attributes:
        source: number of the source that it is, or is a part of.
        source_sha256: digest of that source.
        parts: where it lies.
        sha256: its own digest, or "" where it could not be read.
        size: bytes.
        locator: its place.
        is_proof: a catalog, log, signature, anchor or key: not what a catalog describes.
    """

    source: int
    source_sha256: str
    parts: Parts
    sha256: str
    size: int
    locator: Locator
    is_proof: bool = False

    @property
    def name(self) -> str:
        """Return its path."""
        return "/".join(self.parts)

    @property
    def place(self) -> Place:
        """Return where it is."""
        return Place(Side.FILES, self.source, EvidenceRef(self.source_sha256, self.locator))


@dataclass(frozen=True)
class Facts:
    """A case, as far as it is reconciled.

    Attributes:
        things: what the catalogs describe, equal sources once.
        relations: what they relate.
        catalogs: the sources of these, by number.
        logs: the logs of the case, by number.
        events: those that touch, decide about or name artifacts, in the order of each log.
        files: every file of the case.
        alternates: links between things of several catalogs.
    """

    things: Mapping[NodeId, Thing] = field(default_factory=dict)
    relations: tuple[Placement, ...] = ()
    catalogs: Mapping[int, CatalogFact] = field(default_factory=dict)
    logs: Mapping[int, LogFact] = field(default_factory=dict)
    events: tuple[IndexedEvent, ...] = ()
    files: tuple[FileFact, ...] = ()
    alternates: Alternates = field(default_factory=lambda: Alternates(()))

    def place(self, node: NodeId) -> Place:
        """Return where a catalog describes a thing."""
        ref = EvidenceRef(self.catalogs[node[0]].sha256, self.things[node].locator)
        return Place(Side.CATALOG, node[0], ref, node[1])

    @cached_property
    def latest(self) -> Mapping[int, int]:
        """The latest moment that each catalog dates anything with, where it dates anything."""
        found: dict[int, int] = {}
        for (source, _), thing in self.things.items():
            for time in (thing.created, thing.ended):
                if time is not None:
                    found[source] = max(found.get(source, nanoseconds(time)), nanoseconds(time))
        return found

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of all things."""
        return frozenset(thing.type for thing in self.things.values())


def event_place(found: IndexedEvent) -> Place:
    """Return where a log records an event."""
    return Place(Side.LOG, found.source, found.ref)


def called(thing: Thing) -> str:
    """Return what a thing is called, with its version."""
    return f"{thing.called} {thing.version}".rstrip()


def word_of(thing: Thing) -> str:
    """Return in a word or two what a thing is."""
    return kind_of(thing)


@dataclass(slots=True)
class Tally:
    """What one comparison finds while it runs.

    Attributes:
        between: which sides.
        compared: how much was.
        left: how much was not, by the reason.
        lines: the differences.
    """

    between: Between
    compared: int = 0
    left: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    def lacks(self, reason: str, count: int = 0) -> None:
        """Note that so much was not compared, and why; 0: said of the whole side."""
        self.left[reason] += count

    @property
    def comparison(self) -> Comparison:
        """Return what was compared and what not."""
        return Comparison(self.between, self.compared, tuple(sorted(self.left.items())))


def numbered(words: str, count: int) -> str:
    """Return ``1 file`` or ``3 files``."""
    return f"{count:,} {words}{'' if count == 1 else 's'}"


def most_places(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return places once each, as many as a line shows."""
    return tuple(dict.fromkeys(places))[:MOST_PLACES]


#: Places that one line carries; how many there are stands in its sentence.
MOST_PLACES = 20
