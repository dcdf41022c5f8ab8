"""Chains that lie interleaved in one file: which record belongs to which, and what broke in each.

Every partition (tenant, user, agent, day) is a chain of its own and is judged as one; what is found
in it is told by the numbers that its records have in the file. What signed heads state is about the
whole file, record by record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from workbench.errors import LimitError
from workbench.model.profile import ChainProfile, ContainerKind, get
from workbench.model.progress import Silent
from workbench.model.recipe import Name
from workbench.model.verdict import AssuranceFlag, AssuranceRange, DiagnosisClass
from workbench.verify.chain.assurance import assurance
from workbench.verify.chain.breaks import MOST_LISTED, Break, Stated, in_order
from workbench.verify.chain.diagnose import Diagnostician
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.frame import records_of
from workbench.verify.chain.implicit import find_links, read_anew
from workbench.verify.chain.nodes import nodes_of
from workbench.verify.chain.outcome import Facts
from workbench.verify.chain.piece import take_latest
from workbench.verify.chain.reading import MalformedError
from workbench.verify.chain.selection import Rows
from workbench.verify.chain.survey import Log, Survey, cuts_of_log, find, survey
from workbench.verify.heads.merkle import Accumulator
from workbench.verify.verifier import Bench

D = DiagnosisClass
#: Chains of one file that are judged.
MOST_PARTITIONS = 10_000
MOST_WANTED = 4096
_LOST = frozenset({D.LINK_BROKEN, D.RECORDS_DELETED})
_MISSED = _LOST | {D.HEAD_TRUNCATED}

Key = tuple[str, ...]


@dataclass(slots=True)
class Partition:
    """One of the chains in a file.

    Attributes:
        name: what its records have in common, in words.
        rows: where they lie.
        keys: by what they are put in order, where the profile says so.
        ordered: whether the profile says so: no row lies beside those of its chain.
        seen: what one pass over them found.
        breaks: what broke, by the numbers that records have in the chain.
    """

    name: str
    rows: Rows = field(default_factory=Rows)
    keys: list[tuple[int, float, str]] = field(default_factory=list)
    ordered: bool = False
    seen: Survey | None = None
    breaks: list[Break] = field(default_factory=list)


def is_parted(profile: ChainProfile) -> bool:
    """Tell whether records of a file are not one chain in the order of the file."""
    return bool(profile.fields.partition) or _order_of(profile) is not None


def _order_of(profile: ChainProfile) -> Name | None:
    """Return by which field records are put in order: rows of a table have none of their own."""
    in_table = profile.container.kind in {ContainerKind.CSV, ContainerKind.TSV_JSON}
    return profile.fields.order if in_table else None


def part(log: Log, bench: Bench, *, marks: Iterable[int] = ()) -> tuple[Survey, list[Partition]]:
    """Return the file as a whole, and the chains in it with what broke in each.

    Raises:
        LimitError: there are more chains in it than are judged.
        JsonError, SourceError, Cancelled: as ``survey``.
    """
    whole, parts = _sorted_out(log, bench, tuple(marks))
    quiet = replace(bench, progress=Silent(), tap=None)
    for part in parts:
        _look_through(part, log, quiet)
    _gather(whole, parts)
    return whole, parts


def _sorted_out(log: Log, bench: Bench, marks: tuple[int, ...]) -> tuple[Survey, list[Partition]]:
    """Go over a file once: its digest, its roots, and which record belongs where."""
    whole, engine = Survey(log), Engine(log.profile, log.secrets)
    tree = Accumulator(marks) if marks else None
    parts: dict[Key, Partition] = {}
    unread: list[tuple[int, int, int]] = []
    for cut in cuts_of_log(whole, bench):
        first = whole.records + 1
        records = [(cut.offset, b"")] if cut.oversized else list(records_of(cut))
        for offset, raw in records:
            whole.records += 1
            if tree is not None:
                tree.add_leaf(raw)
            place = (whole.records, offset, cut.oversized or len(raw))
            _put(engine, parts, unread, place, b"" if cut.oversized else raw)
        if records:
            whole.pieces.append((first, cut.offset, cut.length))
        bench.cancel.check()
        whole.told = cut.offset + cut.length
        bench.progress.advance(whole.told, log.file.size, log.file.display)
    whole.roots = {} if tree is None else tree.roots
    if not parts and whole.records:
        parts[()] = Partition("")
    return whole, [_with_unread(part, unread) for part in parts.values()]


def _put(
    engine: Engine,
    parts: dict[Key, Partition],
    unread: list[tuple[int, int, int]],
    place: tuple[int, int, int],
    raw: bytes,
) -> None:
    """Put a record where it belongs; one that cannot be read may belong anywhere."""
    fields = engine.profile.fields
    try:
        record = engine.parse(raw)
    except MalformedError:
        unread.append(place)
        return
    key = engine.partition(record)
    if key not in parts:
        if len(parts) >= MOST_PARTITIONS:
            raise LimitError(f"There are more than {MOST_PARTITIONS:,} chains in this file.")
        names = (".".join(name) for name in fields.partition)
        words = ", ".join(f"{name}={value}" for name, value in zip(names, key, strict=True))
        parts[key] = Partition(words, ordered=_order_of(engine.profile) is not None)
    parts[key].rows.add(*place)
    order = _order_of(engine.profile)
    if order is not None:
        parts[key].keys.append(_order(get(record, order)))


def _order(value: object) -> tuple[int, float, str]:
    """Return what records are put in order by: numbers as numbers, texts as texts, none last."""
    text = "" if value is None else str(value)
    try:
        return (0, float(text), "") if text[:1].isdigit() or text[:1] == "-" else (1, 0.0, text)
    except ValueError:
        return 1, 0.0, text


def _with_unread(part: Partition, unread: Sequence[tuple[int, int, int]]) -> Partition:
    """Return a chain in its order, with the records that cannot be read where they may belong."""
    if part.keys:
        places = sorted(range(len(part.keys)), key=part.keys.__getitem__)
        part.rows = part.rows.in_order(places)
        part.keys = []
    if unread:
        rows, held = Rows(), list(unread)
        for row in zip(part.rows.numbers, part.rows.offsets, part.rows.lengths, strict=True):
            while held and held[0][0] < row[0]:
                rows.add(*held.pop(0))
            rows.add(*row)
        for place in held:
            rows.add(*place)
        part.rows = rows
    return part


def _look_through(part: Partition, log: Log, bench: Bench) -> None:
    """Judge one chain."""
    mine = replace(log, rows=part.rows)
    part.seen = seen = survey(mine, bench)
    engine = Engine(log.profile, log.secrets)
    find_links(seen, engine, bench.beside)
    breaks = Diagnostician(seen, engine, _places(seen, bench), Stated()).walk()
    part.breaks = read_anew(breaks, seen, engine)


def _places(seen: Survey, bench: Bench) -> dict[str, tuple[int, ...]]:
    nodes = nodes_of(seen.stretches)
    if len(nodes) < 2:
        return {}
    ends = [d for n in nodes[:MOST_WANTED] for d in (n.previous, n.own, *n.ends)]
    return find(seen.log, bench, frozenset(filter(None, ends)))


def _gather(whole: Survey, parts: Sequence[Partition]) -> None:
    """Add up what was found in the chains of a file."""
    bad = {}
    for part in parts:
        seen = part.seen or Survey(whole.log)
        whole.names |= seen.names
        take_latest(whole.signers, seen.signers)
        whole.lacking |= seen.lacking
        whole.overflow = whole.overflow or seen.overflow
        whole.unsealed = _summed(whole.unsealed, seen.unsealed)
        whole.sealed = _summed(whole.sealed, seen.sealed)
        whole.relinked |= {seen.number_of(n): said for n, said in seen.relinked.items()}
        for stretch in seen.stretches:
            whole.oldest = min(whole.oldest, stretch.head.version)
            if stretch.problem:
                number = seen.number_of(stretch.first)
                bad[number] = replace(stretch, first=number)
    whole.stretches = [bad[number] for number in sorted(bad)]


def _summed(left: list[int], right: list[int]) -> list[int]:
    return [a + b for a, b in zip(left or [0] * len(right), right, strict=True)]


def breaks_of(parts: Sequence[Partition]) -> list[Break]:
    """Return what broke in all chains, by the numbers of the file; what several tell, once."""
    told: list[Break] = []
    unread: set[int | None] = set()
    missed = {b.stored for part in parts for b in part.breaks if b.kind in _LOST and b.stored}
    strays = {b.stored for part in parts for b in part.breaks if _is_stray(b, part, missed)}
    explained = _explained(parts)
    for part in parts:
        for found in part.breaks:
            if found.kind in _LOST and found.stored in strays:
                continue  # the record that is missed here lies, altered, in another chain
            if any(found is other for other in explained):
                continue
            named = _in_file(found, part)
            if named.kind is D.RECORD_INSERTED and found.stored in strays:
                named = _as_altered(named)
            if named.kind is D.MALFORMED_RECORD:
                if named.record in unread:
                    continue
                unread.add(named.record)
            elif part.name:
                named.notes.insert(0, f"In the chain of {part.name}.")
            told.append(named)
    return sorted(told, key=in_order)


def _explained(parts: Sequence[Partition]) -> list[Break]:
    """Return breaks where a row is missed that lies in the table, and cannot be read.

    Which place in its chain it has, nothing says; so each such row accounts for one of them.
    """
    lost = [
        found
        for part in parts
        if part.ordered
        for found in part.breaks
        if found.kind in _MISSED and found.count in {None, 1}
    ]
    bad = parts[0].breaks if lost else []
    return lost[: sum(b.count or 1 for b in bad if b.kind is D.MALFORMED_RECORD)]


def _is_stray(found: Break, part: Partition, missed: set[str]) -> bool:
    """Tell whether a record was altered so that it lies in another chain, where it is missed."""
    bad = part.seen is not None and any(
        stretch.problem and stretch.first == found.record for stretch in part.seen.stretches
    )
    return bad and found.kind in {D.RECORD_ALTERED, D.RECORD_INSERTED} and found.stored in missed


def _as_altered(found: Break) -> Break:
    note = "Another chain of this file misses the record: what names its chain was altered."
    return replace(found, kind=D.RECORD_ALTERED, count=1, notes=[note])


def _in_file(found: Break, part: Partition) -> Break:
    """Return a break by the numbers that its records have in the file."""
    number = part.rows.number_of
    return replace(
        found,
        record=None if found.record is None else number(found.record),
        last=None if found.last is None else number(found.last),
        covers=range(0),
        notes=list(found.notes),
    )


def assurance_of_parts(
    parts: Sequence[Partition], facts: Facts, signed: int
) -> tuple[AssuranceRange, ...]:
    """Return how far each range of records of each chain is protected."""
    ranges: list[AssuranceRange] = []
    for part in parts:
        seen = part.seen
        if seen is None or not seen.records:
            continue
        own = replace(facts, records=seen.records, breaks=part.breaks, claims=(), coverage=None)
        for found in assurance(own):
            first, last = part.rows.number_of(found.first), part.rows.number_of(found.last)
            flags = found.flags
            if flags and max(first, last) <= signed and not _breaks_before(part, found.first):
                flags |= {AssuranceFlag.SIGNED}
            ranges.append(AssuranceRange(first, last, flags, part.name or None))
    return tuple(ranges[: MOST_LISTED * 10])


def _breaks_before(part: Partition, record: int) -> bool:
    return any(found.record is not None and found.record <= record for found in part.breaks)
