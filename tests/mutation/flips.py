"""Changes of single bytes in a log, each with what has to be told of it."""

import random
from dataclasses import dataclass

from tests.mutation.acts import Known, link_changed
from tests.mutation.logs import ChainLog
from tests.mutation.reading import Record, Row, strict_json
from tests.mutation.truth import (
    HIDDEN,
    LOOSE,
    OPEN,
    UNPROTECTED,
    Truth,
    decided,
    opened,
)

MALFORMED, ALTERED = "MALFORMED_RECORD", "RECORD_ALTERED"


@dataclass(frozen=True)
class Change:
    """A changed file: what was done, the bytes, and what has to be told."""

    words: str
    data: bytes
    truth: Truth


def changed_byte(data: bytes, chance: random.Random) -> tuple[str, bytes, int]:
    """Return what was done to one byte, the bytes then, and where it was."""
    at = chance.randrange(len(data))
    match chance.randrange(4):
        case 0:
            return f"byte {at} out", data[:at] + data[at + 1 :], at
        case 1:
            new = bytes([chance.randrange(256)])
            return f"byte {new.hex()} in at {at}", data[:at] + new + data[at:], at
        case 2:
            new = bytes([data[at] ^ 1 << chance.randrange(8)])
        case _:
            new = bytes([(data[at] + chance.randrange(1, 256)) % 256])
    return f"byte {at} to {new.hex()}", data[:at] + new + data[at + 1 :], at


def flip(log: ChainLog, known: Known, chance: random.Random) -> Change:
    """Change one byte of a log."""
    data = log.data(log.records)
    words, changed, _ = changed_byte(data, chance)
    return Change(words, changed, truth_of(log, known, data, changed))


def cut(log: ChainLog, known: Known, chance: random.Random) -> Change:
    """Cut the end off a log, at any byte."""
    data = log.data(log.records)
    rows = log.read(data)
    first = rows[0].end if rows[0].end else 1
    at = chance.randrange(first, len(data))
    return Change(f"cut at {at}", data[:at], _truth_of_cut(log, known, data, at))


def _truth_of_cut(log: ChainLog, known: Known, data: bytes, at: int) -> Truth:
    if log.order:
        return _cut_table(log, data, at)
    if log.in_document:
        return OPEN if log.read(data[:at]) != log.read(data) else UNPROTECTED
    before, after = log.read(data), log.read(data[:at])
    left = len(after)
    if not _same(before[left - 1], after[left - 1]):
        return _of_record(log, known, before, after, left - 1)
    if left == len(before):
        return UNPROTECTED
    if not known.covers(len(before)):
        return HIDDEN
    return OPEN if log.partition else decided("TAIL_TRUNCATED", left)


def _cut_table(log: ChainLog, data: bytes, at: int) -> Truth:
    """Return what is told where rows in no order were cut: some of them may end their chains."""
    before, after = log.read(data), log.read(data[:at])
    whole = sum(_same(a, b) for a, b in zip(before, after, strict=False))
    if whole == len(before):
        return UNPROTECTED
    left = list(log.records[:whole])
    return HIDDEN if whole == len(after) and log.chain(left) == left else OPEN


def _same(one: Row, other: Row) -> bool:
    return one.value == other.value and one.raw.strip() == other.raw.strip()


def truth_of(log: ChainLog, known: Known, data: bytes, changed: bytes) -> Truth:
    """Return what has to be told of a file in which one thing was changed."""
    if data == changed:
        return UNPROTECTED
    before, after = log.read(data), log.read(changed)
    if log.in_document:
        return _in_document(log, before, after, changed)
    if len(before) != len(after) or not after:
        return _framed(log, before, after)
    differing = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if not _same(a, b)]
    if not differing:
        return _spacing(known, before, after)
    if len(differing) > 1:
        return _of_columns(log, before, after)
    return _of_record(log, known, before, after, differing[0])


