"""Hold claims against a log: re-chaining, truncation, heads that disagree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workbench.model.verdict import DiagnosisClass
from workbench.verify.chain.breaks import Break, Stated
from workbench.verify.chain.claims import Agreement, Claim, Standing, compared
from workbench.verify.chain.engine import Engine, MalformedError
from workbench.verify.chain.nodes import nodes_of
from workbench.verify.chain.survey import Survey

D = DiagnosisClass
Places = Mapping[str, tuple[int, ...]]

#: Breaks after which a head may rightly have another root: bytes before it changed or moved.
_EXPLAINING = frozenset(
    {
        D.RECORD_ALTERED,
        D.RECORD_REWRITTEN,
        D.RECORDS_DELETED,
        D.RECORD_INSERTED,
        D.RECORDS_REORDERED,
        D.RECORD_DUPLICATED,
        D.LINK_BROKEN,
        D.MALFORMED_RECORD,
        D.HEAD_TRUNCATED,
        D.FORK,
    }
)


def own_at(seen: Survey, engine: Engine, number: int) -> str | None:
    """Return the stored digest of a record by its number; None where there is none."""
    found = seen.record(number)
    try:
        return None if found is None else engine.own(engine.parse(found[1]))
    except MalformedError:
        return None


def compare(claims: Iterable[Claim], seen: Survey, engine: Engine, places: Places) -> list[Claim]:
    """Return the claims with what the log says to each."""
    placed = [_placed(claim, seen, places) for claim in claims]
    sizes = {seen.records if c.size is None else c.size for c in placed}
    own_of = {size: own_at(seen, engine, size) for size in sizes}
    return [compared(claim, seen, own_of) for claim in placed]


def _placed(claim: Claim, seen: Survey, places: Places) -> Claim:
    """Return a claim about the last digest with the place where that digest stands."""
    if claim.size is not None or claim.head is None:
        return claim
    found = places.get(claim.head, ())
    return replace(claim, size=found[0]) if len(found) == 1 else claim


def stated_numbers(claims: Iterable[Claim], seen: Survey, places: Places) -> Stated:
    """Return what binding claims say about how many records are missing, and before which."""
    totals, shifts = [], []
    pointed = {n.previous: n.first for n in nodes_of(seen.stretches) if n.previous is not None}
    for claim in claims:
        if not claim.binding or claim.size is None:
            continue
        if claim.exact or claim.agreement is Agreement.BEYOND:
            totals.append(claim.size)
        if claim.head_in_place:
            shifts.append((claim.size, 0))
        elif claim.head is not None and len(places.get(claim.head, ())) == 1:
            shifts.append((places[claim.head][0], claim.size - places[claim.head][0]))
        elif claim.head in pointed:
            first = pointed[claim.head]
            shifts.append((first, claim.size - (first - 1)))
    return Stated(max(totals, default=None), tuple(sorted(shifts)))


def contradictions(
    claims: Sequence[Claim], breaks: Sequence[Break], seen: Survey, places: Places
) -> Iterator[Break]:
    """Yield what claims show that the chain alone does not."""
    binding = sorted((c for c in claims if c.binding), key=lambda c: c.size or 0)
    fork = _fork(binding)
    if fork is not None:
        yield fork
    else:
        yield from _rechained(binding, breaks, seen, places)
    yield from _tail(binding, breaks, seen, places)


def _fork(binding: Sequence[Claim]) -> Break | None:
    """Return a fork where signed heads cannot all be of one log."""
    heads = [c for c in binding if c.standing is Standing.TRUSTED and c.root is not None]
    agreed = 0
    for n, head in enumerate(heads):
        same = [h for h in heads[:n] if h.size == head.size and h.root != head.root]
        later = any(h.agreement is Agreement.AGREES for h in heads[n + 1 :])
        if same or (head.agreement is Agreement.DISAGREES and later):
            note = f"Signed heads disagree: {head.source} and {(same or heads[n + 1 :])[-1].source}"
            return Break(
                D.FORK, agreed + 1, notes=[note + ", both by keys that the auditor trusts."]
            )
        if head.agreement is Agreement.AGREES:
            agreed = head.size or 0
    return None


def _rechained(
    binding: Sequence[Claim], breaks: Sequence[Break], seen: Survey, places: Places
) -> Iterator[Break]:
    """Yield a re-chaining where a head does not agree and no break explains it."""
    agreed = max((c.size or 0 for c in binding if c.agreement is Agreement.AGREES), default=0)
    for claim in binding:
        beyond = claim.agreement is Agreement.BEYOND and _stands_there(claim.size, seen)
        if not (beyond or claim.agreement is Agreement.DISAGREES):
            continue
        if claim.exact and claim.head is None:
            continue
        size = seen.records if claim.size is None else claim.size
        explained = any(b.kind in _EXPLAINING and agreed < b.record <= size + 1 for b in breaks)
        known = claim.head is None or claim.head_in_place or _known(claim.head, seen, places)
        if (explained and known) or (claim.exact and known):
            continue
        if claim.root is None and claim.size is None:
            continue  # a stated digest that is nowhere: the tail is cut, or all is new
        yield _new_tail(claim, agreed, seen, same_chain=known and claim.head is not None)
        return


def _stands_there(size: int | None, seen: Survey) -> bool:
    """Tell whether the numbers of the records reach ``size``, although there are fewer records."""
    start, last = seen.log.profile.sequence.start, seen.stretches[-1:] and seen.stretches[-1].tail
    if start is None or size is None or not last or last.sequence is None:
        return False
    return last.sequence >= start + size - 1


def _known(digest: str, seen: Survey, places: Places) -> bool:
    """Tell whether a digest stands somewhere in the log, or is pointed at."""
    return digest in places or any(
        digest in {node.previous, *node.ends} for node in nodes_of(seen.stretches)
    )


def _new_tail(claim: Claim, agreed: int, seen: Survey, *, same_chain: bool) -> Break:
    root = seen.roots.get(claim.size or 0)
    stored = claim.head or (claim.root or b"").hex()
    computed = "" if root is None else root.hex()
    if same_chain:
        note = f"{claim.source} covers bytes that the chain does not; one of records {agreed + 1} "
        note += f"to {claim.size} was changed there (re-serialised JSON: not testable)."
        return Break(D.RECORD_ALTERED, agreed + 1, None, stored, computed, [note])
    note = f"The records from {agreed + 1} on are consistent, but not those that "
    note += f"{claim.source} was made over."
    count = seen.records - agreed
    return Break(D.RECHAINED_AFTER, agreed + 1, count, stored, computed, [note])


def _tail(
    binding: Sequence[Claim], breaks: Sequence[Break], seen: Survey, places: Places
) -> Iterator[Break]:
    """Yield a truncated tail where a claim speaks of records that are not there."""
    gaps = (b for b in breaks if b.kind in {D.RECORDS_DELETED, D.HEAD_TRUNCATED})
    deleted = sum(b.count or 0 for b in gaps)
    for claim in reversed(binding):
        if claim.agreement is Agreement.BEYOND and claim.size is not None:
            missing = claim.size - seen.records - deleted
            if _stands_there(claim.size, seen):
                continue
            if missing > 0 and not (claim.head is not None and _known(claim.head, seen, places)):
                note = f"{claim.source} speaks of {claim.size} records."
                yield Break(D.TAIL_TRUNCATED, seen.records, missing, notes=[note])
                return
        lost = claim.size is None and claim.agreement is Agreement.DISAGREES
        if lost and claim.standing is Standing.STATED:
            note = "The digest that was stated is nowhere in the log: its tail was cut, or it was "
            note += "made anew; a stated count or a signed head would decide."
            yield Break(D.TAIL_TRUNCATED, seen.records, None, claim.head or "", notes=[note])
            return
