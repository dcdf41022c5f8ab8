"""Put together what was found about a delivery: four dimensions (VERDICTS sections 3 and 5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from workbench.evidence.subject import Subject
from workbench.model.cloudtrail import name_of
from workbench.model.expectation import Period
from workbench.model.trust import Trust
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.cloudtrail.chain import Chain, Member
from workbench.verify.cloudtrail.logs import LogsFound
from workbench.verify.cloudtrail.reading import Beside, ReadDigest, lies_as_stated

D = DiagnosisClass
#: Events are delivered some time after they happened: with the next digest at the latest.
SPILL = timedelta(hours=1)
_FAIL_INTEGRITY = frozenset(
    {D.FILE_ALTERED, D.FILE_RENAMED, D.LINK_BROKEN, D.RECHAINED_AFTER, D.FORK}
)
_FAIL_COMPLETENESS = frozenset({D.FILE_MISSING, D.FILE_ADDED, D.SEGMENT_MISSING})
_UNSETTLE_COMPLETENESS = frozenset({D.COVERAGE_GAP, D.FILE_UNLISTED, D.LINK_BROKEN})


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the four dimensions are judged from.

    Attributes:
        subject: the delivery.
        reads: its digests.
        chains: the chains that they form.
        logs: what became of its log files.
        lone: signatures whose digest is not here.
        present: how many log files are here.
        trust: whom the auditor trusts.
        period: the audit period, or None.
    """

    subject: Subject
    reads: tuple[ReadDigest, ...]
    chains: tuple[Chain, ...]
    logs: LogsFound
    lone: tuple[Beside, ...]
    present: int
    trust: Trust
    period: Period | None

    @property
    def members(self) -> list[Member]:
        """Return all digests that say something."""
        return [member for chain in self.chains for member in chain.members]


def diagnoses(facts: Facts) -> Iterator[Diagnosis]:
    """Yield everything that was found: of digests, by chain, then of log files."""
    for read in facts.reads:
        if read.digest is None:
            yield Diagnosis(
                D.FILE_ALTERED,
                path=read.place,
                recomputed=read.sha256,
                explanations=(f"It is no digest that CloudTrail wrote: {read.problem}",),
            )
        elif not lies_as_stated(read):
            yield Diagnosis(
                D.FILE_RENAMED,
                path=read.digest.key,
                stored=read.digest.key,
                recomputed=read.place,
                explanations=(f"This digest lies at {read.place}.",),
            )
        elif read.file.problem is not None:
            yield Diagnosis(
                D.FILE_ALTERED,
                path=read.place,
                recomputed=read.sha256,
                explanations=(
                    f"It was not delivered as CloudTrail wrote it: {read.file.problem}.",
                ),
            )
    for chain in facts.chains:
        yield from chain.diagnoses
    told = {name_of(d.path or "") for chain in facts.chains for d in chain.diagnoses}
    for one in facts.lone:
        name = one.file.name.removesuffix(".json")
        if name_of(name) not in told:
            why = f"Its signature was handed over ({one.file.display}), and the digest was not."
            yield Diagnosis(D.FILE_MISSING, path=name, explanations=(why,))
    yield from facts.logs.diagnoses


def integrity(facts: Facts) -> DimensionVerdict:
    """Return whether digests and log files agree with what protects them."""
    kinds = dict.fromkeys(d.kind for d in diagnoses(facts) if d.kind in _FAIL_INTEGRITY)
    parts = [failed(kind) for kind in kinds]
    parts += [indeterminate(code) for _, code in facts.logs.unread]
    if facts.logs.doubtful:
        parts.append(indeterminate(Code.NOT_COVERED))
    if any(chain.proven for chain in facts.chains):
        parts.append(passed(Code.ANCHORED))
    if facts.logs.agreeing > facts.logs.signed or _unsigned(facts):
        parts.append(passed(Code.SELF_CONSISTENT))
    return worst(parts, empty=Code.MALFORMED_SOURCE)


def _unsigned(facts: Facts) -> list[Member]:
    return [m for chain in facts.chains for m in chain.good if not m.signed.passed]


def _excused(chain: Chain) -> set[int]:
    """Return the newest digest of a chain, if nothing that could carry its signature is here.

    Whoever copies files out of a bucket leaves its metadata behind; only the digest that nothing
    follows lacks its signature by that. What it is missing is told as Completeness.
    """
    last = chain.members[-1]
    return set() if last.signed.verdicts or not chain.proven else {last.number}


