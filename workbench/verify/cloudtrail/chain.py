"""Follow digests from each to the one before it: what was changed, what is missing, what pauses.

A digest is proven by a signature over it, or by its SHA-256 in the next digest where that one is
signed. One change is told once: a digest that was changed is not also a broken link.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from workbench.model.cloudtrail import Digest
from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.cloudtrail.reading import ReadDigest
from workbench.verify.cloudtrail.signatures import SignedDigest

D = DiagnosisClass
HOUR = timedelta(hours=1)
#: So far apart the end of one digest and the start of the next may lie.
TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Member:
    """A digest in its chain.

    Attributes:
        read: the file.
        digest: what it says.
        signed: what its signatures are worth.
        number: its place in the chain, from 1, by the end of its time.
    """

    read: ReadDigest
    digest: Digest
    signed: SignedDigest
    number: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The digests of one trail in one region, by the end of their times.

    Attributes:
        name: account, region, trail.
        members: its digests.
        bad: numbers of those that are not what was signed.
        diagnoses: what was found.
        unlinked: numbers of those whose previous digest is named and not here.
        paused: numbers of those before which nothing was covered for a while.
    """

    name: str
    members: tuple[Member, ...]
    bad: frozenset[int]
    diagnoses: tuple[Diagnosis, ...]
    unlinked: frozenset[int]
    paused: frozenset[int]

    @property
    def good(self) -> list[Member]:
        """Return the digests against which nothing speaks."""
        return [member for member in self.members if member.number not in self.bad]

    @property
    def proven(self) -> list[Member]:
        """Return the digests that are signed by whom the auditor trusts."""
        return [member for member in self.good if member.signed.passed]


def chains_of(pairs: Sequence[tuple[ReadDigest, SignedDigest]]) -> list[Chain]:
    """Return the chains that digests form, by name."""
    found: dict[str, list[tuple[ReadDigest, Digest, SignedDigest]]] = defaultdict(list)
    for read, signed in pairs:
        if read.digest is not None:
            found[read.digest.chain].append((read, read.digest, signed))
    return [_chain(name, found[name]) for name in sorted(found)]


def _chain(name: str, items: list[tuple[ReadDigest, Digest, SignedDigest]]) -> Chain:
    items.sort(key=lambda item: (item[1].end, item[1].key, item[0].place))
    members = tuple(Member(*item, number) for number, item in enumerate(items, 1))
    links = _Links(members)
    bad = frozenset(member.number for member in members if links.is_bad(member))
    diagnoses = [
        *links.changed(bad),
        *links.broken(bad),
        *links.missing(bad),
        *links.pauses(bad),
        *links.forks(bad),
    ]
    diagnoses.sort(key=lambda diagnosis: (diagnosis.record or 0, diagnosis.kind))
    unlinked = frozenset(m.number for m in members if links.lacks_previous(m))
    paused = frozenset(d.record or 0 for d in diagnoses if d.kind is D.COVERAGE_GAP)
    return Chain(name, members, bad, tuple(diagnoses), unlinked, paused)


