"""One record of a log, for the inspector: its fields with what protects each, and its bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.errors import SourceError, WorkbenchError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.gui.amounts import size
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.pips import LevelPips
from workbench.gui.text import tr
from workbench.gui.theme import Theme
from workbench.model.case import EvidenceRef
from workbench.model.catalog import Protection
from workbench.model.event import IndexedEvent
from workbench.model.locator import Locator
from workbench.model.progress import Cancel

if TYPE_CHECKING:
    from workbench.services.cases import RawBytes
    from workbench.store.case_store import CaseStore

#: Bytes of a record that are read to be shown; a record can be 64 MiB.
MOST = 256 * 1024
_MOST_FIELDS = 200
_SIGNED = 2


@dataclass(frozen=True, slots=True)
class RecordRead:
    """A record, read again from the evidence and compared with what was taken in.

    Attributes:
        found: the event that the index has of it.
        raw: its bytes, and what was recomputed of them.
    """

    found: IndexedEvent
    raw: "RawBytes"


def read_record(case: "CaseStore", source: int, record: int) -> RecordRead:
    """Return a record; asks index and evidence, so off the thread of the window.

    Raises:
        SourceError: the index does not have it, or the bytes are not those of the intake.
    """
    found = event_at(case, source, record)
    return RecordRead(found, read_place(case, found.ref))


def event_at(case: "CaseStore", source: int, record: int) -> IndexedEvent:
    """Return the event that the index has of a record.

    Raises:
        SourceError: it has none.
    """
    from workbench.services.investigation import Events

    found = Events(case).at(source, record)
    if found is None:
        raise SourceError(f"Record {record:,} is not in the index: verify the case again.")
    return found


def read_place(case: "CaseStore", ref: EvidenceRef) -> "RawBytes":
    """Return bytes of evidence at a place, bounded to what can be shown."""
    from workbench.services import cases

    return cases.raw(case, _bounded(ref), cancel=Cancel())


def _bounded(ref: EvidenceRef) -> EvidenceRef:
    at = ref.locator
    if at.length is None or at.length <= MOST:
        return ref
    place = Locator(at.path, at.member, at.record, at.offset, MOST, at.pointer)
    return EvidenceRef(ref.sha256, place, ref.note)


def fields_view(theme: Theme, read: RecordRead, not_covered: tuple[str, ...]) -> QWidget:
    """Return the members of a record with what protects each, and where it lies."""
    outer = column(gap=12)
    event = read.found.event
    fields = Fields(theme)
    for name, value in members(read.raw.data):
        protection = protection_of(name, event.level, not_covered)
        face = Face.MONO if _is_digest(value) else Face.BODY
        fields.add(name, value, protection, face=face)
    outer.addWidget(fields)
    place = Fields(theme)
    place.add(tr("Source"), event.locator.path)
    place.add(tr("Record"), f"{event.locator.record or 0:,}", face=Face.MONO)
    place.add(tr("Offset"), f"{event.locator.offset or 0:,}", face=Face.MONO)
    place.add(tr("Length"), size(event.locator.length or 0))
    place.add(tr("Assurance"), LevelPips(theme, event.level))
    outer.addWidget(place)
    outer.addStretch()
    return boxed(outer)


def members(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield names and values of a JSON record; of anything else, its text as one value."""
    try:
        found = parse(data, what="the record")
    except WorkbenchError:
        found = None
    if not isinstance(found, dict):
        yield tr("Text"), data.decode("utf-8", "replace")
        return
    for number, (name, value) in enumerate(found.items()):
        if number == _MOST_FIELDS:
            yield "…", tr("{} more; see the bytes").format(f"{len(found) - number:,}")
            return
        yield name, text_of(value)


def text_of(value: JsonValue) -> str:
    """Return a value as the record has it, near enough to be read."""
    match value:
        case str():
            return value
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict() | list():
            from workbench.gui.text import MOST_SHOWN

            return _json(value)[:MOST_SHOWN]
        case _:
            return str(value)


def protection_of(name: str, level: int, not_covered: tuple[str, ...]) -> Protection:
    """Return what protects a member of a record at a level of assurance."""
    if level < 1 or name in not_covered:
        return Protection.UNPROTECTED
    return Protection.SIGNED if level >= _SIGNED else Protection.HASHED


def places_of(data: bytes, text: str) -> list[tuple[int, int]]:
    """Return where a text stands in bytes, as (start, end)."""
    wanted = text.encode()
    at = data.find(wanted) if wanted else -1
    return [] if at < 0 else [(at, at + len(wanted))]


def _json(value: JsonValue) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def _is_digest(text: str) -> bool:
    return len(text) >= 32 and all(c in "0123456789abcdef" for c in text)
