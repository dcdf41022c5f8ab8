"""The verdict on a tiled transparency log."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.evidence.subject import Subject
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.listing import listing_digest
from workbench.verify.tlog import trail
from workbench.verify.tlog.heads import (
    Agreement,
    SeenHead,
    contradictions,
    heads_of,
    held_against,
    why_not_authentic,
)
from workbench.verify.tlog.survey import Survey, changed_records, survey
from workbench.verify.tlog.tiles import Tiles, tiles_of
from workbench.verify.verifier import Bench

_OF_COMPLETENESS = {DiagnosisClass.TAIL_TRUNCATED, DiagnosisClass.SEGMENT_MISSING}
_CONTRADICTS = {DiagnosisClass.FORK, DiagnosisClass.RECHAINED_AFTER}


@dataclass(frozen=True, slots=True)
class _Facts:
    """All that decides."""

    tiles: Tiles
    found: Survey
    heads: tuple[SeenHead, ...]
    diagnoses: tuple[Diagnosis, ...]

    @property
    def size(self) -> int:
        return self.found.size

    @property
    def trusted(self) -> list[SeenHead]:
        return [one for one in self.heads if one.trusted]

    @property
    def agreeing(self) -> list[SeenHead]:
        return [one for one in self.trusted if one.agrees]

    @property
    def anchored(self) -> int:
        """Return how many records trusted heads cover that the log agrees with."""
        return max((one.size for one in self.agreeing), default=0)

    @property
    def reached(self) -> bool:
        """Tell whether a trusted head is over just this log."""
        return any(one.size == self.size for one in self.agreeing)


@dataclass(frozen=True, slots=True)
class TileLogVerifier:
    """Judges a folder of tiles by the heads of its log."""

    id: str = "tlog"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on a tiled log.

        Steps: 1 read the heads and judge their signatures; 2 hash entries, hold tiles against
        them and against each other; 3 compare the roots at the sizes that heads state.
        """
        heads = heads_of(subject, bench)
        tiles = tiles_of(subject)
        found = survey(tiles, [one.size for one in heads], bench)
        by_tiles = held_against(heads, found.roots, found.size)
        by_entries = held_against(heads, found.entry_roots, found.size)
        wrong = bool(found.differing_count) and _agreeing(by_entries) > _agreeing(by_tiles)
        decided = tuple(by_entries if wrong else by_tiles)
        told = tuple(_diagnoses(found, decided, tile_is_wrong=wrong))
        facts = _Facts(tiles, found, decided, told)
        digest = listing_digest(subject, bench)
        return SubjectVerdict(
            integrity=worst(_integrity(facts), empty=Code.NO_RECORDS),
            authenticity=worst(_authenticity(facts), empty=Code.NO_SIGNATURE),
            completeness=worst(_completeness(facts), empty=Code.NO_ANCHOR),
            time=_time(facts),
            records=facts.size,
            assurance=tuple(_assurance(facts)),
            diagnoses=told,
            signatures=tuple(s for one in decided for s in one.signatures),
            steps=tuple(trail.steps(subject, tiles, found, decided, bench.trust, digest)),
            sha256=digest,
            notes=tuple(_notes(facts)),
        )


def _agreeing(heads: Sequence[SeenHead]) -> tuple[int, int]:
    """Return how many trusted heads agree, then how many that lie beside the tiles."""
    return (
        sum(one.agrees and one.trusted and one.size > 0 for one in heads),
        sum(one.agrees and one.beside and one.size > 0 for one in heads),
    )


def _diagnoses(
    found: Survey, heads: Sequence[SeenHead], *, tile_is_wrong: bool
) -> Iterator[Diagnosis]:
    told = [*changed_records(found, tile_is_wrong=tile_is_wrong), *found.files]
    seen = {(d.kind, d.path, d.record): d for d in reversed(told)}
    yield from sorted(seen.values(), key=lambda d: (d.record or 0, d.path or "", d.kind))
    yield from contradictions(heads, found.size)
    beyond = [h for h in heads if h.trusted and not h.of_copy and h.agreement is Agreement.BEYOND]
    if found.gap:
        yield Diagnosis(DiagnosisClass.SEGMENT_MISSING, record=found.size + 1)
    elif beyond:
        most = max(one.size for one in beyond)
        yield Diagnosis(
            DiagnosisClass.TAIL_TRUNCATED,
            record=found.size or None,
            count=most - found.size,
            explanations=(f"A trusted head speaks of {most:,} records.",),
        )