class _Links:
    """The digests of a chain by their keys, and which names which."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self.by_key: dict[str, Member] = {}
        self.after: Mapping[str, list[Member]] = defaultdict(list)
        for member in sorted(members, key=lambda m: not m.signed.verifies):
            self.by_key.setdefault(member.digest.key, member)
        for member in members:
            if member.digest.previous is not None:
                self.after[member.digest.previous.key].append(member)

    def is_bad(self, member: Member) -> bool:
        """Tell whether a digest is not what was signed, or its only signature is not over it."""
        if member.signed.verifies:
            return False
        if self.by_key[member.digest.key] is not member:
            return True
        stated = [m.digest.previous for m in self.after[member.digest.key] if m.signed.verifies]
        hashes = {previous.sha256 for previous in stated if previous is not None}
        if hashes:
            return member.read.sha256 not in hashes
        return member.signed.failed

    def lacks_previous(self, member: Member) -> bool:
        """Tell whether a digest names one before it that is not here."""
        previous = member.digest.previous
        return previous is not None and previous.key not in self.by_key

    def changed(self, bad: frozenset[int]) -> Iterator[Diagnosis]:
        """Yield what was changed: a run of digests that fit each other was chained anew."""
        wrong = [member for member in self.members if member.number in bad]
        runs: list[list[Member]] = []
        for member in wrong:
            if runs and self._fits(runs[-1][-1], member):
                runs[-1].append(member)
            else:
                runs.append([member])
        yield from (self._changed(run) for run in runs)

    def _fits(self, before: Member, member: Member) -> bool:
        previous = member.digest.previous
        if previous is None or previous.key != before.digest.key:
            return False
        return previous.sha256 == before.read.sha256

    def _changed(self, run: list[Member]) -> Diagnosis:
        first = run[0]
        if len(run) > 1:
            why = (
                f"{len(run)} digests in a row fit each other, and none is signed by the key that "
                "it names: whoever wrote them had not that key."
            )
            return Diagnosis(
                D.RECHAINED_AFTER, first.number, len(run), first.read.place, explanations=(why,)
            )
        stated = [m.digest.previous for m in self.after[first.digest.key] if m.signed.verifies]
        hashes = [previous.sha256 for previous in stated if previous is not None]
        if hashes:
            why = "The next digest, which is signed, states another SHA-256 of it."
        else:
            why = "Its signature is not over it: the digest was changed, or its signature was."
        if self.by_key[first.digest.key] is not first:
            why = "Another digest with the same key lies here, and that one is signed."
        return Diagnosis(
            D.FILE_ALTERED,
            first.number,
            1,
            first.read.place,
            stored=next(iter(hashes), ""),
            recomputed=first.read.sha256,
            explanations=(why,),
        )

    def broken(self, bad: frozenset[int]) -> Iterator[Diagnosis]:
        """Yield the links that contradict a digest which nothing else speaks against."""
        for member in self.members:
            previous = member.digest.previous
            before = None if previous is None else self.by_key.get(previous.key)
            if previous is None or before is None or {member.number, before.number} & bad:
                continue
            if previous.sha256 != before.read.sha256:
                yield self._broken(member, previous.sha256, before.read.sha256)
            elif before.signed.text and previous.signature != before.signed.text:
                yield self._broken(member, previous.signature[:64], before.signed.text[:64])
            elif previous.bucket != before.digest.bucket:
                yield self._broken(member, previous.bucket, before.digest.bucket)

    def _broken(self, member: Member, stored: str, found: str) -> Diagnosis:
        signed = "is signed as it is" if member.signed.passed else "is not signed itself"
        why = f"What it states of the digest before it is not what lies here; it {signed}."
        return Diagnosis(
            D.LINK_BROKEN,
            member.number,
            1,
            member.read.place,
            stored=stored,
            recomputed=found,
            explanations=(why,),
        )

    def missing(self, bad: frozenset[int]) -> Iterator[Diagnosis]:
        """Yield where digests are missing between others; how many, by the hours between."""
        for member in self.members:
            previous, older = member.digest.previous, self._older(member)
            if previous is None or older is None or member.number in bad:
                continue
            if not self.lacks_previous(member):
                continue
            hours = (member.digest.start - older.digest.end) / HOUR
            count = max(round(hours), 1)
            last = previous.key.rpartition("/")[2]
            more = "" if count == 1 else f"; by the time between, {count} are missing"
            yield Diagnosis(
                D.SEGMENT_MISSING,
                member.number,
                count,
                previous.key,
                stored=previous.sha256,
                explanations=(f"It names {last} as the digest before it{more}.",),
            )

    def _older(self, member: Member) -> Member | None:
        return self.members[member.number - 2] if member.number > 1 else None

    def pauses(self, bad: frozenset[int]) -> Iterator[Diagnosis]:
        """Yield where no digest covers a time although none is said to be missing."""
        for member in self.members:
            older = self._older(member)
            if older is None or self.lacks_previous(member) or member.number in bad:
                continue
            apart = member.digest.start - older.digest.end
            starts_anew = member.digest.previous is None
            if not starts_anew and apart <= TOLERANCE:
                continue
            why = (
                f"From {older.digest.end_text} on no digest covers {apart}: CloudTrail, or its log "
                "file validation, was switched off, or whoever made this digest left that out."
            )
            yield Diagnosis(
                D.COVERAGE_GAP, member.number, None, member.read.place, explanations=(why,)
            )

    def forks(self, bad: frozenset[int]) -> Iterator[Diagnosis]:
        """Yield where two digests follow the same one."""
        for key, found in self.after.items():
            good = [member for member in found if member.number not in bad]
            ordered = sorted(good, key=lambda member: member.number)
            for digest_key, same in groupby(ordered[1:], key=lambda m: m.digest.key):
                member = next(same)
                if digest_key == ordered[0].digest.key:
                    continue
                why = f"{key.rpartition('/')[2]} has two digests that follow it."
                yield Diagnosis(D.FORK, member.number, 1, member.read.place, explanations=(why,))
