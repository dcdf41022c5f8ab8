"""What is answered to a question about lineage: every answer with the edges that it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.catalog import Thing
from workbench.model.lineage import Edge, NodeId
from workbench.model.locator import Locator


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way from a thing to another.

    Attributes:
        edge: what the step rests on.
        start: where it begins.
        end: where it leads: with the flow of data, or across a link of one thing in two places.
    """

    edge: Edge
    start: NodeId
    end: NodeId


@dataclass(frozen=True, slots=True)
class Connection:
    """Why two things are connected.

    Attributes:
        start: the one that was named first.
        end: the other one.
        steps: a shortest way of data from ``start`` to ``end``, or from ``end`` to ``start``.
        shared: where no data flows between them, a thing that both were made from, or both went
            into, the nearest one.
        is_made_from: whether ``shared`` lies before both; otherwise it lies after both.
        ways: the way between ``shared`` and each of the two, in the order in which data flows.
    """

    start: NodeId
    end: NodeId
    steps: tuple[Step, ...] = ()
    shared: NodeId | None = None
    is_made_from: bool = True
    ways: tuple[tuple[Step, ...], ...] = ()

    @property
    def nodes(self) -> tuple[NodeId, ...]:
        """Return every thing on the ways, each once."""
        every = (self.steps, *self.ways)
        found = [node for steps in every for step in steps for node in (step.start, step.end)]
        return tuple(dict.fromkeys(found))


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
class Contradiction:
    """An edge whose times cannot both be right: what came out was there before what went in.

    Attributes:
        edge: the edge.
        before: the later moment, of what should come first, nanoseconds.
        after: the earlier moment, of what should come after.
        why: which moments these are, in a sentence.
    """

    edge: Edge
    before: int
    after: int
    why: str


@dataclass(frozen=True, slots=True)
class Dangling:
    """What edges name and no source describes.

    Attributes:
        id: as they name it.
        edges: those that do.
    """

    id: NodeId
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class LineageProblems:
    """What in a lineage does not hang together; none of it proves that anything is wrong.

    Attributes:
        orphans: artifacts, runs and jobs that no relation ties to anything.
        originless: models, predictions and deployments of which no relation says what they were
            made from.
        dataless: runs of which no relation says what they read.
        cycles: groups of things that are made from each other.
        dangling: what edges name and nobody describes.
        contradictions: edges whose times cannot both be right.
        untimed: edges whose times could not be compared: one end or both claim none.
        compared: edges whose times were.
    """

    orphans: tuple[NodeId, ...] = ()
    originless: tuple[NodeId, ...] = ()
    dataless: tuple[NodeId, ...] = ()
    cycles: tuple[tuple[NodeId, ...], ...] = ()
    dangling: tuple[Dangling, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    untimed: int = 0
    compared: int = 0


class Label(StrEnum):
    """What of a thing bears on everything that was made from it."""

    CONSENT = "consent"
    LICENCE = "licence"
    SENSITIVITY = "sensitivity"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label of a thing, and who says so.

    Attributes:
        node: the thing.
        label: which kind.
        value: as it is stated.
        where: what states it, in a few words: ``tag PII.Sensitive``, ``the auditor``.
        place: where it stands, or None where the auditor states it.
        pointer: the place within that, or "".
        column: the column that it is said of, or "" where it is of the whole thing.
    """

    node: NodeId
    label: Label
    value: str
    where: str
    place: Locator | None = None
    pointer: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """A thing that a label reaches.

    Attributes:
        id: which.
        labelled: the label that reaches it.
        steps: a shortest way from the thing that has it; () for that thing itself.
    """

    id: NodeId
    labelled: Labelled
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """What labels of one kind reach, and what cannot be told.

    Attributes:
        label: the kind.
        origins: the labels that are carried.
        held: labels that were found and are not carried: they restrict nothing.
        touched: what they reach, the nearest first.
        doubts: why a thing that is not in the list may be touched all the same, in sentences.
    """

    label: Label
    origins: tuple[Labelled, ...]
    held: tuple[Labelled, ...]
    touched: tuple[Touched, ...]
    doubts: tuple[str, ...]
