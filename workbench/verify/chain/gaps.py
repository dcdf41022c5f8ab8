"""Say what stated numbers of records decide about links that point nowhere.

An anchor or a stated count shows how many records are missing in a range, not at which place. What
was put in or repeated there hides as many that are missing. So all places of a range are settled
together, when everything else is told (VERDICTS section 4, *decidable*).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.model.verdict import DiagnosisClass
from workbench.verify.chain.breaks import Break, Stated
from workbench.verify.chain.survey import Survey

D = DiagnosisClass
#: Breaks that change how many records there are, and in which direction.
FEWER = frozenset({D.RECORDS_DELETED, D.HEAD_TRUNCATED})
MORE = frozenset({D.RECORD_INSERTED, D.RECORD_DUPLICATED, D.FORK})


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where records may be missing, and no number says how many.

    Attributes:
        found: what is told where nothing decides.
        before: number of the record before it.
        excused: whether what lies before it explains the broken link, so that it is told only
            where records are shown to be missing.
    """

    found: Break
    before: int
    excused: bool = False


def settle(
    gaps: Iterable[Gap], told: Sequence[Break], stated: Stated, seen: Survey
) -> Iterator[Break]:
    """Yield the breaks at all gaps, as far as stated numbers decide about them."""
    ranges: dict[tuple[int, int, int | None], list[Gap]] = defaultdict(list)
    for gap in gaps:
        ranges[stated.around(gap.found.record or 1, seen.records)].append(gap)
    for (start, end, missing), group in ranges.items():
        if missing is not None:
            there = [found for found in told if found.within(start + 1, end)]
            missing += _counted(there, MORE) - _counted(there, FEWER)
        _decide(group, missing, seen)
        yield from (gap.found for gap in group if not gap.excused or gap.found.kind in FEWER)


def _counted(breaks: Iterable[Break], kinds: frozenset[DiagnosisClass]) -> int:
    return sum(found.count or 0 for found in breaks if found.kind in kinds)


def _decide(group: Sequence[Gap], missing: int | None, seen: Survey) -> None:
    """Say of the gaps of one range what it means that so many records are missing there."""
    if missing is not None and missing > 0:
        _lack(group, missing, seen)
    elif missing == 0 and len(group) == 1 and group[0].found.kind is D.LINK_BROKEN:
        _rewritten(group[0], seen)
    else:
        for gap in group:
            _undecided(gap, seen)


def _lack(group: Sequence[Gap], missing: int, seen: Survey) -> None:
    """Tell missing records: at one place their number, at several only how many in all."""
    if len(group) == 1:
        found = group[0].found
        found.count = missing
        if found.kind is D.LINK_BROKEN:
            found.kind = D.RECORDS_DELETED
            found.notes.append(f"An anchor or a stated count shows that {_are(missing)} here.")
        return
    group[0].found.lacks = missing
    places = ", ".join(f"{seen.number_of(gap.found.record or 1):,}" for gap in group[:10])
    places += ", …" if len(group) > 10 else ""
    for gap in group:
        if missing >= len(group) and gap.found.kind is D.LINK_BROKEN:
            gap.found.kind = D.RECORDS_DELETED
        elif gap.found.kind is D.LINK_BROKEN:
            _undecided(gap, seen)
        gap.found.notes.append(
            f"An anchor or a stated count shows that {_are(missing)} in all before records "
            f"{places}; how many before each is not shown, and a rewritten record instead would "
            "leave one of these places too."
        )


def _are(missing: int) -> str:
    return "1 record is missing" if missing == 1 else f"{missing:,} records are missing"


def _rewritten(gap: Gap, seen: Survey) -> None:
    found = gap.found
    found.notes.append(
        f"An anchor or a stated count shows that none is missing here, but record "
        f"{seen.number_of(found.record or 1):,} points at another digest than record "
        f"{seen.number_of(gap.before):,} has now. Records "
        "just before that one may have been rewritten with it."
    )
    found.kind, found.record = D.RECORD_REWRITTEN, gap.before
    found.stored, found.recomputed = found.recomputed, found.stored


def _undecided(gap: Gap, seen: Survey) -> None:
    if gap.found.kind is not D.LINK_BROKEN:
        return
    here, before = seen.number_of(gap.found.record or 1), seen.number_of(gap.before)
    gap.found.notes += [
        f"One reading: records were deleted before record {here:,}.",
        f"The other: record {before:,} was rewritten, and its digest recomputed.",
        "Neither a number, an anchor nor a stated count decides between them.",
    ]
