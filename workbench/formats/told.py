"""One column of texts of a log, each kept once."""

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from workbench.model.event_batch import NO_TEXT, Texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Told:
    """Takes the texts of one record after the other."""

    def __init__(self) -> None:
        self._codes = array("i")
        #: The first number is that of no text: each other has the place of its text after it.
        self._known: dict[str | None, int] = {None: NO_TEXT}

    def add(self, texts: Sequence[str | None]) -> None:
        """Take texts; None where a record has none."""
        self._learn(dict.fromkeys(texts))
        self._codes.extend(map(self._known.__getitem__, texts))

    def add_spelled(self, each: Sequence[bytes], codes: "NDArray[np.int64]") -> None:
        """Take texts in UTF-8 without line ends.

        Args:
            each: the texts.
            codes: for each record the place of its text in ``each``; -1: it has none.
        """
        import numpy as np

        # All at once is many times faster than one by one.
        read = b"\n".join(each).decode().split("\n") if each else []
        self._learn(read)
        mine = np.array([*map(self._known.__getitem__, read), NO_TEXT], np.int32)
        self._codes.frombytes(mine[codes].tobytes())

    def made(self) -> Texts:
        """Return what was taken."""
        return Texts(self._codes.tobytes(), tuple(text for text in self._known if text is not None))

    def _learn(self, texts: Iterable[str | None]) -> None:
        known = self._known
        for text in texts:
            known.setdefault(text, len(known) - 1)
