"""Events of one stretch of a log as columns: what a worker hands back, small to send.

Arrays are bytes in the machine's own order, as ``array.array`` writes them and NumPy reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.model.event import Outcome

OUTCOMES = tuple(Outcome)

#: Stands for no time: no log claims the first nanosecond that 64 bits can hold.
NO_TIME = -(2**63)

#: Bytes of evidence that one digest of the index is over, at most.
BLOCK = 64 * 1024


#: Stands for no text.
NO_TEXT = -1


@dataclass(frozen=True, slots=True)
class Texts:
    """A text of each event, each spelled once.

    Attributes:
        codes: for each event the place of its text in ``each``, int32, or ``NO_TEXT``.
        each: the texts.
    """

    codes: bytes
    each: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Consecutive records of one source.

    Attributes:
        count: how many.
        offsets: byte offset of each, int64.
        lengths: bytes of each, int64.
        times: claimed time of each in nanoseconds, int64, or ``NO_TIME``.
        actor: who.
        action: what was done.
        object: to what.
        outcome: what is said of whether it was done.
        outcomes: what each text of an outcome means, and what none does: place in ``OUTCOMES``.
        unread: (place in the batch, text) of times that could not be read.
        malformed: places in the batch of records that could not be read.
        blocks: (offset, length, SHA-256) of the bytes they lie in.
    """

    count: int
    offsets: bytes
    lengths: bytes
    times: bytes
    actor: Texts
    action: Texts
    object: Texts
    outcome: Texts
    outcomes: Mapping[str | None, int]
    unread: tuple[tuple[int, str], ...] = ()
    malformed: tuple[int, ...] = ()
    blocks: tuple[tuple[int, int, bytes], ...] = ()
