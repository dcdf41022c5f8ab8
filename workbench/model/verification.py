"""The outcome of a whole verification, and its exit code (VERDICTS section 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workbench.model.source import Problem, Role
from workbench.model.verdict import (
    Code,
    Dimension,
    DimensionVerdict,
    Indication,
    SubjectVerdict,
    worst,
)

REQUIRED_BY_DEFAULT = (Dimension.INTEGRITY, Dimension.AUTHENTICITY, Dimension.COMPLETENESS)

#: Code of the whole case where no subject was found: nothing judged is never green.
_EMPTY = {
    Dimension.INTEGRITY: Code.UNPROTECTED,
    Dimension.AUTHENTICITY: Code.NO_SIGNATURE,
    Dimension.COMPLETENESS: Code.NO_ANCHOR,
    Dimension.TIME: Code.NO_TRUSTED_TIME,
}


@dataclass(frozen=True, slots=True)
class SourceVerdict:
    """A source, its role, and, for a subject, its verdict.

    Attributes:
        path: file or folder as the auditor sees it.
        member: name inside an archive, or None.
        role: its one role.
        sha256: lower hex digest of its bytes; for a folder, of the sorted list of its files.
        size: bytes.
        format: id of the format recognised, or "unknown".
        verdict: what was found; None unless it is a subject.
        pairs_with: path of the subject that a signature or anchor was paired with, or place of
            what a link leads to, or None.
        problems: what else the auditor must know.
    """

    path: str
    member: str | None
    role: Role
    sha256: str
    size: int
    format: str
    verdict: SubjectVerdict | None = None
    pairs_with: str | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in a drop, at a time, with what.

    Attributes:
        at: time for which trust was judged, aware UTC.
        sources: every source but context, subjects first, sorted by path.
        context: paths of what nobody judged.
        network: the acts that used the network; empty unless the auditor asked for one.
        required: dimensions that decide the exit code.
        problems: what concerns the drop as a whole.
        keys_in_evidence: SHA-256 fingerprint of each trusted key or certificate whose key also
            lies in the evidence, to the file that it lies in.
    """

    at: datetime
    sources: tuple[SourceVerdict, ...]
    context: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    required: tuple[Dimension, ...] = REQUIRED_BY_DEFAULT
    problems: tuple[Problem, ...] = ()
    keys_in_evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def subjects(self) -> tuple[SourceVerdict, ...]:
        """Return the sources that were judged."""
        return tuple(source for source in self.sources if source.verdict is not None)

    @property
    def breaks_at_records(self) -> bool:
        """Tell whether a diagnosis names a record, on which other things may rest."""
        verdicts = (source.verdict for source in self.sources)
        return any(found.record for v in verdicts if v for found in v.diagnoses)

    def dimension(self, which: Dimension) -> DimensionVerdict:
        """Return the verdict of the case in one dimension: the worst of its subjects."""
        verdicts = (source.verdict for source in self.sources)
        return worst((v.dimension(which) for v in verdicts if v), empty=_EMPTY[which])

    @property
    def exit_code(self) -> int:
        """Return 0, 1 or 2 as VERDICTS section 7 says; 3 is never a verdict."""
        if any(self.dimension(d).indication is Indication.FAILED for d in Dimension):
            return 1
        return 0 if self.subjects and self._all_passed(self.required) else 2

    def _all_passed(self, dimensions: Iterable[Dimension]) -> bool:
        return all(self.dimension(d).indication is Indication.PASSED for d in dimensions)
