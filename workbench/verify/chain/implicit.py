"""Chains whose records do not store the previous digest: it is that of the record before.

Where a record is not reproduced with the digest of the record before it, others near it are tried:
so a record that was moved, repeated or put in is found as in a chain that stores its links. What
none of them reproduces was altered, or what stood before it is gone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_range
from workbench.model.profile import Beginning, GenesisKind
from workbench.model.verdict import DiagnosisClass
from workbench.verify.chain.breaks import Break
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.facts import ALTERED, MALFORMED, Guard, Stretch
from workbench.verify.chain.linking import genesis_in, own_in
from workbench.verify.chain.survey import Survey

D = DiagnosisClass
#: Records before and after one that are tried in its place, and for how many this is done.
NEAR, MOST_TRIED = 64, 500
#: Other logs whose last line is looked at, and how much of their end.
MOST_BESIDE, _END = 200, 64 * 1024
_DIGEST = re.compile(rb"[0-9a-fA-F]{64}")


def find_links(seen: Survey, engine: Engine, beside: Iterable[EvidenceFile] = ()) -> None:
    """Give records that are not reproduced the previous digest with which they are.

    ``beside`` are other logs: the first record may go on where one of them ends.
    """
    if not engine.implicit or engine.forward or not engine.recomputable:
        return
    tried = 0
    for n, stretch in enumerate(seen.stretches):
        if stretch.problem != ALTERED or stretch.head.guard is not Guard.DIGEST:
            continue
        tried += 1
        if tried > MOST_TRIED:
            return
        ends = _ends(beside, seen) if stretch.first == 1 else ()
        previous = _link_of(seen, engine, stretch, ends)
        if previous is not None:
            seen.relinked[stretch.first] = stretch.head.recomputed
            facts = stretch.head._replace(
                previous=previous, problem="", recomputed=None, reason="", values=("", "")
            )
            seen.stretches[n] = replace(stretch, head=facts, tail=facts)


def _ends(beside: Iterable[EvidenceFile], seen: Survey) -> Iterator[str]:
    """Yield what may be the last digests of other logs."""
    for file in islice((f for f in beside if f != seen.log.file), MOST_BESIDE):
        try:
            end = read_range(file, max(0, file.size - _END), _END)
        except SourceError:
            continue  # told by whoever judges that log
        last = end.rstrip().rpartition(b"\n")[2]
        yield from (found.decode() for found in _DIGEST.findall(last))


def _link_of(seen: Survey, engine: Engine, stretch: Stretch, ends: Iterable[str]) -> str | None:
    found = seen.record(stretch.first)
    if found is None:
        return None
    record, raw = engine.parse(found[1]), found[1]
    for digest in chain(_near(seen, engine, stretch.first), ends):
        if engine.recompute(record, raw, previous=digest) == stretch.head.own:
            return digest
    return None


def _near(seen: Survey, engine: Engine, number: int) -> Iterator[str]:
    first = seen.record(1)
    genesis = None if first is None else genesis_in(engine, first[1])
    if genesis is not None:
        yield genesis
    for n in sorted(range(number - NEAR, number + NEAR + 1), key=lambda n: abs(n - number)):
        found = seen.record(n)
        own = None if found is None else own_in(engine, found[1])
        if own is not None and n != number:
            yield own


def read_anew(breaks: Iterable[Break], seen: Survey, engine: Engine) -> list[Break]:
    """Return breaks; what is not reproduced may have been altered, or lost what stood before it."""
    return told_once(list(_read_anew(breaks, seen, engine)), engine)


def _read_anew(breaks: Iterable[Break], seen: Survey, engine: Engine) -> Iterator[Break]:
    by_first = {stretch.first: stretch for stretch in seen.stretches}
    lasts = {stretch.last: stretch for stretch in seen.stretches}
    for found in breaks:
        stretch = by_first.get(found.record or 0)
        altered = found.kind is D.RECORD_ALTERED and found.guard is Guard.DIGEST
        if not (engine.implicit and altered and stretch is not None):
            yield found
            continue
        before = lasts.get(stretch.first - 1)
        if before is not None and before.problem == MALFORMED:
            continue  # what it is linked to cannot be read: told of that record
        if before is None and _may_go_on(stretch, engine):
            yield _unproven(found, seen.number_of(stretch.first), engine)
            continue
        yield _read(found, stretch, before, seen, engine)


def _may_go_on(stretch: Stretch, engine: Engine) -> bool:
    """Tell whether what stood before the first record of a chain may lie elsewhere."""
    genesis, start = engine.profile.genesis, engine.profile.sequence.start
    if genesis.kind is GenesisKind.ANY:
        return True
    is_numbered_first = start is not None and stretch.head.sequence == start
    return genesis.otherwise is not Beginning.TRUNCATED and not is_numbered_first


def _unproven(found: Break, record: int, engine: Engine) -> Break:
    """Return what is told of a first record whose previous digest nothing shows: no accusation."""
    altered = f"record {record:,} was altered."
    elsewhere = "records before it lie elsewhere, or were deleted"
    why = "This record is the first of its chain here, and not reproduced as the first of all."
    notes = [why, f"One reading: {elsewhere}.", f"The other: {altered}"]
    if engine.profile.genesis.kind is GenesisKind.ANY:
        why = "Records of this log do not store the previous digest, and nothing shows what stood "
        why += "before the first one: its digest could not be recomputed."
        readings = f"a chain begins here, by a value that is not known; {elsewhere}; or {altered}"
        notes = [why, f"What may be: {readings}"]
    return Break(D.HEAD_TRUNCATED, found.record, guard=Guard.START, notes=notes)


def _read(
    found: Break, stretch: Stretch, before: Stretch | None, seen: Survey, engine: Engine
) -> Break:
    number, record = stretch.head.sequence, seen.number_of(stretch.first)
    expected = engine.profile.sequence.start if before is None else None
    if before is not None and before.tail.sequence is not None:
        expected = before.tail.sequence + 1
    counted = engine.profile.sequence.gap_free and number is not None and expected is not None
    if counted and number == expected:
        return found
    if counted and number is not None and expected is not None and number > expected:
        found.kind, found.count = D.RECORDS_DELETED, number - expected
        found.notes.append(f"The numbers of the records show that {found.count} are missing here.")
        return found
    found.kind = D.LINK_BROKEN
    near = "Records of this log do not store the previous digest, and no record near it gives one "
    why = f"{near}with which record {record:,} is reproduced."
    if engine.forward:
        why = f"What record {record:,} should hold follows from all records of its chain before it."
    found.notes += [
        why,
        f"One reading: record {record:,} was altered.",
        f"The other: records before record {record:,} were deleted.",
    ]
    return found


def told_once(breaks: Sequence[Break], engine: Engine) -> list[Break]:
    """Return breaks, those that come of one told as one."""
    if not engine.forward:
        return list(breaks)
    told: list[Break] = []
    for found in breaks:
        last = told[-1] if told else None
        if last is not None and _comes_of(found, last):
            last.count = (last.count or 1) + 1
            last.covers = range(last.record or 1, (found.record or 1) + 1)
            continue
        told.append(found)
    for found in told:
        if found.covers:
            note = f"After it {len(found.covers) - 1:,} records could not be checked: their keys "
            found.notes.append(f"{note}follow from it, up to the next beginning of a chain.")
    return told


def _comes_of(found: Break, last: Break) -> bool:
    kinds = {D.RECORD_ALTERED, D.LINK_BROKEN}
    end = last.covers.stop if last.covers else (last.record or 0) + 1
    unknown = found.kind in kinds and not found.recomputed
    return unknown and last.kind in kinds and found.record == end
