"""Read what a catalog says into the case, counted on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from workbench.evidence.limits import LIMITS
from workbench.evidence.subject import Subject
from workbench.formats.logs.library import loads, named
from workbench.formats.reader import Account, Reading
from workbench.formats.sniff import UNMAPPED, lineage_reader
from workbench.formats.tally import Inventory, inventory
from workbench.model.case import ControlTotal
from workbench.model.case_source import CaseSource
from workbench.model.event_mapping import EventMapping
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem
from workbench.store.catalog import CatalogWriter


def mapping_of(source: CaseSource) -> EventMapping | None:
    """Return how the events of a log are read: as the user said, or by a mapping that ships."""
    if source.fields is not None:  # the auditor says where the parts stand, in its place
        return None
    if source.mapping:
        return loads(source.mapping.encode(), what=source.version or "the mapping")
    return named(source.version or "") if source.format == UNMAPPED else None


def is_catalog(subject: Subject) -> bool:
    """Tell whether there is a reader for what a subject says."""
    return not subject.base and lineage_reader(subject.format) is not None


def read_catalog(
    subject: Subject, writer: CatalogWriter, *, progress: Progress, cancel: Cancel
) -> Inventory:
    """Keep everything that a catalog says, and return what was counted.

    Raises:
        Cancelled: the user stopped it.
    """
    reader = lineage_reader(subject.format)
    if reader is None:
        return Inventory({}, (), Account())
    reading = reader.read(subject, limits=LIMITS, cancel=cancel, progress=progress)
    found = inventory(_kept(reading, writer))
    writer.flush()
    return found


def _kept(reading: Reading, writer: CatalogWriter) -> Reading:
    """Pass on what is read, and keep the records on the way."""
    while True:
        try:
            record = next(reading)
        except StopIteration as stop:
            return stop.value or Account()
        if not isinstance(record, Problem):
            writer.add(record)
        yield record


def with_inventory(source: CaseSource, found: Inventory) -> CaseSource:
    """Return a source with what its reader found, stated control totals compared with that."""
    account = found.account
    numbers = {n: v for n, v in account.control_totals.items() if isinstance(v, int)}
    described = replace(
        source,
        version=account.version or source.version,
        cannot_show=account.cannot_show or source.cannot_show,
        problems=_once((*source.problems, *found.problems)),
    )
    described = described.counted(found.counts)
    return replace(described, totals=tuple(_counted(t, numbers) for t in described.totals))


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems each once: a source may be read again, and says the same."""
    return tuple({(p.code, p.locator.path, p.message): p for p in reversed([*problems])}.values())[
        ::-1
    ]


def _counted(total: ControlTotal, numbers: Mapping[str, int]) -> ControlTotal:
    """Return a stated total beside the number of the same name that its reader counted itself."""
    return replace(total, counted=numbers.get(total.name)) if total.counted is None else total
