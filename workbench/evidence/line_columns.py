"""Lines of a log that were proven by column: where their texts lie, for whoever wants those too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]

#: Stands for the place of a text that a line does not have.
ABSENT = -1


@dataclass(frozen=True, slots=True)
class LineColumns:
    """Whole lines of canonical JSON (UTF-8) with the members that were asked for.

    Attributes:
        block: the lines, and more bytes after them.
        start: where each begins in ``block``.
        length: bytes of each without its end.
        texts: for each member asked for, where its text begins and ends in each line: no escape
            stands in it; ``ABSENT`` where the line does not have the member, or has it as null.
        alone: what the lines say, by their number from 0, for which ``texts`` says nothing.
    """

    block: bytes
    start: "Places"
    length: "Places"
    texts: "NDArray[np.int64]"
    alone: Mapping[int, Mapping[str, object]]
