"""What the palette finds in a case: sources, things, findings, and events of its logs."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.gui.context import FindKind, Hit
from workbench.gui.places import Asked, FindingAt, RecordAt, SourceAt, ThingAt
from workbench.gui.text import tr
from workbench.model.case import Finding
from workbench.model.case_source import CaseSource
from workbench.model.event import EventSort, IndexedEvent
from workbench.model.kept import KeptThing
from workbench.model.query import quoted
from workbench.model.query_fields import Area

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

#: Of each list, so that one that has thousands does not hide the others.
_FEW = 5
_ACTORS = 200


def find(case: "CaseStore", text: str, kind: FindKind, limit: int) -> Sequence[Hit]:
    """Return what of a case matches a text; what cannot be asked gives nothing."""
    return tuple(islice(_BY_KIND[kind](case, text), limit))


def _anything(case: "CaseStore", text: str) -> Iterator[Hit]:
    from workbench.services import investigation

    asked = quoted(text)
    for area in (Area.SOURCES, Area.THINGS, Area.FINDINGS):
        for row in investigation.listed(case, area, asked, count=_FEW).rows:
            match row:
                case CaseSource():
                    yield _source(row)
                case KeptThing():
                    yield _thing(row)
                case Finding():
                    yield Hit(row.title, row.id, "flag", "findings", FindingAt(row.id))
                case _:
                    pass
    try:
        events = investigation.Events(case, asked).page(first=0, count=_FEW)
    except WorkbenchError:
        return  # the index is damaged: the page of events says so
    yield from map(_event, events)


def _records(case: "CaseStore", text: str) -> Iterator[Hit]:
    from workbench.services.investigation import Events

    number = text.replace(",", "").strip()
    if number.isdecimal() and len(number) < 16:
        events = Events(case, f"record={int(number)}")
        yield from map(_event, events.page(first=0, count=_FEW * 2))


def _actors(case: "CaseStore", text: str) -> Iterator[Hit]:
    from workbench.services.investigation import Events

    wanted = text.lower()
    for actor, count in Events(case).top(EventSort.ACTOR, most=_ACTORS):
        if actor and wanted in actor.lower():
            told = tr("{} events, as claimed").format(f"{count:,}")
            yield Hit(actor, told, "user", "timeline", Asked(f"actor={quoted(actor)}"))


def _source(source: CaseSource) -> Hit:
    detail = f"{source.role.value} · {source.format}"
    return Hit(source.display, detail, "archive", "evidence", SourceAt(source.id))


def _thing(kept: KeptThing) -> Hit:
    thing = kept.thing
    name = " ".join(part for part in (thing.name, thing.version) if part)
    detail = (thing.type or thing.kind.value).replace("_", " ")
    return Hit(name, detail, "box", "catalog", ThingAt(kept.source, thing.key))


def _event(found: IndexedEvent) -> Hit:
    event = found.event
    record = event.locator.record or 0
    title = " ".join(part for part in (event.action, event.object) if part)
    detail = f"{event.locator.path}, record {record:,}"
    return Hit(title or detail, detail, "file-text", "timeline", RecordAt(found.source, record))


_BY_KIND = {
    FindKind.ANYTHING: _anything,
    FindKind.RECORDS: _records,
    FindKind.ACTORS: _actors,
}
