"""One event of an audit log, named as OCSF names its parts, every value as claimed."""

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.locator import Locator


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
