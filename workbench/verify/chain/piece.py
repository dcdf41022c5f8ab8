"""Walk one piece of a log: recompute each record and join the good ones to stretches.

A piece is small and picklable, and so is its result, whoever runs it: this process, another
one, or a cluster.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.evidence.limits import LIMITS
from workbench.model.profile import ChainProfile, get
from workbench.verify.chain.canonical import MOST_NUMBER
from workbench.verify.chain.engine import Engine, engine_for
from workbench.verify.chain.facts import ALTERED, MALFORMED, Facts, Guard, Stretch
from workbench.verify.chain.following import goes_on, tail_after
from workbench.verify.chain.frame import Cut, records_of
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.members import EXPECTED, IMPLICIT
from workbench.verify.chain.quick import quick_path
from workbench.verify.chain.reading import MalformedError
from workbench.verify.chain.render import UnrenderableError
from workbench.verify.chain.times import moment
from workbench.verify.verifier import PieceReading

MOST_NAMES = 1000


#: Number of a seal and key of who signed records, with the latest time that one of them claims.
Signers = dict[tuple[int, bytes], float]


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to walk a piece.

    Attributes:
        cut: the records.
        profile: the recipe.
        secrets: for HMAC chains and seals.
        record_limit: bytes of one record.
        leaves: whether the RFC 6962 leaf hashes are wanted.
        edge: end of the audit period in seconds since the epoch, or None without period.
        wanted: digests whose records are looked for, in place of judging.
        make: begins to make something else of the records on their way, or None.
        by_column: whether lines are worth comparing by column: it takes NumPy, which takes long
            to load.
    """

    cut: Cut
    profile: ChainProfile
    secrets: Secrets = field(default_factory=Secrets)
    record_limit: int = LIMITS.record
    leaves: bool = False
    edge: float | None = None
    wanted: frozenset[str] = frozenset()
    make: Callable[[Cut], PieceReading] | None = None
    by_column: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """How records lie to the end of the audit period, by the times that they claim.

    A record that is bad, or claims no time, may lie anywhere.

    Attributes:
        before: number of the last record that may lie before the end; 0 where none does.
        within: number of the last record that may lie before the end or at it.
    """

    before: int = 0
    within: int = 0

    def then(self, later: "Edge", records: int) -> "Edge":
        """Return this with ``later`` after it, whose records are numbered from ``records`` on."""
        return Edge(
            records + later.before if later.before else self.before,
            records + later.within if later.within else self.within,
        )


NO_EDGE = Edge()


@dataclass(frozen=True, slots=True)
class Walked:
    """What came out of a piece: counts, stretches numbered within the piece, and what was seen.

    Attributes:
        records: how many.
        stretches: all of them, in order.
        names: top-level members seen.
        leaves: leaf hashes, 32 bytes each.
        crlf: lines that end in CRLF.
        unsealed: for each seal, records that carry none.
        sealed: for each seal, records whose seal is right.
        edge: how the records lie to the end of the audit period.
        found: (digest, number within the piece) of wanted records.
        made: what ``Task.make`` made of the piece.
        signers: who signed a record: number of a seal and key, with the latest time claimed.
        lacking: names of secrets that records need and nobody gave.
    """

    records: int
    stretches: tuple[Stretch, ...] = ()
    names: frozenset[str] = frozenset()
    leaves: bytes = b""
    crlf: int = 0
    unsealed: tuple[int, ...] = ()
    sealed: tuple[int, ...] = ()
    edge: Edge = NO_EDGE
    found: tuple[tuple[str, int], ...] = ()
    made: object = None
    signers: Signers = field(default_factory=dict)
    lacking: frozenset[str] = frozenset()


def take_latest(into: Signers, more: Signers) -> None:
    """Add who signed, of each the latest time that a record claims."""
    for who, latest in more.items():
        into[who] = max(latest, into.get(who, 0.0))


@dataclass(slots=True)
class _Tally:
    """What is counted on the way through a piece."""

    names: set[str] = field(default_factory=set)
    unsealed: list[int] = field(default_factory=list)
    sealed: list[int] = field(default_factory=list)
    signers: Signers = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)


