"""What the newest verification says of a record: its level, what was found, what protects it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui.parts.mark import Mark
from workbench.gui.parts.pips import level_name
from workbench.gui.parts.scale import level_at
from workbench.gui.text import tr
from workbench.model.case_source import CaseSource
from workbench.model.catalog import Protection
from workbench.model.verdict import AssuranceFlag, Diagnosis, Indication, SubjectVerdict
from workbench.report.phrases import indication_of

if TYPE_CHECKING:
    from workbench.services.cases import Standing

_SIGNED = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """A source with the verdict on it, as far as there is one.

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
        level = self.level(record)
        left_out = self.verdict.not_covered if self.verdict else ()
        if level == 0 or any(field == name or field.startswith(f"{name}.") for name in left_out):
            return Protection.UNPROTECTED
        return Protection.SIGNED if level >= _SIGNED else Protection.HASHED

    def trusted_time(self, record: int | None) -> str:
        """Return in words what bounds the time of a record."""
        ranges = self.verdict.assurance if self.verdict else ()
        flags = [part.flags for part in ranges if record and part.first <= record <= part.last]
        if flags and AssuranceFlag.TIMESTAMPED in flags[0]:
            return tr("bounded by a trusted timestamp; see the proof")
        return tr("none: the time is claimed only")


def judged(standing: "Standing | None", source: int) -> Judged:
    """Return a source of the case with the newest verdict on it."""
    if standing is None:
        return Judged(None, None)
    known = next((s for s in standing.sources if s.id == source), None)
    if known is None or standing.verification is None:
        return Judged(known, None)
    place = known.path, known.member, known.sha256
    verdict = next(
        (
            s.verdict
            for s in standing.verification.subjects
            if (s.path, s.member, s.sha256) == place
        ),
        None,
    )
    return Judged(known, verdict)


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
