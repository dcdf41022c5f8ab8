"""What one record says of itself, and stretches of records that agree."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

#: What is wrong with a record taken by itself.
ALTERED, MALFORMED = "altered", "malformed"


class Guard(StrEnum):
    """A value, or a rule, that protects records: what does not hold where something broke."""

    DIGEST = "digest"
    FORM = "canonical form of the line"
    SEAL = "seal"
    ROOT = "Merkle root"
    COUNT = "number of records"
    START = "what stood before the first record"


class Facts(NamedTuple):
    """What one record says of itself, and whether that is so.

    Attributes:
        own: stored digest.
        previous: stored previous digest.
        sequence: stored number.
        time: stored time.
        problem: "", ``ALTERED`` or ``MALFORMED``.
        recomputed: the digest by the recipe, where it is not the stored one.
        reason: why, in words.
        guard: with a problem, what does not hold.
        values: with a problem, that value as it is stored and as it was recomputed; "" for none.
        version: the newest recipe that protects it: 0 the newest of all, below that an older one.
        oldest: the oldest recipe that protects it too: what several reproduce tells none.
        mark: what begins or ends a chain, or "".
    """

    own: str | None
    previous: str | None
    sequence: int | None
    time: object
    problem: str = ""
    recomputed: str | None = None
    reason: str = ""
    guard: Guard = Guard.DIGEST
    values: tuple[str, str] = ("", "")
    version: int = 0
    oldest: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Records in a row that reproduce, link, count on and do not go back in time; or one bad one.

    Attributes:
        first: number of its first record, from 1.
        count: how many records.
        offset: byte offset of the first record.
        last_offset: byte offset of the last one.
        head: facts of the first record; its ``version`` is the newest that may come before.
        tail: facts of the last record; its ``oldest`` is the oldest that may come after.
    """

    first: int
    count: int
    offset: int
    last_offset: int
    head: Facts
    tail: Facts

    @property
    def last(self) -> int:
        """Return the number of its last record."""
        return self.first + self.count - 1

    @property
    def problem(self) -> str:
        """Return what is wrong with it: a bad record stands alone."""
        return self.head.problem
