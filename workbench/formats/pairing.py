"""Which log each signed head is about (VERDICTS 1): what it states comes before how it is called.

A head states the last digest of its log (``chain-head``), names the log (its origin) and the
profile. So these are asked, and the first that leaves one log decides:

1. the log that lies with it, or is called as it, if the digest that it states stands there;
2. the logs in which that digest stands, and those that its origin names;
3. of several: the nearest, then the one with the digest, the profile, the name.

A head that an earlier version of a log was made over states a digest that the log has lost. So
logs that share a digest of the same origin are versions of one log, and none of them takes a
head away from another: the nearest gets it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.archive_kind import folder_of, is_called, lies_in
from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.limits import MIB
from workbench.formats.signed_head import Stated, stated_in
from workbench.model.progress import Cancel

#: Longer than any digest in hex.
_OVERLAP = 129
#: So many searches cost what one look at every word of hex does.
_FEW = 24
_HEX = re.compile(rb"[0-9a-f]{32,}")


@dataclass(frozen=True, slots=True)
class Log:
    """A log that a head may be about.

    Attributes:
        file: its file.
        chained: whether its records carry digests.
        profile: id of the only profile whose fields it has, or None.
    """

    file: EvidenceFile
    chained: bool = True
    profile: str | None = None


Narrow = Callable[[Sequence[Log]], Sequence[Log]]


def logs_of_heads(
    heads: Sequence[EvidenceFile], logs: Sequence[Log], *, cancel: Cancel
) -> Mapping[EvidenceFile, tuple[Log, ...]]:
    """Return for each head the logs that it may be about: one, several or none."""
    return _Pairing(heads, logs, cancel).owners()


class _Pairing:
    """All heads and logs of a drop; a log is searched for digests only where it matters."""

    def __init__(self, heads: Sequence[EvidenceFile], logs: Sequence[Log], cancel: Cancel) -> None:
        self._heads = heads
        self._logs = logs
        self._stated = {head: stated_in(head) for head in heads}
        self._searched = _Searched(cancel)
        self._shared: dict[str, set[frozenset[Log]]] = {}

    def owners(self) -> dict[EvidenceFile, tuple[Log, ...]]:
        """Return the logs of each head."""
        usual = {head: _nearest(head, self._logs) for head in self._heads}
        if len(self._logs) < 2:
            return usual
        for log in self._logs:
            self._search([head for head in self._heads if usual[head] == (log,)], log)
        open_ = [head for head in self._heads if not self._is_confirmed(head, usual[head])]
        origins = {self._stated[head].origin for head in open_}
        related = [head for head in self._heads if self._stated[head].origin in origins]
        for log in self._logs:
            self._search(related, log)
        for said in self._stated.values():
            sharing = frozenset(self._holding(said, self._logs))
            self._shared.setdefault(said.origin, set()).add(sharing)
        return usual | {head: self._asked(head) for head in open_}

    def _search(self, heads: Iterable[EvidenceFile], log: Log) -> None:
        if log.chained:
            self._searched.look(log, {self._stated[head].digest for head in heads} - {""})

    def _is_confirmed(self, head: EvidenceFile, usual: Sequence[Log]) -> bool:
        """Tell whether the log that a head lies with has the digest that it states."""
        digest = self._stated[head].digest
        return len(usual) == 1 and digest in self._searched.found(usual[0])

    def _asked(self, head: EvidenceFile) -> tuple[Log, ...]:
        said = self._stated[head]
        named, holding = _named_by(said.origin, self._logs), self._versions(said)
        if named and holding and not set(named) & set(holding):
            return (*holding, *named)
        candidates = named or holding
        return _nearest(
            head,
            candidates or self._logs,
            among=bool(candidates),
            narrow=lambda logs: self._narrowed(logs, said),
        )

    def _narrowed(self, logs: Sequence[Log], said: Stated) -> Sequence[Log]:
        """Return those of logs that lie equally near which have the digest, then the profile."""
        logs = self._holding(said, logs) or logs
        if not said.profile:
            return logs
        return [log for log in logs if log.profile in {None, said.profile}] or logs

    def _holding(self, said: Stated, logs: Iterable[Log]) -> list[Log]:
        return [log for log in logs if said.digest in self._searched.found(log)]

    def _versions(self, said: Stated) -> list[Log]:
        """Return the logs with the digest, and those that share another of the same origin."""
        shared = self._shared[said.origin]
        versions, before = set(self._holding(said, self._logs)), -1
        while len(versions) > before:
            before = len(versions)
            versions.update(*(logs for logs in shared if logs & versions))
        return [log for log in self._logs if log in versions]


class _Searched:
    """Which digests stand in which logs; no byte is read twice for the same digest."""

    def __init__(self, cancel: Cancel) -> None:
        self._cancel = cancel
        self._looked: dict[Log, set[str]] = {}
        self._found: dict[Log, set[str]] = {}

    def look(self, log: Log, digests: set[str]) -> None:
        """Look for digests in a log."""
        fresh = digests - self._looked.get(log, set())
        self._looked.setdefault(log, set()).update(fresh)
        self._found.setdefault(log, set()).update(_standing_in(log.file, fresh, self._cancel))

    def found(self, log: Log) -> set[str]:
        """Return the digests that were found in a log."""
        return self._found.get(log, set())


def _standing_in(file: EvidenceFile, digests: Iterable[str], cancel: Cancel) -> set[str]:
    """Return which digests stand in a file, in lower hex as most logs write them."""
    missing = {digest.encode(): digest for digest in digests}
    found: set[str] = set()
    tail = b""
    try:
        for block in blocks(file, cancel=cancel, size=MIB) if missing else ():
            window = tail + block
            for hexadecimal in _seen_in(window, missing):
                found.add(missing.pop(hexadecimal))
            if not missing:
                break
            tail = window[-_OVERLAP:]
    except SourceError:
        pass  # told by whoever judges the log
    return found


def _seen_in(window: bytes, digests: Iterable[bytes]) -> list[bytes]:
    """Return which digests stand in some bytes: of few each is looked for, of many all at once."""
    wanted = list(digests)
    if len(wanted) <= _FEW:
        return [digest for digest in wanted if digest in window]
    words = set(_HEX.findall(window))
    return [digest for digest in wanted if digest in words]


def _named_by(origin: str, logs: Sequence[Log]) -> list[Log]:
    """Return the logs whose file, else whose folder, the last part of an origin names."""
    last = origin.rstrip("/").rpartition("/")[2]
    if not last:
        return []
    files = [log for log in logs if is_called(log.file, last)]
    return files or [log for log in logs if lies_in(log.file, last)]


def _nearest(
    head: EvidenceFile,
    logs: Sequence[Log],
    *,
    among: bool = False,
    narrow: Narrow = lambda logs: logs,
) -> tuple[Log, ...]:
    """Return the logs in the folder of a head, else in the closest one above it, by name.

    Args:
        head: the head.
        logs: what it may be about.
        among: whether it is known to be about one of them, wherever they lie.
        narrow: returns those of equally near logs that are meant more likely.
    """
    folder = folder_of(head)
    while folder:
        here = [log for log in logs if folder_of(log.file) == folder]
        if here:
            return _by_name(head, narrow(here))
        folder = folder.rpartition("/")[0]
    lying_open = [log for log in logs if not folder_of(log.file)]
    if lying_open or among or len(logs) == 1:
        return _by_name(head, narrow(lying_open or logs))
    return ()


def _by_name(head: EvidenceFile, logs: Sequence[Log]) -> tuple[Log, ...]:
    """Of several logs in a folder, prefer the one that the head's name starts with."""
    if len(logs) == 1:
        return tuple(logs)
    named = [log for log in logs if head.name.startswith(_stem(log.file.name))]
    longest = max((len(_stem(log.file.name)) for log in named), default=0)
    return tuple(log for log in named if len(_stem(log.file.name)) == longest) or tuple(logs)


def _stem(name: str) -> str:
    """Return a name up to its first dot."""
    return name.partition(".")[0]
