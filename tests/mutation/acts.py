"""Single changes of records, each with what has to be told of it.

An act chooses records of one chain, changes them, and says what follows from VERDICTS section 4.
Positions within a chain count from 0; records of the file from 1.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.mutation import truth
from tests.mutation.logs import ChainLog
from tests.mutation.reading import Record
from tests.mutation.truth import HIDDEN, LOOSE, OPEN, UNPROTECTED, Truth, decided, opened


@dataclass(frozen=True)
class Known:
    """What stands beside a log.

    Attributes:
        heads: sizes of signed heads.
        count: how many records there are, as the auditor states it, or the log itself.
        unsigned: whether the log itself does, and nobody signed that: it contradicts, and proves
            nothing.
    """

    heads: tuple[int, ...] = ()
    count: int | None = None
    unsigned: bool = False

    def agreed_before(self, record: int) -> int:
        """Return the size of the last head before a record."""
        return max((size for size in self.heads if size < record), default=0)

    def covers(self, size: int) -> bool:
        """Tell whether the number of records is known up to some."""
        return self.count is not None or any(head >= size for head in self.heads)


NOTHING = Known()


@dataclass(frozen=True)
class Act:
    """One change of a log.

    Attributes:
        words: what was done, to do it again.
        records: what is left of the log.
        truth: what has to be told.
    """

    words: str
    records: list[Record]
    truth: Truth


class Chain:
    """The records of one chain of a log, and where they lie in the file."""

    def __init__(self, log: ChainLog, known: Known, chance: random.Random) -> None:
        self.log = log
        self.known = known
        self.chance = chance
        self.rows = list(log.records)
        self.name = chance.choice(self.rows).get(log.partition) if log.partition else None
        in_file = [n for n, r in enumerate(self.rows) if r.get(log.partition) == self.name]
        places = in_file if log.partition else range(len(self.rows))
        #: Places in the file, in the order of the chain.
        self.places = sorted(places, key=self._order)
        self.length = len(self.places)

    def _order(self, place: int) -> tuple[int, int]:
        order = self.log.order
        return (int(self.rows[place][order]), place) if order else (0, place)

    def row(self, at: int) -> Record:
        """Return a record of the chain."""
        return self.rows[self.places[at]]

    @property
    def decides(self) -> bool:
        """Tell whether numbers, heads or a count tell deletion from rewriting."""
        whole = self.known.covers(len(self.rows)) and not self.log.partition
        return bool(self.log.sequence) or (whole and not self.known.unsigned)

    def pick(self, first: int = 0, end: int | None = None) -> int:
        """Return a position of the chain."""
        return self.chance.randrange(first, self.length if end is None else end)

    def forged(self, at: int) -> Record:
        """Return a new record, right in itself, that follows the one before ``at``."""
        log = self.log
        before = [self.row(n) for n in range(at)]
        like = self.row(min(at, self.length - 1))
        new = log.edited(like)
        if log.sequence and at == self.length:
            new = {**new, log.sequence: type(new[log.sequence])(int(new[log.sequence]) + 1)}
        return log.chain([*before, new])[-1]


def delete(chain: Chain) -> Act:
    """Take records away that stand in a row."""
    at = chain.pick()
    to = min(chain.length, at + chain.chance.choice([1, 1, 1, 2, 3]))
    if to - at == chain.length:
        to -= 1
    gone = {chain.places[n] for n in range(at, to)}
    rows = [row for n, row in enumerate(chain.rows) if n not in gone]
    after = chain.places[to] - sum(g < chain.places[to] for g in gone) if to < chain.length else 0
    return Act(f"delete {at}..{to}", rows, _gone(chain, at, to, after + 1, len(rows)))


def _gone(chain: Chain, at: int, to: int, after: int, left: int) -> Truth:
    log, known = chain.log, chain.known
    if to == chain.length:
        return _tail_gone(chain, at, left)
    if log.forward:
        return opened("LINK_BROKEN", after, "SEQUENCE_ANOMALY")
    if at == 0:
        return opened("LINK_BROKEN", after) if log.implicit else decided("HEAD_TRUNCATED", after)
    if log.implicit:
        return opened("LINK_BROKEN", after)
    whole = not log.partition and known.covers(len(chain.rows))
    if whole and known.unsigned:
        return opened("RECORDS_DELETED", after)
    if log.sequence or whole:
        return decided("RECORDS_DELETED", after)
    return opened("LINK_BROKEN", after)


def _tail_gone(chain: Chain, at: int, left: int) -> Truth:
    if not chain.known.covers(len(chain.rows)):
        return HIDDEN
    if chain.log.partition:
        return OPEN
    return (opened if chain.known.unsigned else decided)("TAIL_TRUNCATED", left)


def insert(chain: Chain) -> Act:
    """Put in a forged record that follows the one before it."""
    at = chain.chance.randrange(chain.length + 1)
    place = chain.places[at] if at < chain.length else chain.places[-1] + 1
    new = chain.forged(at)
    rows = [*chain.rows[:place], new, *chain.rows[place:]]
    said = decided("RECORD_INSERTED", place + 1)
    if chain.log.order:
        # Both stand where the order of rows puts them: which was put in, the chain decides.
        said = decided("RECORD_INSERTED", place + 1) if at < chain.length else HIDDEN
    elif chain.log.forward:
        said = HIDDEN if _holds(chain, rows) else opened("LINK_BROKEN", place + 2)
    elif at == chain.length:
        said = HIDDEN if chain.known.count is None else said
    elif at == 0 and chain.log.restarts:
        said = opened("SEQUENCE_ANOMALY", place + 2)
    return Act(f"insert at {at}", rows, said)


def insert_unlinked(chain: Chain) -> Act:
    """Put in a forged record that points at nothing."""
    at = chain.pick()
    place, own, previous = chain.places[at], chain.log.own, chain.log.previous
    if not previous or chain.log.forward:
        return insert(chain)
    before = chain.log.edited(chain.row(0))
    # Of a chain that nobody knows, so that it is right in itself and points nowhere.
    strange = chain.log.chain([before, chain.log.edited(chain.row(at))])[-1]
    rows = [*chain.rows[:place], strange, *chain.rows[place:]]
    assert strange[own] != chain.row(at)[own]
    if at == 0 and chain.log.restarts:
        return Act(f"insert unlinked at {at}", rows, opened("HEAD_TRUNCATED", place + 1))
    return Act(f"insert unlinked at {at}", rows, decided("RECORD_INSERTED", place + 1))


def repeat(chain: Chain) -> Act:
    """Put in a copy of a record further on."""
    at = chain.pick()
    to = chain.pick(at)
    place = chain.places[to] + 1
    rows = [*chain.rows[:place], chain.row(at), *chain.rows[place:]]
    second = place + 1
    if chain.log.order and chain.places[at] > chain.places[to]:
        second = chain.places[at] + 2
    said = decided("RECORD_DUPLICATED", second)
    if chain.log.forward:
        said = HIDDEN if _holds(chain, rows) else OPEN
    return Act(f"repeat {at} after {to}", rows, said)


def swap(chain: Chain) -> Act:
    """Exchange two records of a chain."""
    one, other = sorted(chain.chance.sample(range(chain.length), 2))
    rows = list(chain.rows)
    here, there = chain.places[one], chain.places[other]
    rows[here], rows[there] = rows[there], rows[here]
    return Act(f"swap {one} {other}", rows, _moved(chain, rows, min(here, there) + 1))


def move(chain: Chain) -> Act:
    """Move a record within its chain."""
    at, to = chain.chance.sample(range(chain.length), 2)
    order = list(range(chain.length))
    order.insert(to, order.pop(at))
    rows = list(chain.rows)
    for place, n in zip(chain.places, order, strict=True):
        rows[place] = chain.row(n)
    first = min(chain.places[at], chain.places[to]) + 1
    return Act(f"move {at} to {to}", rows, _moved(chain, rows, first))


def _moved(chain: Chain, rows: list[Record], first: int) -> Truth:
    if chain.log.order:
        return UNPROTECTED
    if chain.log.forward:
        return HIDDEN if _holds(chain, rows) else OPEN
    return decided("RECORDS_REORDERED", first)


def _holds(chain: Chain, rows: list[Record]) -> bool:
    """Tell whether a log is what its writer would have written."""
    return chain.log.chain(rows) == rows


def edit(chain: Chain) -> Act:
    """Change a value, and no digest."""
    at = chain.pick()
    rows = list(chain.rows)
    new = rows[chain.places[at]] = chain.log.edited(chain.row(at))
    covered = chain.log.protected(new) != chain.log.protected(chain.row(at))
    spare = LOOSE if chain.log.edit[0] in chain.log.loose else UNPROTECTED
    return Act(f"edit {at}", rows, _altered(chain, at) if covered else spare)


def _altered(chain: Chain, at: int) -> Truth:
    record = chain.places[at] + 1
    if chain.log.forward or (chain.log.implicit and not chain.log.sequence):
        return opened("LINK_BROKEN", record)
    return decided("RECORD_ALTERED", record)


def rewrite(chain: Chain) -> Act:
    """Change a value, and the digest of that record."""
    at = chain.pick()
    before = [chain.row(n) for n in range(at)]
    rows = list(chain.rows)
    new = chain.log.chain([*before, chain.log.edited(chain.row(at))])[-1]
    rows[chain.places[at]] = new
    if at == chain.length - 1:
        said = _chained_anew(chain, at)
    elif chain.log.forward and _holds(chain, rows):
        said = HIDDEN
    elif chain.log.forward or chain.log.implicit or not chain.decides:
        said = opened("LINK_BROKEN", chain.places[at + 1] + 1)
    else:
        said = decided("RECORD_REWRITTEN", chain.places[at] + 1)
    return Act(f"rewrite {at}", rows, said)


def rechain(chain: Chain) -> Act:
    """Change a value, and all digests from there on."""
    at = chain.pick()
    fresh = [chain.row(n) for n in range(chain.length)]
    fresh[at] = chain.log.edited(fresh[at])
    rows = list(chain.rows)
    for place, row in zip(chain.places, chain.log.chain(fresh), strict=True):
        rows[place] = row
    return Act(f"rechain from {at}", rows, _chained_anew(chain, at))


def _chained_anew(chain: Chain, at: int) -> Truth:
    if not chain.known.heads:
        return HIDDEN
    if chain.log.partition:
        return OPEN
    return decided("RECHAINED_AFTER", chain.known.agreed_before(at + 1) + 1)


def delete_and_rechain(chain: Chain) -> Act:
    """Take a record away, and make all digests after it anew."""
    at = chain.pick(1, chain.length - 1) if chain.length > 2 else 0
    gone = chain.places[at]
    left = [chain.row(n) for n in range(chain.length) if n != at]
    rows = {p: r for p, r in enumerate(chain.rows) if p != gone}
    places = [p for p in chain.places if p != gone]
    rows |= dict(zip(places, chain.log.chain(left), strict=True))
    done = [rows[place] for place in sorted(rows)]
    said = HIDDEN
    if chain.known.heads:
        said = OPEN  # numbers, digests and heads all speak; which comes first is not laid down
    elif chain.known.count is not None:
        said = OPEN
    elif chain.log.sequence:
        said = opened("SEQUENCE_ANOMALY", sorted(rows).index(places[at]) + 1)
    return Act(f"delete {at} and rechain", done, said)


def spoil_digest(chain: Chain) -> Act:
    """Write another digest into a record."""
    at = chain.pick()
    rows, own = list(chain.rows), chain.log.own
    rows[chain.places[at]] = {**chain.row(at), own: _turned(str(chain.row(at)[own]))}
    return Act(f"other digest in {at}", rows, _altered(chain, at))


def spoil_link(chain: Chain) -> Act:
    """Write another previous digest into a record."""
    at, previous = chain.pick(), chain.log.previous
    if not previous or not chain.row(at)[previous]:
        return spoil_digest(chain)
    rows = list(chain.rows)
    rows[chain.places[at]] = {**chain.row(at), previous: _turned(str(chain.row(at)[previous]))}
    said = _altered(chain, at) if chain.log.recomputable else link_changed(at + 1)
    return Act(f"other link in {at}", rows, said)


def link_changed(record: int) -> Truth:
    """Return what is told of another link in a record whose digest cannot be recomputed."""
    return opened("HEAD_TRUNCATED" if record == 1 else "LINK_BROKEN", record)


def _turned(digest: str) -> str:
    """Return another digest of the same form."""
    last = digest[-1]
    return digest[:-1] + {"0": "1", "S": "T", "s": "t"}.get(last, "0")


ACTS: tuple[Callable[[Chain], Act], ...] = (
    delete,
    insert,
    insert_unlinked,
    repeat,
    swap,
    move,
    edit,
    rewrite,
    rechain,
    delete_and_rechain,
    spoil_digest,
    spoil_link,
)


def act_on(log: ChainLog, known: Known, chance: random.Random) -> Act:
    """Do one thing to a log, drawn at random."""
    done = chance.choice(ACTS)(Chain(log, known, chance))
    return (
        done
        if done.records != list(log.records)
        else Act(done.words, done.records, truth.UNPROTECTED)
    )