def _integrity(facts: _Facts) -> Iterator[DimensionVerdict]:
    found = facts.found
    for kind in dict.fromkeys(d.kind for d in facts.diagnoses):
        if kind not in _OF_COMPLETENESS:
            yield failed(kind)
    if not facts.trusted and any(_is_against(one) for one in facts.heads):
        yield failed(Code.HASH_FAILURE)
    yield from (indeterminate(error.code) for error in found.unread)
    if found.unhashed or found.gap or facts.tiles.bad:
        yield indeterminate(Code.NOT_RECOMPUTABLE)
    if facts.agreeing and (facts.size or facts.reached):
        yield passed(Code.ANCHORED)
    if facts.size > facts.anchored:
        yield passed(Code.SELF_CONSISTENT)


def _is_against(one: SeenHead) -> bool:
    return one.head is not None and one.beside and one.agreement is Agreement.DISAGREES


def _authenticity(facts: _Facts) -> Iterator[DimensionVerdict]:
    for told in facts.diagnoses:
        if told.kind in _CONTRADICTS:
            yield failed(told.kind)
    signatures = [s for one in facts.heads for s in one.signatures]
    for signature in signatures:
        if signature.indication is Indication.FAILED:
            yield failed(signature.code or Code.SIG_CRYPTO_FAILURE)
    if any(one.head is None and one.beside for one in facts.heads):
        yield failed(Code.FORMAT_FAILURE)
    for one in facts.agreeing:
        yield passed(_names(s for s in one.signatures if not s.witness))
    if facts.trusted and not facts.agreeing:
        yield indeterminate(Code.PARTIAL_COVERAGE)
    elif not facts.trusted:
        yield indeterminate(why_not_authentic(signatures))


def _completeness(facts: _Facts) -> Iterator[DimensionVerdict]:
    for told in facts.diagnoses:
        if told.kind in _OF_COMPLETENESS:
            yield failed(told.kind)
    beyond = [one for one in facts.heads if one.head and one.agreement is Agreement.BEYOND]
    if any(one.beside and not one.trusted for one in beyond):
        yield indeterminate(Code.HEAD_UNKNOWN)
    if facts.found.unhashed:
        yield indeterminate(Code.PARTIAL_COVERAGE)
    yield passed(Code.ANCHORED) if facts.reached else indeterminate(Code.NO_ANCHOR)


def _time(facts: _Facts) -> DimensionVerdict:
    """Return not later than when: a witness says when it saw the head over just these records."""
    seen = [one for one in facts.agreeing if one.size == facts.size and one.witnesses]
    if not seen:
        return indeterminate(Code.NO_TRUSTED_TIME)
    return passed(_names(s for one in seen for s in one.witnesses))


def _names(signatures: Iterable[SignatureVerdict]) -> str:
    good = (s for s in signatures if s.indication is Indication.PASSED)
    return ", ".join(dict.fromkeys(s.trusted_by or s.signer for s in good))


def _assurance(facts: _Facts) -> Iterator[AssuranceRange]:
    """Yield how far each range of records is protected; nothing is, from what broke on."""
    bad = any(d.kind not in _OF_COMPLETENESS for d in facts.diagnoses)
    first_bad = min((d.record or 1 for d in facts.diagnoses), default=facts.size + 1)
    whole = facts.found.unhashed == 0
    seen = max((one.size for one in facts.agreeing if one.witnesses), default=0)
    edges = sorted({0, seen, facts.anchored, facts.size, *([first_bad - 1] if bad else [])})
    edges = [edge for edge in edges if edge <= facts.size]
    for start, end in pairwise(edges):
        sound = whole and (not bad or start < first_bad - 1)
        flags = {AssuranceFlag.CONSISTENT} if sound else set()
        if flags and end <= facts.anchored:
            flags.add(AssuranceFlag.SIGNED)
            flags |= {AssuranceFlag.TIMESTAMPED, AssuranceFlag.WITNESSED} if end <= seen else set()
        yield AssuranceRange(start + 1, end, frozenset(flags))


def _notes(facts: _Facts) -> Iterator[str]:
    found = facts.found
    if found.differing_count > len(found.differing):
        rest = found.differing_count - len(found.differing)
        yield f"{rest:,} more entries differ from their leaf hashes."
    if found.unhashed:
        yield f"Of {found.unhashed:,} records only the hashes are here, not the records."
    if found.gap:
        yield f"After {found.size:,} records a tile is missing; what follows was not judged."
    if facts.tiles.bad:
        yield f"Not a name of a tile: {', '.join(facts.tiles.bad[:20])}."
    for one in facts.heads:
        if one.head is None:
            yield f"{one.file.display} is no head of a log: {one.problem}"
        elif not one.trusted and one.agreement is Agreement.DISAGREES:
            yield f"{one.file.display}, by nobody whom the auditor trusts, states another root."
    yield from (error.message for error in found.unread)


VERIFIER = TileLogVerifier()
