"""What of the case rests on a broken record: in words, each with the page that shows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui.looking.uses import uses_of
from workbench.gui.places import FindingAt, RecordAt, ThingAt
from workbench.model.event import IndexedEvent

if TYPE_CHECKING:
    from workbench.services.lineage import Rest
    from workbench.store.case_store import CaseStore


@dataclass(frozen=True, slots=True)
class Blast:
    """One entry of a blast radius.

    Attributes:
        words: what rests on the record.
        page: the page that shows it.
        place: what of that page.
    """

    words: str
    page: str
    place: object


def read_blast(case: "CaseStore", found: IndexedEvent) -> tuple[Blast, ...]:
    """Return what rests on a record; asks the whole lineage, so off the thread of the window."""
    from workbench.services import lineage

    at = found.event.locator
    resting = lineage.Resting(lineage.read(case).graph)
    rests = [_shown(rest, found) for rest in resting.on(at.path, at.member, at.record or 0)]
    findings = [
        Blast(f"{each.id} {each.title}", "findings", FindingAt(each.id))
        for each in uses_of(case, found).findings
    ]
    return (*rests, *findings)


def _shown(rest: "Rest", found: IndexedEvent) -> Blast:
    """Return a line with the page for it: a decision is a record, a thing lies in the catalog."""
    if rest.about is None:
        record = RecordAt(found.source, found.event.locator.record or 0)
        return Blast(rest.words, "timeline", record)
    page = "catalog" if rest.kind == "thing" else "lineage"
    return Blast(rest.words, page, ThingAt(*rest.about))
