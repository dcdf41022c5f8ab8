"""The sources of a case beside their verdicts: what several pages list, mark and draw."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.gui.models.cells import Cell
from workbench.gui.parts.log_map import LogMap, log_map_of
from workbench.gui.parts.mark import Mark, mark_of
from workbench.model.case_source import CaseSource, Presence
from workbench.model.source import Role
from workbench.model.verdict import Dimension, Indication, SubjectVerdict
from workbench.model.verification import SourceVerdict
from workbench.report.phrases import plural
from workbench.report.short_words import unit_of

if TYPE_CHECKING:
    from workbench.services.cases import Standing
    from workbench.services.investigation import Events
    from workbench.store.case_store import CaseStore

#: Heads of the columns of marks, one letter each; the legend says what they stand for.
LETTERS = {which: which.value[0].upper() for which in Dimension}
LEGEND = "I integrity · A authenticity · C completeness · T time"
#: Days that an axis can name: more are not read.
_MOST_DAYS = 40
#: How the verifier says to where a head reaches; a test keeps the two the same.
_HEAD = re.compile(r"head of ([\d,]+) records")


@dataclass(frozen=True, slots=True)
class Judged:
    """A source, and what the newest verification says of it.

    Attributes:
        source: as the case keeps it.
        found: what was found, or None: it was not verified since it came.
        presence: whether its bytes can be looked at now.
    """

    source: CaseSource
    found: SourceVerdict | None
    presence: Presence = Presence.HERE

    @property
    def verdict(self) -> SubjectVerdict | None:
        """Its verdict; None for what is judged by nobody, or not yet."""
        return self.found.verdict if self.found else None

    @property
    def is_subject(self) -> bool:
        """Whether it is there to be judged."""
        return self.source.role is Role.SUBJECT

    @property
    def name(self) -> str:
        """How to name it where there is little room: its last two names."""
        parts = [part for part in self.source.path.split("/") if part]
        short = "/".join(parts[-2:]) or self.source.path
        return f"{short} → {self.source.member}" if self.source.member else short

    @property
    def title(self) -> str:
        """Its last name alone; ``detail`` tells it from others that have the same."""
        return self.source.member or self.source.path.rstrip("/").rpartition("/")[2]

    @property
    def detail(self) -> str:
        """The folder it lies in, and how many records or files it has."""
        folders = self.source.path.rstrip("/").split("/")[:-1]
        folder = self.source.path if self.source.member else (folders[-1] if folders else "")
        count = records_of(self)
        told = "" if count is None else plural(count, self.unit)
        return " · ".join(part for part in (folder, told or self.source.format) if part)

    @property
    def unit(self) -> str:
        """What its parts are called."""
        return unit_of(self.found) if self.found else "record"

    @property
    def is_log(self) -> bool:
        """Whether its parts are records in an order, which a map can show."""
        return self.unit == "record" and bool(self.verdict and self.verdict.assurance)

    def mark(self, which: Dimension) -> Mark:
        """Return the mark of a dimension; the ring for what is not judged."""
        return mark_of(self.verdict.dimension(which)) if self.verdict else Mark.NONE

    @property
    def worst(self) -> Indication | None:
        """The worst of its four answers, or None."""
        if self.verdict is None:
            return None
        answers = [self.verdict.dimension(which).indication for which in Dimension]
        return max(answers, key=lambda each: each.severity)


def judged(standing: "Standing") -> tuple[Judged, ...]:
    """Return every source of a case with its verdict, in the order of the case."""
    newest = standing.verification
    found = {(s.path, s.member): s for s in newest.sources} if newest else {}
    unjudged = {source.id for source in standing.unjudged}
    return tuple(
        Judged(
            source,
            None if source.id in unjudged else found.get((source.path, source.member)),
            standing.presence.get(source.id, Presence.HERE),
        )
        for source in standing.sources
    )


def subjects(standing: "Standing") -> tuple[Judged, ...]:
    """Return what is there to be judged, the worst first."""
    found = [each for each in judged(standing) if each.is_subject]
    return tuple(sorted(found, key=_gravity))


def _gravity(each: Judged) -> tuple[int, str]:
    return (-(each.worst.severity if each.worst else 1), each.source.path)


def mark_cells(each: Judged) -> tuple[Cell, ...]:
    """Return the four marks as cells; what each says is read out."""
    return tuple(Cell(mark=each.mark(which)) for which in Dimension)


def checkpoints_of(verdict: SubjectVerdict) -> tuple[int, ...]:
    """Return the records that a signed head which verifies reaches to."""
    good = (s.covers for s in verdict.signatures if s.indication is Indication.PASSED)
    found = (_HEAD.match(covers) for covers in good)
    return tuple(sorted({int(each[1].replace(",", "")) for each in found if each}))


def read_map(case: "CaseStore", each: Judged) -> LogMap:
    """Return the map of a log with claimed days at its edges; it asks the index."""
    from workbench.services.investigation import Events

    if each.verdict is None:
        return LogMap(0)
    bare = log_map_of(each.verdict, checkpoints=checkpoints_of(each.verdict))
    edges = {1, bare.records, *bare.breaks, *(p.last for p in bare.ranges), *bare.checkpoints}
    days = _days(Events(case), each.source.id, sorted(edges)[:_MOST_DAYS])
    return log_map_of(each.verdict, days=days, checkpoints=bare.checkpoints)


def _days(events: "Events", source: int, records: Sequence[int]) -> dict[int, str]:
    found = ((n, events.at(source, n)) for n in records)
    times = ((n, row.event.time_ns) for n, row in found if row is not None)
    return {n: short_day(ns) for n, ns in times if ns is not None}


def short_day(time_ns: int) -> str:
    """Return a claimed day as ``14 Aug``; "" for one that no calendar has."""
    try:
        time = datetime.fromtimestamp(time_ns // 1_000_000_000, UTC)
    except (OverflowError, OSError, ValueError):
        return ""
    return f"{time.day} {_MONTHS[time.month - 1]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def records_of(each: Judged) -> int | None:
    """Return how many records or files a source has, as far as that is known."""
    if each.verdict is not None and each.verdict.records is not None:
        return each.verdict.records
    events = each.source.counts.get("events")
    if isinstance(events, int):
        return events
    return each.source.files if each.source.files > 1 else None


def total_of(numbers: Iterable[int | None]) -> int:
    """Return the sum of what is known."""
    return sum(number for number in numbers if number is not None)
