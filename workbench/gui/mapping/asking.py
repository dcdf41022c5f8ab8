"""What is asked of a mapping; the services are loaded at first use."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.case_source import CaseSource
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.services.cases import Added
    from workbench.services.mappings import Trial
    from workbench.store.case_store import CaseStore

#: Records that are shown one by one.
SHOWN = 200
_UNKNOWN, _LOG = "unknown", "log"


def candidates(sources: Sequence[CaseSource]) -> list[CaseSource]:
    """Return what may be a log that a mapping reads: first what nothing recognised."""
    found = [s for s in sources if s.files == 1 and s.size and s.format in {_UNKNOWN, _LOG}]
    return sorted(found, key=lambda s: (s.format != _UNKNOWN, bool(s.version)))


def draft(case: "CaseStore", source: int) -> str:
    """Return a mapping to be edited, guessed from the first records of a log."""
    from workbench.services import cases, mappings

    return mappings.draft(cases.evidence_file(case, source, cancel=Cancel())).text


def attempt(case: "CaseStore", source: int, text: str) -> "Trial":
    """Return what a mapping makes of the first records of a log.

    Raises:
        ProfileError: the text is no mapping.
        UsageError: its records do not lie in any way that the mapping knows.
        SourceError: the log cannot be read.
    """
    from workbench.services import cases, mappings

    cancel = Cancel()
    file = cases.evidence_file(case, source, cancel=cancel)
    return mappings.attempt(mappings.parse(text), file, show=SHOWN, cancel=cancel)


def read_by(
    case: "CaseStore", source: CaseSource, text: str, progress: Progress, cancel: Cancel
) -> "Added":
    """Read a log of the case by a mapping: the same bytes, in place of what was read before.

    Raises:
        ProfileError: the text is no mapping.
        SourceError: the evidence is not where it was.
    """
    from workbench.services import cases, mappings

    brought = mappings.parse(text)
    deliveries = {d.id: d for d in cases.standing(case).deliveries}
    place = Path(deliveries[source.delivery].place)
    stated = cases.Stated(mappings=(brought,))
    return cases.add_evidence(case, [place], stated=stated, progress=progress, cancel=cancel)
