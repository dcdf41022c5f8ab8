"""What of the case rests on a broken record: in words, each with the page that shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui.looking.uses import uses_of
from workbench.gui.places import FindingAt, RecordAt, ThingAt
from workbench.gui.text import tr
from workbench.model.event import IndexedEvent
from workbench.model.lineage import kind_of
from workbench.report.phrases import plural

if TYPE_CHECKING:
    from workbench.services.lineage import CaseLineage
    from workbench.services.lineage.resting import Rests
    from workbench.store.case_store import CaseStore

_MOST_THINGS = 6


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

    graph = lineage.read(case)
    rests = lineage.resting_on(graph, found.source, found.event.locator.record or 0)
    findings = [
        Blast(f"{each.id} {each.title}", "findings", FindingAt(each.id))
        for each in uses_of(case, found).findings
    ]
    return (*_resting(graph, rests, found), *findings)


def _resting(graph: "CaseLineage", rests: "Rests", found: IndexedEvent) -> Iterator[Blast]:
    record = RecordAt(found.source, found.event.locator.record or 0)
    for kind in ("approval", "deployment"):
        of_kind = [n for n in rests.decisions if kind_of(graph.things.get(n)) == kind]
        if of_kind:
            yield Blast(plural(len(of_kind), kind), "timeline", record)
    about = rests.things[0] if rests.things else None
    if rests.edges and about is not None:
        words = plural(len(rests.edges), tr("lineage edge"))
        yield Blast(words, "lineage", ThingAt(*about))
    for node in rests.things[:_MOST_THINGS]:
        words = f"{kind_of(graph.things.get(node))} {graph.name(node)}"
        yield Blast(words, "catalog", ThingAt(*node))
    if about is not None:
        for kind, count in rests.further:
            yield Blast(f"{plural(count, kind)} {tr('downstream')}", "lineage", ThingAt(*about))