def _of_columns(log: ChainLog, before: list[Row], after: list[Row]) -> Truth:
    """Return what is told where a name of a column changed: what is read then is another table."""
    pairs = [(a.value, b.value) for a, b in zip(before, after, strict=True)]
    held = all(a and b and log.protected(a) == log.protected(b) for a, b in pairs)
    return LOOSE if held or _is_link_renamed(log, before, after) else OPEN


def _is_link_renamed(log: ChainLog, before: list[Row], after: list[Row]) -> bool:
    """Tell whether only the column of a digest is called otherwise: no digest is over its name."""
    old, new = before[0].value or {}, after[0].value or {}
    cells = all(
        a.value and b.value and list(a.value.values()) == list(b.value.values())
        for a, b in zip(before, after, strict=True)
    )
    return cells and set(old) - set(new) <= {log.own, log.previous}


def _framed(log: ChainLog, before: list[Row], after: list[Row]) -> Truth:
    """Return what is told where records ran into each other, or one became two."""
    pairs = zip(before, after, strict=False)
    first = next((n for n, (a, b) in enumerate(pairs) if not _same(a, b)), len(after))
    if not after or first >= len(after):
        return OPEN
    if log.forward:
        return OPEN
    whole = after[first].value is not None  # a row may end earlier, and have all its cells
    return decided(ALTERED if whole else MALFORMED, first + 1)


def _spacing(known: Known, before: list[Row], after: list[Row]) -> Truth:
    differing = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a.raw != b.raw]
    if known.heads and differing:
        return _beside(known, differing[0])
    return UNPROTECTED


def _beside(known: Known, at: int) -> Truth:
    """Return what is told where only a signed root covers what was changed."""
    if at + 1 > max(known.heads):
        return UNPROTECTED
    return decided(ALTERED, known.agreed_before(at + 1) + 1)


def _of_record(log: ChainLog, known: Known, before: list[Row], after: list[Row], at: int) -> Truth:
    old, new = before[at].value, after[at].value
    assert old is not None
    if new is None:
        return decided(MALFORMED, at + 1)
    names = {log.own, log.previous} - {""}
    if not log.forward and not any(isinstance(new.get(name), str) for name in names):
        return decided(MALFORMED, at + 1)
    if log.seal and not isinstance(new.get(log.seal), str):
        return OPEN  # the tag beside the chain is gone
    if log.canonical:
        return decided(ALTERED, at + 1)
    if log.protected(old) == log.protected(new):
        return _unprotected(log, known, old, new, at)
    if log.protected(old, meant=True) == log.protected(new, meant=True):
        return OPEN if known.heads else LOOSE
    return _altered(log, old, new, at)


def _unprotected(log: ChainLog, known: Known, old: Record, new: Record, at: int) -> Truth:
    if known.heads:
        return _beside(known, at)
    return LOOSE if any(old.get(n) != new.get(n) for n in log.loose) else UNPROTECTED


def _altered(log: ChainLog, old: Record, new: Record, at: int) -> Truth:
    if log.forward or (log.implicit and not log.sequence):
        return opened("LINK_BROKEN", at + 1, *[MALFORMED] * log.forward)
    if not log.recomputable and old.get(log.previous) != new.get(log.previous):
        return link_changed(at + 1)
    if old.get(log.previous) == "" and log.previous not in new:
        return opened("HEAD_TRUNCATED", at + 1, ALTERED)  # nothing is hashed as an empty text is
    return decided(ALTERED, at + 1)


def _has_list(data: bytes, records: list[Record | None]) -> bool:
    """Tell whether a document has a list under another name: no digest is over that."""
    try:
        left = [strict_json(data)]
    except ValueError:
        return False
    while left:
        value = left.pop()
        if value == records:
            return True
        left += (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        )
    return False


def _in_document(log: ChainLog, before: list[Row], after: list[Row], changed: bytes) -> Truth:
    if len(before) != len(after):
        return LOOSE if _has_list(changed, [row.value for row in before]) else OPEN
    differing = [
        n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a.value != b.value
    ]
    if not differing:
        return LOOSE  # what stands around the list
    return _of_record(log, Known(), before, after, differing[0])