def authenticity(facts: Facts) -> DimensionVerdict:
    """Return who signed the digests, as far as the auditor trusts."""
    parts: list[DimensionVerdict] = []
    for chain in facts.chains:
        excused = _excused(chain)
        for member in chain.members:
            parts += [_of_row(row) for row in member.signed.verdicts]
            if not member.signed.verdicts and member.number not in excused:
                parts.append(indeterminate(Code.NO_SIGNATURE))
    return worst(dict.fromkeys(parts), empty=Code.NO_SIGNATURE)


def _of_row(row: SignatureVerdict) -> DimensionVerdict:
    code = row.signer if row.indication is Indication.PASSED else row.code
    return DimensionVerdict(row.indication, code)


def completeness(facts: Facts) -> DimensionVerdict:
    """Return whether anything is missing from the time that digests cover."""
    found = dict.fromkeys(d.kind for d in diagnoses(facts))
    parts = [failed(kind) for kind in found if kind in _FAIL_COMPLETENESS]
    parts += [indeterminate(kind) for kind in found if kind in _UNSETTLE_COMPLETENESS]
    if any(chain.bad for chain in facts.chains) or any(r.digest is None for r in facts.reads):
        parts.append(indeterminate(Code.NOT_COVERED))
    for chain in facts.chains:
        parts += _extent(chain, facts.period)
    return worst(parts, empty=Code.NO_ANCHOR)


def _extent(chain: Chain, period: Period | None) -> Iterator[DimensionVerdict]:
    """Yield how far a chain reaches: at its start, at its end, over the period."""
    proven, first, last = chain.proven, chain.members[0], chain.members[-1]
    if not proven:
        yield indeterminate(Code.NO_ANCHOR)
        return
    starts = period is not None and proven[0].digest.start <= period.first
    if first.number in chain.unlinked and not starts:
        yield indeterminate(Code.HEAD_UNKNOWN)
    ends = period is not None and proven[-1].digest.end >= period.last + SPILL
    if proven[-1].number != last.number and not ends:
        yield indeterminate(Code.NO_ANCHOR)
    if period is not None and not (starts and ends):
        yield indeterminate(Code.PARTIAL_COVERAGE)
    yield passed(Code.ANCHORED)


def time(facts: Facts) -> DimensionVerdict:
    """Return not later than when: the end of each digest's time is signed by CloudTrail."""
    parts = [_time(chain, facts) for chain in facts.chains]
    return worst(parts, empty=Code.NO_TRUSTED_TIME)


def _time(chain: Chain, facts: Facts) -> DimensionVerdict:
    proven = chain.proven
    ends = facts.period is not None and proven and proven[-1].digest.end >= facts.period.last
    if proven and (ends or len(proven) == len(chain.members)):
        return passed(proven[-1].signed.verdicts[0].signer)
    return indeterminate(Code.NO_TRUSTED_TIME)


def assurance(facts: Facts) -> Iterator[AssuranceRange]:
    """Yield how far the digests of each chain are protected; records are digests here."""
    for chain in facts.chains:
        broken = {d.record for d in chain.diagnoses if d.kind in _FAIL_INTEGRITY}
        marked = [(_flags(m, m.number in chain.bad | broken), m.number) for m in chain.members]
        for flags, items in groupby(marked, key=lambda pair: pair[0]):
            numbers = [number for _, number in items]
            yield AssuranceRange(numbers[0], numbers[-1], flags, f"digests of {chain.name}")


def _flags(member: Member, broken: bool) -> frozenset[AssuranceFlag]:
    if broken:
        return frozenset()
    signed = {AssuranceFlag.SIGNED} if member.signed.passed else set()
    return frozenset({AssuranceFlag.CONSISTENT, *signed})


def signatures(facts: Facts) -> Iterator[SignatureVerdict]:
    """Yield a row for each key and outcome of a chain: one a digest would bury what matters."""
    for chain in facts.chains:
        rows: dict[SignatureVerdict, list[tuple[Member, SignatureVerdict]]] = defaultdict(list)
        for member in chain.members:
            for row in member.signed.verdicts:
                rows[replace(row, covers="", time=None)].append((member, row))
        for kind, found in rows.items():
            if len(found) == 1:
                yield found[0][1]
                continue
            times = [row.time for _, row in found if row.time is not None]
            yield replace(
                kind, covers=_covers(chain, [m for m, _ in found]), time=max(times, default=None)
            )


def _covers(chain: Chain, members: Iterable[Member]) -> str:
    found = list(members)
    first, last = found[0].digest, found[-1].digest
    return f"{len(found):,} digests of {chain.name}, to {first.end_text} … {last.end_text}"