def walk(task: Task) -> Walked:
    """Return what a piece holds."""
    if task.wanted:
        return _look_for(task)
    engine = engine_for(task.profile, task.secrets)
    seals = len(task.profile.seals)
    tally = _Tally(unsealed=[0] * seals, sealed=[0] * seals)
    gather = _Gather(task.profile, task.edge)
    reading = None if task.make is None else task.make(task.cut)
    if task.cut.elements is None and not task.cut.oversized:
        _walk_lines(task, engine, tally, gather, reading)
    else:
        for offset, raw in _records(task):
            gather.add(offset, _facts(task, engine, raw, tally, _before(task, gather)))
    leaves = b""
    if task.leaves:
        hashes = (hashlib.sha256(b"\x00" + raw).digest() for _, raw in _records(task))
        leaves = b"".join(hashes)
    return Walked(
        gather.records,
        gather.stretches(),
        frozenset(tally.names),
        leaves,
        _crlf_in(task.cut),
        tuple(tally.unsealed),
        tuple(tally.sealed),
        gather.edge,
        made=None if reading is None else reading.made(),
        signers=tally.signers,
        lacking=frozenset(tally.lacking),
    )


def _crlf_in(cut: Cut) -> int:
    # One byte is looked for many times faster than two.
    return cut.data.count(b"\r\n") if cut.elements is None and b"\r" in cut.data else 0


def _walk_lines(
    task: Task, engine: Engine, tally: _Tally, gather: "_Gather", reading: PieceReading | None
) -> None:
    quick, data, offset, at = quick_path(task.profile), task.cut.data, task.cut.offset, 0
    tried = not task.by_column or (reading is not None and reading.wanted is None)
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        raw = data[at:end].removesuffix(b"\r")
        if raw and not raw.isspace():
            before = _before(task, gather)
            gather.add(offset + at, _facts(task, engine, raw, tally, before))
        at = end + 1
        if quick is not None:
            run = None
            if not tried:
                tried = True
                run = quick.columns(data, at, gather.tail, task.record_limit, reading)
            if run is None:
                seen = None if reading is None else reading.proven
                run = quick.run(data, at, gather.tail, task.record_limit, seen)
            if run.lines:
                gather.look_for_edge(memoryview(data)[at : run.end], engine, run.tail)
                gather.grow(run.lines, offset + run.last, run.tail)
                at = run.end


def _before(task: Task, gather: "_Gather") -> str | None:
    """Return the digest that the record before the next one stores."""
    before = gather.tail.own if gather.records else task.cut.before
    if task.cut.expected is None:
        return before
    return f"{before or ''}\0{task.cut.expected[gather.records]}"


class _Gather:
    """Joins facts, one record after the other, to stretches."""

    def __init__(self, profile: ChainProfile, edge: float | None) -> None:
        self.records = 0
        self.edge = Edge()
        self._end = edge
        self._profile = profile
        self._done: list[Stretch] = []
        self._first = self._offset = self._last_offset = 0
        self._head = self.tail = Facts(None, None, None, None)

    def add(self, offset: int, facts: Facts) -> None:
        """Take the next record."""
        self.records += 1
        if self.records == 1 or not goes_on(self._head, self.tail, facts, self._profile):
            self._close()
            self._first, self._offset, self._head = self.records, offset, facts
        else:
            facts = tail_after(self.tail, facts)
        self._last_offset, self.tail = offset, facts
        if self._end is not None:
            self._pass_edge(self.records, None if facts.problem else moment(facts.time))

    def _pass_edge(self, number: int, time: float | None) -> None:
        """Take note of how a record lies to the edge."""
        before = number if time is None or time < (self._end or 0) else self.edge.before
        within = number if time is None or time <= (self._end or 0) else self.edge.within
        self.edge = Edge(before, within)

    def look_for_edge(self, lines: memoryview, engine: Engine, tail: Facts) -> None:
        """Take note of the edge in lines that are about to be taken; their times do not go back."""
        if self._end is None:
            return
        start, end = moment(self.tail.time), moment(tail.time)
        if start is not None and start > self._end:
            return
        block = bytes(lines)
        if end is None or end < self._end:
            self._pass_edge(self.records + block.count(b"\n"), end)
            return
        name = engine.profile.fields.time or ()
        for number, line in enumerate(block.splitlines(), self.records + 1):
            self._pass_edge(number, moment(get(engine.parse(line), name)))

    def grow(self, count: int, offset: int, tail: Facts) -> None:
        """Take records that are known to follow; the last lies at ``offset``."""
        self.records += count
        self._last_offset, self.tail = offset, tail

    def stretches(self) -> tuple[Stretch, ...]:
        """Return all stretches; nothing may be added any more."""
        self.records += 1
        self._close()
        self.records -= 1
        return tuple(self._done)

    def _close(self) -> None:
        count = self.records - self._first
        if self._first:
            self._done.append(
                Stretch(self._first, count, self._offset, self._last_offset, self._head, self.tail)
            )


def _records(task: Task) -> list[tuple[int, bytes]]:
    if task.cut.oversized:
        return [(task.cut.offset, b"")]
    return list(records_of(task.cut))


