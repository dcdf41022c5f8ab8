"""One event of an audit log, named as OCSF names its parts, every value as claimed."""

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.case import EvidenceRef
from workbench.model.locator import Locator
from workbench.model.recipe import Name


class Outcome(StrEnum):
    """Whether what was tried was done (OCSF ``status``)."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"


class EventFlag(StrEnum):
    """What verification found about a record."""

    BROKEN = "broken"
    UNANCHORED = "unanchored"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Event:
    """An event with its place; the raw record stays in the evidence.

    Attributes:
        locator: file, member, record number from 1, byte offset and length.
        time_ns: claimed time, nanoseconds since 1970-01-01 UTC, or None where none was read.
        time_text: the time as the record wrote it, or "".
        actor: who, as claimed, or "".
        action: what was done, as claimed, or "".
        object: to what, as claimed, or "".
        outcome: whether it was done.
        level: assurance level 0 to 4 of the record (VERDICTS section 3).
        flags: what verification found.
    """

    locator: Locator
    time_ns: int | None = None
    time_text: str = ""
    actor: str = ""
    action: str = ""
    object: str = ""
    outcome: Outcome = Outcome.UNKNOWN
    level: int = 0
    flags: frozenset[EventFlag] = frozenset()


@dataclass(frozen=True, slots=True)
class EventFields:
    """Where in a record each part of an event is read: the mapping of one source.

    Attributes:
        time: when.
        actor: who.
        action: what was done.
        object: to what.
        outcome: whether it was done.
        absent_is_success: the outcome field is there only when something went wrong.
    """

    time: Name | None = None
    actor: Name | None = None
    action: Name | None = None
    object: Name | None = None
    outcome: Name | None = None
    absent_is_success: bool = False


@dataclass(frozen=True, slots=True)
class IndexedEvent:
    """An event as the index of a case has it.

    Attributes:
        source: id of the source in the case.
        sha256: digest of the source, lower hex.
        event: the event.
    """

    source: int
    sha256: str
    event: Event

    @property
    def ref(self) -> EvidenceRef:
        """Return its place, tied to the bytes it was read from."""
        return EvidenceRef(self.sha256, self.event.locator)


class EventSort(StrEnum):
    """By what a list of events can be ordered; equal ones stand as in the evidence."""

    RECORD = "record"
    TIME = "time"
    ACTOR = "actor"
    ACTION = "action"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class EventOrder:
    """An order of events; those without a value stand last either way."""

    by: EventSort = EventSort.RECORD
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many events fall into each of equal spans of claimed time.

    Attributes:
        first: first nanosecond of the first bin.
        width: nanoseconds of a bin.
        counts: events in each bin.
        untimed: events that match and claim no readable time.
    """

    first: int
    width: int
    counts: tuple[int, ...]
    untimed: int = 0
