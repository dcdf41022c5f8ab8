"""What of the case has to do with a record: the things it names, the findings that rest on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.model.case import Finding
from workbench.model.event import IndexedEvent
from workbench.model.kept import KeptThing

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


@dataclass(frozen=True, slots=True)
class Uses:
    """What has to do with a record."""

    things: tuple[KeptThing, ...] = ()
    findings: tuple[Finding, ...] = ()


def uses_of(case: "CaseStore", found: IndexedEvent) -> Uses:
    """Return what has to do with a record; read off the thread of the window."""
    from workbench.services import findings, investigation

    resting = tuple(
        finding
        for finding in findings.resting_on(case, found.sha256)
        if any(_same(found, ref.locator.record) for ref in finding.evidence)
    )
    return Uses(tuple(investigation.things_meant(case, found.event.object)), resting)


def _same(found: IndexedEvent, record: int | None) -> bool:
    return record is None or record == found.event.locator.record
