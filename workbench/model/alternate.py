"""The same thing in two exports: linked, never merged, with the evidence for it.

PROV-DM 5.5.2 calls two descriptions of one thing alternates. What the program finds is a
proposal; what the auditor says of it, with a reason and in the journal, goes before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.model.lineage import NodeId


class Ground(StrEnum):
    """Why two things are held to be one, the strongest reason first."""

    DIGEST = "same digest"
    ID = "same run or model id"
    URI = "same URI"
    NAME = "same name and version"


class Confidence(StrEnum):
    """How far a link is to be trusted, the least first.

    Strong is a digest for which no second content can be made; medium an identifier that only a
    copy has; weak a name, a weak digest, or whatever something else speaks against.
    """

    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Likeness:
    """One reason: what both have, and how each of them writes it."""

    ground: Ground
    value: str
    one: str = ""
    other: str = ""


class Ruled(StrEnum):
    """What the auditor said of two things."""

    CONFIRMED = "confirmed"
    PARTED = "parted"


@dataclass(frozen=True, slots=True)
class Ruling:
    """An act of the auditor about two things, as the journal keeps it.

    Attributes:
        ruled: what was said.
        reason: why, in the auditor's words.
        who: who said it.
        at: when, aware UTC.
        entry: number of the act in the journal.
    """

    ruled: Ruled
    reason: str
    who: str
    at: datetime
    entry: int


#: A thing whatever the numbers of the case: digest of its source, and its key there.
Lasting = tuple[str, str]
#: Two things, the smaller one first.
Pair = tuple[NodeId, NodeId]


@dataclass(frozen=True, slots=True)
class Alternate:
    """Two things of two sources that may be one.

    Attributes:
        one: a thing.
        other: the thing of another source; ``one`` < ``other``.
        likenesses: why, the strongest first; () where only the auditor says so.
        confidence: how far that goes.
        against: sentences on what speaks against it.
        ruling: what the auditor said last, or None.
    """

    one: NodeId
    other: NodeId
    likenesses: tuple[Likeness, ...]
    confidence: Confidence
    against: tuple[str, ...] = ()
    ruling: Ruling | None = None

    @property
    def is_parted(self) -> bool:
        """Whether the auditor said that they are two."""
        return self.ruling is not None and self.ruling.ruled is Ruled.PARTED

    @property
    def is_sure(self) -> bool:
        """Whether lineage goes from one to the other unasked: a strong digest, or confirmed."""
        if self.ruling is not None:
            return self.ruling.ruled is Ruled.CONFIRMED
        return self.confidence is Confidence.STRONG

    def beyond(self, node: NodeId) -> NodeId:
        """Return the other one of the two."""
        return self.other if node == self.one else self.one


@dataclass(frozen=True, slots=True)
class Unclear:
    """Things that share something and of which several of one source fit: nothing is concluded."""

    likeness: Likeness
    things: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Alternates:
    """All links of a case.

    Attributes:
        links: by their ends.
        unclear: what fits several, so that nothing was concluded.
    """

    links: tuple[Alternate, ...]
    unclear: tuple[Unclear, ...] = ()

    def of(self, node: NodeId) -> tuple[Alternate, ...]:
        """Return the links of one thing."""
        return tuple(link for link in self.links if node in (link.one, link.other))

    def counts(self) -> Mapping[Confidence, int]:
        """Return how many links without a ruling there are of each confidence."""
        found = [link.confidence for link in self.links if link.ruling is None]
        return {each: found.count(each) for each in reversed(Confidence)}


class Crossing(StrEnum):
    """Which links lineage follows from a thing to its alternate."""

    NONE = "none"
    SURE = "sure"
    ALL = "all"

    def crosses(self, link: Alternate) -> bool:
        """Tell whether a link is followed; one that the auditor parted never is."""
        if link.is_parted or self is Crossing.NONE:
            return False
        return self is Crossing.ALL or link.is_sure
