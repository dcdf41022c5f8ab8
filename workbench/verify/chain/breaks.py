"""What broke, before it is put into words."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.model.verdict import Diagnosis, DiagnosisClass
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

    def missing_before(self, first: int, records: int) -> int | None:
        """Return how many records are missing before ``first``; None where nothing says so."""
        before = max((s for s in self.shifts if s[0] < first), default=(0, 0))
        after = min((s for s in self.shifts if s[0] >= first), default=None)
        if after is not None:
            return after[1] - before[1]
        return None if self.total is None else self.total - records - before[1]


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
    """A break that a diagnosis will tell, before it is put into words."""

    kind: DiagnosisClass
    record: int
    count: int | None = None
    stored: str = ""
    recomputed: str = ""
    notes: list[str] = field(default_factory=list)
    covers: range = range(0)


def to_diagnosis(found: Break, survey: Survey) -> Diagnosis:
    """Return a break as the contract prints it."""
    place = survey.record(found.record)
    return Diagnosis(
        found.kind,
        record=found.record,
        count=found.count,
        offset=None if place is None else place[0],
        stored=found.stored,
        recomputed=found.recomputed,
        explanations=tuple(found.notes),
    )
