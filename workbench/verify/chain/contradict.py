"""Say what claims show that a chain alone does not: re-chaining, truncation, forks, wrong numbers.

A contradiction tells what is known and no more: where only a range of records can be named, the
diagnosis is about the range, and a claim that contradicts itself is said to do so.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from workbench.model.profile import LineForm
from workbench.model.verdict import DiagnosisClass
from workbench.verify.chain.breaks import Break
from workbench.verify.chain.claims import Agreement, Claim, Standing
from workbench.verify.chain.compare import Places, known
from workbench.verify.chain.facts import Guard
from workbench.verify.chain.gaps import FEWER, MORE
from workbench.verify.chain.survey import Survey

D = DiagnosisClass

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
#: Breaks of a record whose own digest cannot be relied on.
_UNREAD = frozenset({D.RECORD_ALTERED, D.MALFORMED_RECORD})


class Contradictions:
    """Holds what claims say against a log and what broke in it."""

    def __init__(
        self,
        claims: Sequence[Claim],
        breaks: Sequence[Break],
        seen: Survey,
        places: Places,
        *,
        recomputed: bool,
    ) -> None:
        self._claims = sorted((c for c in claims if c.binding), key=lambda c: c.size or 0)
        self._breaks = breaks
        self._seen = seen
        self._places = places
        self._recomputed = recomputed
        self._agreeing = [c for c in self._claims if c.agreement is Agreement.AGREES]
        self._told: Claim | None = None

    def breaks(self) -> Iterator[Break]:
        """Yield what claims show that the chain alone does not."""
        forks = list(self._forks())
        yield from forks or self._departures()
        yield from self._tail()
        yield from self._numbers()

    def _forks(self) -> Iterator[Break]:
        """Yield a fork for each log of which signed heads cannot all be."""
        heads = [c for c in self._claims if c.standing is Standing.TRUSTED and c.root is not None]
        heads.sort(key=lambda head: head.origin)
        for _, group in groupby(heads, key=lambda head: head.origin):
            pair = _disagreeing(list(group))
            if pair is not None:
                yield self._fork(*pair)

    def _fork(self, head: Claim, other: Claim) -> Break:
        size = min(self._size(head), self._size(other))
        agreed, last = self._agreed_before(size), min(size, self._seen.records)
        signed = head.standing is other.standing is Standing.TRUSTED
        why = "one of them is wrong, or the log was shown in two versions"
        if signed:
            why = "both are by keys that the auditor trusts, so the log was shown in two versions"
        notes = [f"{_start(head)} and {other.source} disagree: {why}."]
        if agreed < last:
            notes.append(
                f"They part at one of records {agreed + 1:,} to {last:,}: which is not shown."
            )
            found = Break(D.FORK, agreed + 1, None, notes=notes, last=last)
        else:
            notes.append(f"They part after record {last:,}, the last one here.")
            found = Break(D.FORK, None, None, notes=notes)
        found.against = Standing.TRUSTED if signed else head.standing
        return found

    def _agreed_before(self, size: int) -> int:
        """Return how far the last claim before ``size`` reaches that the log agrees with."""
        return max((n for n in map(self._size, self._agreeing) if n < size), default=0)

    def _departures(self) -> Iterator[Break]:
        """Yield where the log departs from a claim, and no break explains it: once."""
        for claim in self._claims:
            if not self._departs(claim):
                continue
            size = self._size(claim)
            explained = self._broken_within(self._agreed_before(size) + 1, size + 1)
            here = claim.head is None or claim.head_in_place or self._known(claim.head)
            here = here or self._gone(size)
            if here and (explained or claim.exact):
                continue
            self._told = claim
            other = next((c for c in self._vouched() if self._size(c) >= size), None)
            if other is not None:
                yield self._fork(claim, other)
            else:
                yield self._departure(claim, here=here and claim.head is not None)
            return

    def _vouched(self) -> list[Claim]:
        """Return the signed heads that the log agrees with."""
        return [claim for claim in self._agreeing if claim.standing is Standing.TRUSTED]

    def _gone(self, size: int) -> bool:
        """Tell whether breaks show why the digest of the record of this number is not there."""
        shift = 0
        for found in self._breaks:
            at = (found.record or 0) + shift
            if found.kind in _UNREAD and at == size:
                return True
            if found.kind in FEWER:
                if found.count is None or at <= size < at + found.count:
                    return True
                shift += found.count
            elif found.kind in MORE:
                shift -= found.count or 0
        return False

    def _departs(self, claim: Claim) -> bool:
        """Tell whether a claim is about the records that are here, and is not right about them."""
        if claim.size is None and claim.root is None:
            return False  # a stated digest that is nowhere: the tail is cut, or all is new
        if claim.exact and claim.head is None:
            return False
        beyond = claim.agreement is Agreement.BEYOND and self._stands_there(claim.size)
        return beyond or claim.agreement is Agreement.DISAGREES

    def _departure(self, claim: Claim, *, here: bool) -> Break:
        if claim.head_in_place:
            return self._beside_the_chain(claim)
        place = self._place_of(claim)
        if here and place is not None:
            return self._moved(claim, place)
        return self._chained_anew(claim)

    def _beside_the_chain(self, claim: Claim) -> Break:
        """Return a change in bytes that no digest of the chain covers: some record of a range."""
        last = self._size(claim)
        first = self._agreed_before(last) + 1
        which = f"One or more of records {first:,} to {last:,} was"
        if first == last:
            which = f"Record {first:,} was"
        where = "in bytes that the chain does not cover (spacing, or members that are not hashed)"
        if not self._recomputed:
            where = "in bytes that links do not cover; its digests were not recomputed"
        notes = [f"{which} changed {where}."]
        if first != last:
            notes.append("Which of them is not shown: a head after fewer records would narrow it.")
        notes.append(
            f"The two values are Merkle roots over the first {last:,} records: the one that "
            f"{claim.source} states, and the one computed here."
        )
        notes.append(
            "Innocent causes (as JSON re-serialised by an export): not tested, since a root says "
            "nothing about a single record."
        )
        root = self._seen.roots.get(last, b"").hex()
        found = Break(D.RECORD_ALTERED, first, last - first + 1, notes=notes, guard=Guard.ROOT)
        found.stored, found.recomputed = (claim.root or b"").hex(), root
        found.covers, found.against = range(first, last + 1), claim.standing
        found.last = None if first == last else last
        return found

    def _moved(self, claim: Claim, place: int) -> Break:
        """Return what it means that the last digest of a claim stands at another number."""
        size = self._size(claim)
        text = f"{_start(claim)} states as record {size:,} the one that is record {place:,} here."
        if not self._seen.log.profile.genesis.restarts:
            text += " Links hold up to there, so it contradicts itself or this log."
        kind = D.RECORDS_DELETED if size > place else D.RECORD_INSERTED
        first = self._agreed_before(size) + 1
        found = Break(kind, first, abs(size - place), notes=[text], last=place)
        found.guard, found.against = Guard.ROOT, claim.standing
        return found

    def _chained_anew(self, claim: Claim) -> Break:
        size = self._size(claim)
        first = self._agreed_before(size) + 1
        what = "their digests and links hold" if self._recomputed else "their links hold"
        although = "" if self._broken_within(first, self._seen.records) else f", although {what}"
        notes = [
            f"The records from {first:,} on are not those that {claim.source} speaks of{although}."
        ]
        if claim.origin:
            notes.append(f"So it would be, too, if the log were another one than {claim.origin}.")
        if claim.miscounted:
            notes.append(f"It states {size:,} records; there are {self._seen.records:,}.")
        stored, computed = claim.head or "", ""
        if claim.head is None:
            stored, computed = (claim.root or b"").hex(), self._seen.roots.get(size, b"").hex()
            notes.append(f"The two values are Merkle roots over the first {size:,} records.")
            notes += [] if self._all_covered() else [_NO_LAST_DIGEST]
        count = self._seen.records - first + 1
        found = Break(D.RECHAINED_AFTER, first, count, stored, computed, notes)
        found.last = size if notes[-1] is _NO_LAST_DIGEST else None
        found.against = claim.standing
        return found

    def _all_covered(self) -> bool:
        """Tell whether no byte of a record can change without its digest."""
        return self._recomputed and self._seen.log.profile.line_form is LineForm.CANONICAL

    def _tail(self) -> Iterator[Break]:
        """Yield a truncated tail where a claim speaks of records that are not there: once."""
        for claim in reversed(self._claims):
            found = self._shorter(claim) or self._nowhere(claim)
            if found is not None:
                found.against = claim.standing
                yield found
            there = claim.agreement is Agreement.BEYOND and claim.head is not None
            if found is not None or (there and self._known(claim.head or "")):
                return  # the last digest of the widest claim stands here, and so does the tail

    def _shorter(self, claim: Claim) -> Break | None:
        shown = claim.agreement is Agreement.BEYOND or claim.exact
        if not shown or claim.size is None or claim.doubt or claim.head_in_place:
            return None
        missing = claim.size - self._seen.records + self._counted(MORE) - self._counted(FEWER)
        if missing <= 0 or self._stands_there(claim.size):
            return None
        fewer = (b for b in self._breaks if b.kind in FEWER)
        sure = all(b.count is not None for b in fewer)
        found = Break(D.TAIL_TRUNCATED, self._seen.records, missing if sure else None)
        found.notes.append(f"{_start(claim)} states {claim.size:,} records.")
        place = self._place_of(claim)
        if place is None and (claim.head is None or not self._known(claim.head)):
            return found
        if self._broken_within(1, self._seen.records):
            return None
        if place is not None and self._seen.log.profile.genesis.restarts:
            return self._moved(claim, place)
        found.last = self._seen.records
        found.notes.append(
            f"But the last digest that it states is that of record {place or self._seen.records:,} "
            "here: it contradicts itself, or records before that one are missing."
        )
        return found

    def _nowhere(self, claim: Claim) -> Break | None:
        """Return the break where a stated last digest is nowhere in the log."""
        lost = claim.size is None and claim.agreement is Agreement.DISAGREES
        if not lost or claim.head is None or self._known(claim.head):
            return None
        last = self._seen.records
        found = Break(D.TAIL_TRUNCATED, last, None, claim.head, last=last)
        found.notes.append(
            "The digest that was stated is nowhere in the log: its tail was cut, or it was made "
            "anew, or the digest is not one of this log; a stated count or a signed head would "
            "decide."
        )
        return found

    def _numbers(self) -> Iterator[Break]:
        """Yield what numbers that are stated as exact show: once."""
        for claim in self._claims:
            if not claim.exact or claim.agreement is not Agreement.DISAGREES:
                continue
            if claim is self._told:
                continue
            found = self._surplus(claim) or self._beyond_the_head(claim) or self._edge(claim)
            if found is not None:
                found.guard, found.against = Guard.COUNT, claim.standing
                yield found
                return

    def _surplus(self, claim: Claim) -> Break | None:
        """Return the break where there are more records than stated."""
        size, records = self._size(claim), self._seen.records
        surplus = records - size - self._counted(MORE) + self._counted(FEWER)
        if surplus <= 0:
            return None
        notes = [f"{_start(claim)} states {size:,} records; there are {records:,}."]
        place = self._place_of(claim)
        if claim.head_in_place:
            notes.append(f"The last digest that it states is that of record {size:,}.")
            return Break(D.RECORD_INSERTED, size + 1, surplus, notes=notes)
        if place is not None:
            notes.append(
                f"But the last digest that it states is that of record {place:,} here: it "
                "contradicts itself, or records were put in before that one."
            )
        else:
            notes.append(
                "Which of them are more is not shown; that the log went on after the count was "
                "taken would leave this too."
            )
        return Break(D.RECORD_INSERTED, size + 1, surplus, notes=notes, last=records)

    def _beyond_the_head(self, claim: Claim) -> Break | None:
        """Return the break where the count is right, and the last digest stands before the end."""
        place, records = self._place_of(claim), self._seen.records
        if place is None or place >= records or self._broken_within(1, records):
            return None
        found = Break(D.RECORD_INSERTED, place + 1, records - place, last=records)
        found.notes.append(
            f"{_start(claim)} states {self._size(claim):,} records and, as the last digest, that "
            f"of record {place:,} here: it contradicts itself, or records after that one were put "
            "in and others taken out."
        )
        return found

    def _edge(self, claim: Claim) -> Break | None:
        """Return the break where the first or last record is not the one that is stated."""
        stretches, records = self._seen.stretches, self._seen.records
        if not stretches or self._broken_within(1, records) or not claim.miscounted:
            return None
        head, tail = stretches[0].head, stretches[-1].tail
        first, last, previous = claim.edges
        if first is not None and head.sequence is not None and first != head.sequence:
            kind = D.HEAD_TRUNCATED if head.sequence > first else D.RECORD_INSERTED
            number, count, place = head.sequence, abs(head.sequence - first), 1
            notes = [f"{_start(claim)} states {first} as the first number; here it is {number}."]
        elif last is not None and tail.sequence is not None and last != tail.sequence:
            kind = D.TAIL_TRUNCATED if tail.sequence < last else D.RECORD_INSERTED
            number, count, place = tail.sequence, abs(tail.sequence - last), records
            place -= max(tail.sequence - last - 1, 0)
            notes = [f"{_start(claim)} states {last} as the last number; here it is {number}."]
        elif previous not in {None, head.previous}:
            notes = [f"{_start(claim)} states another previous digest of the first record."]
            values = (previous or "", head.previous or "")
            return Break(D.HEAD_TRUNCATED, 1, None, *values, notes, last=1)
        else:
            return None
        return Break(kind, place, count, notes=notes, last=place)

    def _size(self, claim: Claim) -> int:
        return self._seen.records if claim.size is None else claim.size

    def _known(self, digest: str) -> bool:
        return known(digest, self._seen, self._places)

    def _place_of(self, claim: Claim) -> int | None:
        """Return the number of the one record whose digest a claim states, where it is another."""
        found = () if claim.head is None else self._places.get(claim.head, ())
        return found[0] if len(found) == 1 and found[0] != claim.size else None

    def _broken_within(self, first: int, last: int) -> bool:
        return any(b.kind in _EXPLAINING and b.within(first, last) for b in self._breaks)

    def _counted(self, kinds: frozenset[DiagnosisClass]) -> int:
        counted = sum(found.count or 0 for found in self._breaks if found.kind in kinds)
        return counted + (sum(b.lacks for b in self._breaks) if kinds is FEWER else 0)

    def _stands_there(self, size: int | None) -> bool:
        """Tell whether numbers of records reach ``size``, although there are fewer records."""
        start, stretches = self._seen.log.profile.sequence.start, self._seen.stretches
        if start is None or size is None or not stretches or stretches[-1].tail.sequence is None:
            return False
        return stretches[-1].tail.sequence >= start + size - 1


_NO_LAST_DIGEST = (
    "As it states no last digest, a change beside the chain is not told from a chain that was "
    "written anew."
)


def _disagreeing(heads: Sequence[Claim]) -> tuple[Claim, Claim] | None:
    """Return two heads of one log, by size, that cannot both be right; None where all can."""
    for n, head in enumerate(heads):
        for other in heads[:n]:
            if other.size == head.size and other.root != head.root:
                return other, head
        for other in heads[n + 1 :]:
            agrees = other.agreement is Agreement.AGREES
            if head.agreement is Agreement.DISAGREES and agrees:
                return head, other
    return None


def _start(claim: Claim) -> str:
    """Return the source of a claim at the start of a sentence."""
    return claim.source[:1].upper() + claim.source[1:]
