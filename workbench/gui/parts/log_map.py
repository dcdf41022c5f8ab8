"""A log as a strip of records: what the assurance bar and the tamper map are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from workbench.gui.parts import pen
from workbench.gui.parts.pips import level_name
from workbench.gui.theme import Theme
from workbench.model.verdict import (
    AssuranceRange,
    Diagnosis,
    DiagnosisClass,
    Indication,
    SubjectVerdict,
)
from workbench.report.phrases import indication_of


@dataclass(frozen=True, slots=True)
class LogMap:
    """What an assurance bar and a tamper map are drawn from.

    Attributes:
        records: how many records there are.
        ranges: how far they are protected, ascending, of one partition.
        breaks: record numbers at which something does not agree, with a word for each.
        days: claimed day of a record, for some of them.
        checkpoints: records that an anchor ends at.
        gaps: records whose link to the one before does not hold.
        somewhere: first to last record where a break is known to lie, but not at which record.
    """

    records: int
    ranges: tuple[AssuranceRange, ...] = ()
    breaks: Mapping[int, str] = field(default_factory=dict)
    days: Mapping[int, str] = field(default_factory=dict)
    checkpoints: tuple[int, ...] = ()
    gaps: frozenset[int] = frozenset()
    somewhere: Mapping[int, int] = field(default_factory=dict)

    def flag(self, record: int) -> str:
        """Return what the flag of a break says: a record, or between which ones it lies."""
        last = self.somewhere.get(record)
        word = self.breaks[record]
        if last is None:
            return f"{record:,} {word}".strip()
        return f"{word} somewhere in {record:,} – {last:,}".strip()

    def may_be_broken(self, record: int) -> bool:
        """Tell whether a break that is known by its range only may be this record."""
        return any(first <= record <= last for first, last in self.somewhere.items())

    @property
    def unanchored(self) -> int:
        """How many records at the end no signature reaches."""
        count = 0
        for part in reversed(self.unbroken):
            if part.level >= 2:
                break
            count += part.last - part.first + 1
        return count

    @property
    def unbroken(self) -> tuple[AssuranceRange, ...]:
        """The ranges that are no break."""
        return tuple(
            part
            for part in self.ranges
            if not (part.level == 0 and part.first == part.last and part.first in self.breaks)
        )


#: What a flag says of a broken record, in a word or two.
_WORDS = {
    DiagnosisClass.RECORD_ALTERED: "differs",
    DiagnosisClass.RECORD_REWRITTEN: "not the one chained",
    DiagnosisClass.RECORDS_DELETED: "follows a gap",
    DiagnosisClass.RECORD_INSERTED: "not in the chain",
    DiagnosisClass.RECORDS_REORDERED: "out of order",
    DiagnosisClass.RECORD_DUPLICATED: "repeated",
    DiagnosisClass.LINK_BROKEN: "link broken",
    DiagnosisClass.MALFORMED_RECORD: "not readable",
    DiagnosisClass.SEGMENT_MISSING: "follows a gap",
    DiagnosisClass.TAIL_TRUNCATED: "end missing",
    DiagnosisClass.RECHAINED_AFTER: "not as anchored",
    DiagnosisClass.FORK: "forks",
}
_BEFORE = {
    DiagnosisClass.RECORDS_DELETED,
    DiagnosisClass.LINK_BROKEN,
    DiagnosisClass.SEGMENT_MISSING,
    DiagnosisClass.RECORDS_REORDERED,
    DiagnosisClass.RECORD_DUPLICATED,
    DiagnosisClass.FORK,
}
_AFTER = {DiagnosisClass.RECORD_REWRITTEN, DiagnosisClass.RECORD_INSERTED}


def log_map_of(
    verdict: SubjectVerdict,
    *,
    days: Mapping[int, str] | None = None,
    checkpoints: tuple[int, ...] = (),
) -> LogMap:
    """Return the map of a log that was verified; only what failed is a break."""
    failed = [
        d for d in verdict.diagnoses if d.record and indication_of(d, verdict) is Indication.FAILED
    ]
    gaps = {d.record for d in failed if d.kind in _BEFORE and d.record}
    gaps |= {d.record + 1 for d in failed if d.kind in _AFTER and d.record}
    last = [part.last for part in verdict.assurance] + [d.record or 0 for d in failed]
    return LogMap(
        records=max([verdict.records or 0, *last]),
        ranges=tuple(sorted(verdict.assurance, key=lambda part: part.first)),
        breaks={d.record: _WORDS.get(d.kind, "") for d in _ascending(failed) if d.record},
        days=days or {},
        checkpoints=checkpoints,
        gaps=frozenset(gaps),
        somewhere={d.record: d.last for d in failed if d.record and d.last},
    )


def _ascending(diagnoses: list[Diagnosis]) -> list[Diagnosis]:
    return sorted(diagnoses, key=lambda each: each.record or 0)


def table_of(log: LogMap) -> list[tuple[str, str, str]]:
    """Return the twin of the bar as rows: records, level, flags."""
    return [
        (
            f"{part.first:,} – {part.last:,}" if part.last > part.first else f"{part.first:,}",
            f"{part.level} {level_name(part.level)}",
            flags_of(part),
        )
        for part in log.ranges
    ]


def flags_of(part: AssuranceRange) -> str:
    """Return what protects a range, in words."""
    return ", ".join(flag.value for flag in sorted(part.flags)) or "nothing recomputed here"


def paint_level(painter: QPainter, theme: Theme, area: QRect, level: int) -> None:
    """Fill by level. Levels 1 and 2 are too faint to stand without an edge; 1 is hatched."""
    if level == 1:
        ink = theme.colour("level_1")
        pen.hatch(painter, area, ground=theme.colour("canvas"), ink=ink, width=2.4)
    elif level > 1:
        pen.fill(painter, area, theme.colour(theme.tokens.level(level)))
    if level in {1, 2} or (level == 0 and not area.isEmpty()):
        pen.outline(painter, area, theme.colour("ctl"))


def paint_somewhere(painter: QPainter, theme: Theme, area: QRect) -> None:
    """Hatch in red where a break lies that is not known to the record."""
    ground, ink = theme.colour("failed_tint"), theme.colour("failed")
    pen.hatch(painter, area, ground=ground, ink=ink, width=1.2)
    pen.outline(painter, area, ink)


def paint_break(painter: QPainter, theme: Theme, x: int, top: int, height: int) -> None:
    """Draw a broken record as a red line with a halo, so that it is seen on every level."""
    pen.fill(painter, QRect(x - 3, top, 6, height), theme.colour("canvas"))
    pen.fill(painter, QRect(x - 1, top, 2, height), theme.colour("failed"))
