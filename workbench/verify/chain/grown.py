"""A log that has grown since it was judged: its old part is hashed again, not walked again.

What the earlier verdict says of the old part is believed, because the auditor brought it; that
these are the same bytes is not: each of them is read and hashed, in the one pass over the file.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.limits import MIB
from workbench.model.earlier import Earlier
from workbench.model.progress import Cancel
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.facts import Stretch
from workbench.verify.chain.frame import BOM
from workbench.verify.chain.piece import judge_record

#: A first or last record longer than this is not looked for: all is judged anew.
_LONGEST = MIB


class NotGrownError(Exception):
    """The old part must be walked again: it is not what was judged, or cannot be passed over."""

    def __init__(self, reason: str, *, differs: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.differs = differs


@dataclass(slots=True)
class OldPart:
    """The part of a log that was judged before, while it goes by.

    Attributes:
        earlier: what was said of it.
        pieces: (first record, offset, length) of parts of it that end with a line.
    """

    earlier: Earlier
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    _passed: int = 0
    _lines: int = 0
    _open: int = 0
    _first: bytes = b""
    _last: bytes = b""

    @property
    def left(self) -> int:
        """Return how many of its bytes have not gone by."""
        return self.earlier.size - self._passed

    def take(self, block: bytes) -> None:
        """Take the next bytes, none beyond its end."""
        if b"\n" not in self._first:
            self._first = (self._first + block)[: _LONGEST + 1]
        if self.left - len(block) < _LONGEST:
            self._last = (self._last + block)[-_LONGEST - 1 :]
        lines, end = block.count(b"\n"), self._passed + block.rfind(b"\n") + 1
        if lines:
            self.pieces.append((self._lines + 1, self._open, end - self._open))
            self._lines, self._open = self._lines + lines, end
        self._passed += len(block)

    def stretch(self, engine: Engine, sha256: str) -> Stretch:
        """Return its records as one stretch, now that it has gone by.

        Raises:
            NotGrownError: it is not what was judged, or not what can be passed over.
        """
        if sha256 != self.earlier.sha256:
            raise NotGrownError("its beginning has other bytes", differs=True)
        first, closed, _ = self._first.removeprefix(BOM).partition(b"\n")
        *_, last, after = (b"\n" + self._last).rsplit(b"\n", 2)
        if after or not closed or self._lines != self.earlier.records:
            raise NotGrownError("its old part does not end with a line, or has blank ones")
        offset = self.earlier.size - len(last) - 1
        head, tail = (judge_record(engine, raw.removesuffix(b"\r")) for raw in (first, last))
        if head.problem or tail.problem or len(last) >= _LONGEST:
            raise NotGrownError("the first or last record of its old part does not hold")
        start = len(self._first) - len(self._first.removeprefix(BOM))
        return Stretch(1, self._lines, start, offset, head, tail)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first bytes of a log that was delivered again, beside those that were judged before.

    Attributes:
        earlier: what was said of those.
        sha256: digest of as many bytes here; "" where there are fewer.
    """

    earlier: Earlier
    sha256: str

    @property
    def same(self) -> bool:
        """Tell whether they are the very bytes that were judged."""
        return self.sha256 == self.earlier.sha256


def beginnings(
    earlier: Sequence[Earlier], file: EvidenceFile, cancel: Cancel
) -> tuple[Beginning, ...]:
    """Return the beginnings of a log that verdicts on what it replaced were about."""
    mine = sorted((e for e in earlier if e.about == (file.path, file.member)), key=_size)
    found, digest, passed = [], hashlib.sha256(), 0
    source = blocks(file, cancel=cancel) if mine else iter(())
    rest = b""
    for one in mine:
        while passed + len(rest) < one.size and (block := next(source, b"")):
            digest.update(rest)
            passed, rest = passed + len(rest), block
        here = digest.copy()
        here.update(rest[: max(one.size - passed, 0)])
        found.append(Beginning(one, here.hexdigest() if one.size <= file.size else ""))
    return tuple(found)


def _size(earlier: Earlier) -> int:
    return earlier.size


def old_part(earlier: Sequence[Earlier], file: EvidenceFile, profile: str) -> OldPart | None:
    """Return the old part of a log, by the earlier verdict that says most of it."""
    fitting = [
        e
        for e in earlier
        if e.profile == profile
        and e.size <= file.size
        and e.believed
        and e.concerns(file.path, file.member)
    ]
    best = max(fitting, key=lambda e: (e.name == file.name, e.size), default=None)
    return None if best is None else OldPart(best)


def is_shorter(earlier: Sequence[Earlier], file: EvidenceFile) -> bool:
    """Tell whether a log of this name was longer when it was judged before."""
    nameless = (e for e in earlier if e.about is None)
    return any(e.name == file.name and e.size > file.size for e in nameless)
