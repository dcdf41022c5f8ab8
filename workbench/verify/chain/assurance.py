"""How far each range of the records of a log is protected (VERDICTS section 3)."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from workbench.model.verdict import AssuranceFlag, AssuranceRange, DiagnosisClass
from workbench.verify.chain.breaks import Break, Spans
from workbench.verify.chain.facts import Guard
from workbench.verify.chain.outcome import FAIL_INTEGRITY, Facts, upto, witnessed

D = DiagnosisClass

#: A cosignature says that its witness saw the head, and when.
WITNESSED = frozenset({AssuranceFlag.TIMESTAMPED, AssuranceFlag.WITNESSED})
_SPANNING = frozenset({D.MALFORMED_RECORD, D.RECORDS_REORDERED, D.RECORD_INSERTED})


def assurance(facts: Facts) -> tuple[AssuranceRange, ...]:
    """Return how far each range of records is protected."""
    if not facts.records or not facts.recomputable:
        return _joined([AssuranceRange(1, facts.records)] if facts.records else [])
    bad = _bad_ranges(facts)
    apart = [*bad, *_unproven(facts)]
    signed = upto(facts, (c for c in facts.claims if c.covers and c.signatures))
    seen = min(signed, upto(facts, witnessed(facts)))
    edges = {1, facts.records + 1, signed + 1, seen + 1, facts.stamped + 1}
    for span in apart:
        edges |= {span.start, span.stop}
    points = sorted(edge for edge in edges if 1 <= edge <= facts.records + 1)
    first_bad = min((span.start for span in bad), default=facts.records + 1)
    ranges, broken = [], Spans(apart)
    for start, stop in pairwise(points):
        flags = set() if start in broken else {AssuranceFlag.CONSISTENT}
        if flags and stop - 1 <= signed and start < first_bad:
            flags.add(AssuranceFlag.SIGNED)
            flags |= WITNESSED if stop - 1 <= seen else set()
        if flags and stop - 1 <= facts.stamped and start < first_bad:
            flags.add(AssuranceFlag.TIMESTAMPED)
        ranges.append(AssuranceRange(start, stop - 1, frozenset(flags)))
    return _joined(ranges)


def _bad_ranges(facts: Facts) -> list[range]:
    """Return the records at which something broke."""
    spans = []
    if facts.diagnosed is not None:
        spans.append(range(facts.diagnosed + 1, facts.records + 1))
    spans += (_span(found) for found in facts.breaks)
    return spans


def _unproven(facts: Facts) -> list[range]:
    """Return the records that break nothing after them, and were not recomputed themselves."""
    starts = (b.record or 1 for b in facts.breaks if b.guard is Guard.START)
    return [range(first, first + 1) for first in starts]


def _span(found: Break) -> range:
    """Return the records at which a break lies; of a range, any may be the one."""
    if found.record is None or found.kind not in FAIL_INTEGRITY or found.guard is Guard.COUNT:
        return range(0)
    if found.kind is D.RECHAINED_AFTER:
        return range(0)  # consistent in itself, and no more than that
    if found.covers:
        return found.covers
    count = found.count if found.kind in _SPANNING and found.count else 1
    return range(found.record, max(found.record + count, (found.last or 0) + 1))


def _joined(ranges: Iterable[AssuranceRange]) -> tuple[AssuranceRange, ...]:
    joined: list[AssuranceRange] = []
    for part in ranges:
        if joined and joined[-1].flags == part.flags:
            joined[-1] = replace(joined[-1], last=part.last)
        else:
            joined.append(part)
    return tuple(joined)