def _facts(task: Task, engine: Engine, raw: bytes, tally: _Tally, before: str | None) -> Facts:
    size = task.cut.oversized or len(raw)
    if size > task.record_limit:
        reason = f"it has {size} bytes; at most {task.record_limit} are read"
        return Facts(None, None, None, None, MALFORMED, None, reason)
    return judge_record(engine, raw, tally, before)


def judge_record(
    engine: Engine, raw: bytes, tally: _Tally | None = None, before: str | None = None
) -> Facts:
    """Return the facts of one record, exactly; ``before`` is what it is linked to if not stored."""
    try:
        record = engine.placed(engine.parse(raw), before)
    except MalformedError as error:
        return Facts(None, None, None, None, MALFORMED, None, str(error))
    names = engine.profile.fields
    own, previous = engine.own(record), engine.previous(record)
    if own is None and (previous is None or engine.implicit):
        reason = "it has neither a digest nor a previous one: it is no record of this chain"
        return Facts(None, None, None, None, MALFORMED, None, reason)
    number = get(record, names.sequence) if names.sequence is not None else None
    time = get(record, names.time) if names.time is not None else None
    facts = Facts(own, previous, _whole(number), time)
    if tally is not None and len(tally.names) < MOST_NAMES:
        tally.names.update(record)
        tally.names -= {IMPLICIT, EXPECTED}
    if engine.profile.sections is not None:
        facts = facts._replace(mark=engine.mark(record))
    if engine.profile.versions:
        newest, oldest = engine.versions(record, raw)
        facts = facts._replace(version=newest, oldest=oldest)
    recomputed = engine.recompute(record, raw) if engine.recomputable else None
    if own is None or recomputed != own:
        lacks = engine.lacks(record)
        if engine.recomputable and lacks is None:
            return _unlike(facts, recomputed)
        if lacks is not None and tally is not None and len(tally.lacking) < MOST_NAMES:
            tally.lacking.add(lacks)
    if engine.canonical and (reason := _form_problem(engine, record, raw)):
        values = (own or "", engine.line_digest(raw, record))
        return facts._replace(problem=ALTERED, reason=reason, guard=Guard.FORM, values=values)
    return _with_seals(facts, engine, record, raw, tally)


def _unlike(facts: Facts, recomputed: str | None) -> Facts:
    """Return the facts of a record whose digest is not reproduced."""
    reason = "the digest is not reproduced"
    if not facts.own:
        reason = "the record has no digest"
    elif recomputed is None:
        reason = "the digest cannot be computed from what the record holds"
    values = (facts.own or "", recomputed or "")
    return facts._replace(problem=ALTERED, recomputed=recomputed, reason=reason, values=values)


def _whole(value: object) -> int | None:
    """Return a sequence number; None where it is no whole number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):  # exact numbers, and CSV
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
    return value if isinstance(value, int) and 0 <= value < MOST_NUMBER else None


def _form_problem(engine: Engine, record: dict[str, object], raw: bytes) -> str:
    """Return why a line that must be canonical is not; "" where it is."""
    try:
        canonical = engine.canonical_form(record)
    except UnrenderableError as error:
        return f"the line has no canonical form: {error}"
    return "" if canonical == raw else "the line is not in its canonical form"


def _with_seals(
    facts: Facts, engine: Engine, record: dict[str, object], raw: bytes, tally: _Tally | None
) -> Facts:
    """Return the facts of a record whose digest holds, its seals checked where a secret is."""
    for n, seal in enumerate(engine.profile.seals):
        if not engine.has_secret(n):
            continue
        stored, signer = engine.seal(n, record), engine.signer(n, record, raw)
        good = signer is not None or engine.is_sealed(n, record, raw)
        if tally is not None:
            if signer is not None:
                take_latest(tally.signers, {(n, signer): moment(facts.time) or 0.0})
            tally.unsealed[n] += stored is None
            tally.sealed[n] += good
        if stored is not None and not good and not engine.is_of_unknown_key(n, record):
            how = "verified by a trusted key" if seal.kind == "ed25519" else "reproduced"
            reason = f"the seal in {'.'.join(seal.field)} is not {how}"
            values = (stored, engine.sealed(n, record, raw) or "")
            return facts._replace(problem=ALTERED, reason=reason, guard=Guard.SEAL, values=values)
    return facts


def _look_for(task: Task) -> Walked:
    """Return where the wanted digests are stored as a record's own."""
    engine = engine_for(task.profile, task.secrets)
    found: list[tuple[str, int]] = []
    records = 1 if task.cut.oversized else 0
    for _, raw in records_of(task.cut):
        records += 1
        try:
            own = engine.own(engine.parse(raw)) if len(raw) <= task.record_limit else None
        except MalformedError:
            continue
        if own in task.wanted and own is not None:
            found.append((own, records))
    return Walked(records, found=tuple(found))
