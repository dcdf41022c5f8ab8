"""Tags and notes on sources, things and events: say them, take them back, list them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.errors import UsageError
from workbench.model.case import CaseChanges
from workbench.model.case_source import CaseSource
from workbench.model.event import IndexedEvent
from workbench.model.kept import Cell, KeptThing, Listed
from workbench.model.remark import On, Place, Remark, RemarkKind, said
from workbench.store import catalog, remarks, sources
from workbench.store.case_store import CaseStore

_SEPARATOR = " | "


def every(case: CaseStore) -> tuple[Remark, ...]:
    """Return the tags and notes that hold, in the order they were made."""
    with case.reading() as session:
        return remarks.every(session, case.journal_at_opening)


def at(case: CaseStore, place: Place) -> tuple[Remark, ...]:
    """Return the tags and notes on one source, thing or event.

    Raises:
        UsageError: there is no such thing in the case.
    """
    on = _on(case, place)
    return tuple(remark for remark in every(case) if remark.on == on)


def add(case: CaseStore, kind: RemarkKind, place: Place, text: str) -> Remark:
    """Put a tag or a note on record.

    Raises:
        UsageError: there is no such thing in the case, nothing is said, or it has this tag.
        StoreError: it could not be recorded.
    """
    clean, on = said(kind, text), _on(case, place)
    with case.acting(f"{kind.value}.add") as act:
        known = remarks.every(act.session, case.journal_at_opening)
        if any((r.kind, r.on, r.text) == (kind, on, clean) for r in known):
            raise UsageError(f"{place} has this {kind.value} already.")
        remarks.put(act, replace(place, key=on.key), on, clean)
    return every(case)[-1]


def remove(case: CaseStore, number: int) -> CaseChanges:
    """Put on record that a tag or note holds no more.

    Raises:
        UsageError: there is none with this number.
        StoreError: it could not be recorded.
    """
    known = {remark.number: remark for remark in every(case)}
    if number not in known:
        raise UsageError(f"No tag and no note of this case has the number {number}.")
    with case.acting(f"{known[number].kind.value}.remove") as act:
        remarks.take_back(act, known[number])
        return act.changes


def untag(case: CaseStore, place: Place, text: str) -> CaseChanges:
    """Put on record that something has a tag no more.

    Raises:
        UsageError: it has no such tag.
        StoreError: it could not be recorded.
    """
    clean = said(RemarkKind.TAG, text)
    for remark in at(case, place):
        if remark.kind is RemarkKind.TAG and remark.text == clean:
            return remove(case, remark.number)
    raise UsageError(f"{place} has no tag {clean}.")


@dataclass(frozen=True, slots=True)
class Remarked:
    """All that was said, to be asked row by row.

    Attributes:
        by: the remarks on each thing, event and source.
        digests: SHA-256 of each source, by id.
    """

    by: Mapping[On, Sequence[Remark]]
    digests: Mapping[int, str]

    def columns(self, row: IndexedEvent | Listed) -> Mapping[str, Cell]:
        """Return the tags and notes on a row as two columns; nothing where rows have none."""
        on = self._of(row)
        found = [] if on is None else self.by.get(on, ())
        return {
            f"{kind.value}s": _SEPARATOR.join(r.text for r in found if r.kind is kind)
            for kind in RemarkKind
            if on is not None
        }

    def _of(self, row: IndexedEvent | Listed) -> On | None:
        match row:
            case IndexedEvent():
                return On(row.sha256, record=row.event.locator.record or 0)
            case KeptThing():
                return On(self.digests.get(row.source, ""), row.thing.key)
            case CaseSource():
                return On(row.sha256)
            case _:
                return None


def remarked(case: CaseStore) -> Remarked:
    """Return all that was said in a case."""
    by: dict[On, list[Remark]] = {}
    for remark in every(case):
        by.setdefault(remark.on, []).append(remark)
    with case.reading() as session:
        return Remarked(by, {s.id: s.sha256 for s in sources.every(session, superseded=True)})


def _on(case: CaseStore, place: Place) -> On:
    """Return what a place names, whatever the numbers of the case."""
    with case.reading() as session:
        source = sources.get(session, place.source)
        key = place.key and catalog.key_of(session, place.source, place.key)
    if not source.sha256:
        raise UsageError(f"Source {place.source} could not be read: nothing can be said of it.")
    if place.record > (source.events or 0):
        raise UsageError(f"Source {place.source} has no event {place.record} in the index.")
    return On(source.sha256, key, place.record)
