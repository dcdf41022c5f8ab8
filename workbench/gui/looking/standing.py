"""What the newest verification says of a record: its level, what was found, what protects it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui.judged import judged
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.pips import level_name
from workbench.gui.parts.scale import level_at
from workbench.gui.records import protection_of
from workbench.gui.text import tr
from workbench.model.case_source import CaseSource
from workbench.model.catalog import Protection
from workbench.model.verdict import AssuranceFlag, Diagnosis, Indication, SubjectVerdict
from workbench.report.phrases import indication_of

if TYPE_CHECKING:
    from workbench.services.cases import Standing

_SIGNED = 2


@dataclass(frozen=True, slots=True)
class Proven:
    """A source and what is proven of it, record by record.

    Attributes:
        source: the source, or None where it was superseded meanwhile.
        verdict: the newest verdict on it, or None.
    """

    source: CaseSource | None
    verdict: SubjectVerdict | None

    def level(self, record: int | None) -> int:
        """Return the level of assurance of a record."""
        if self.verdict is None or record is None:
            return 0
        ranges = sorted(self.verdict.assurance, key=lambda part: part.first)
        return level_at(ranges, record)

    def diagnosis(self, record: int | None) -> tuple[int, Diagnosis] | None:
        """Return what FAILED at a record, with its place in the verdict, or None."""
        if self.verdict is None or record is None:
            return None
        for number, found in enumerate(self.verdict.diagnoses):
            failed = indication_of(found, self.verdict) is Indication.FAILED
            if found.record == record and failed:
                return number, found
        return None

    def protection(self, record: int | None, field: str = "") -> Protection:
        """Return what protects a field of a record: what its digest leaves out, nothing does."""
        left_out = self.verdict.not_covered if self.verdict else ()
        outer = field.partition(".")[0]
        name = outer if outer in left_out else field
        return protection_of(name, self.level(record), left_out)

    def trusted_time(self, record: int | None) -> str:
        """Return in words what bounds the time of a record."""
        ranges = self.verdict.assurance if self.verdict else ()
        flags = [part.flags for part in ranges if record and part.first <= record <= part.last]
        if flags and AssuranceFlag.TIMESTAMPED in flags[0]:
            return tr("bounded by a trusted timestamp; see the proof")
        return tr("none: the time is claimed only")


def proven(standing: "Standing | None", source: int) -> Proven:
    """Return what is proven of a source of the case."""
    found = (each for each in judged(standing) if each.source.id == source) if standing else ()
    each = next(iter(found), None)
    return Proven(each.source, each.verdict) if each else Proven(None, None)


def mark_of_level(level: int, *, is_broken: bool, is_judged: bool) -> Mark:
    """Return the mark of a record: green only where somebody trusted vouches for it."""
    if is_broken:
        return Mark.FAILED
    if not is_judged or level == 0:
        return Mark.NONE
    return Mark.PASSED if level >= _SIGNED else Mark.HALF


def words_of_level(level: int, record: int | None, *, is_judged: bool) -> str:
    """Return in words how far a record is protected."""
    named = "" if record is None else tr("Record {}: ").format(f"{record:,}")
    if not is_judged:
        return named + tr("not verified yet")
    return named + level_name(level).lower()
