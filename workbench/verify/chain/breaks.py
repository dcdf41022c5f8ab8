"""What broke, before it is put into words."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.chain.claims import Standing
from workbench.verify.chain.facts import Guard
from workbench.verify.chain.survey import Survey

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Stated:
    """What anchors and the auditor state about numbers of records.

    Attributes:
        total: records that the log should have at least, or None.
        shifts: (record, how many records before it are missing) where an anchor's chain head
            was found in the log, by record.
    """

    total: int | None = None
    shifts: tuple[tuple[int, int], ...] = ()

    def shown_before(self, first: int) -> int | None:
        """Return how many records an anchor shows to be missing before ``first``; fewer are < 0."""
        before = max((s for s in self.shifts if s[0] < first), default=(0, 0))
        after = min((s for s in self.shifts if s[0] >= first), default=None)
        return None if after is None else after[1] - before[1]

    def holds(self, first: int, last: int) -> bool:
        """Tell whether an anchor shows one of these records to stand where it belongs."""
        return any(first <= place <= last and not shift for place, shift in self.shifts)

    def around(self, first: int, records: int) -> tuple[int, int, int | None]:
        """Return the range around ``first`` that is counted as one, and how many are missing in it.

        It lies after the first of the two numbers, up to the second. None: nothing says so.
        """
        before = max((s for s in self.shifts if s[0] < first), default=(0, 0))
        after = min((s for s in self.shifts if s[0] >= first), default=None)
        if after is not None:
            return before[0], after[0], after[1] - before[1]
        missing = None if self.total is None else self.total - records - before[1]
        return before[0], records, missing


class Spans:
    """Ranges of record numbers, for asking whether a number lies in one of them."""

    def __init__(self, ranges: Iterable[range]) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        for span in sorted((s for s in ranges if s), key=lambda s: s.start):
            self._starts.append(span.start)
            self._stops.append(max(span.stop, self._stops[-1] if self._stops else 0))

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._starts, number) - 1
        return at >= 0 and number < self._stops[at]


@dataclass(slots=True)
class Break:
    """A break that a diagnosis will tell, before it is put into words.

    Attributes:
        kind: its class.
        record: the record that VERDICTS section 4 names for the class; None where there is none.
        count: records concerned, or None.
        stored: the value that does not hold, as it is stored or stated.
        recomputed: that value as it was computed here.
        notes: what else is known, in sentences.
        covers: records that it already tells of.
        last: where it lies somewhere from ``record`` on, the last record that it may be at.
        guard: what does not hold.
        against: what a claim that shows it is worth; None where the chain itself shows it.
        lacks: records that are shown to be missing here or at other places, where it is not
            known at which; told by one of them.
        previous: what an altered record is linked to.
    """

    kind: DiagnosisClass
    record: int | None
    count: int | None = None
    stored: str = ""
    recomputed: str = ""
    notes: list[str] = field(default_factory=list)
    covers: range = range(0)
    last: int | None = None
    guard: Guard = Guard.DIGEST
    against: Standing | None = None
    lacks: int = 0
    previous: str | None = None

    def within(self, first: int, last: int) -> bool:
        """Tell whether it is placed among these records."""
        return self.record is not None and first <= self.record <= last


def in_order(found: Break) -> float:
    """Return the place of a break among others; what has none comes last."""
    return inf if found.record is None else found.record


def to_diagnosis(found: Break, survey: Survey) -> Diagnosis:
    """Return a break as the contract prints it."""
    place = None if found.record is None else survey.record(found.record)
    return Diagnosis(
        found.kind,
        record=found.record,
        count=found.count,
        offset=None if place is None else place[0],
        stored=found.stored,
        recomputed=found.recomputed,
        explanations=tuple(found.notes),
        last=found.last,
    )
