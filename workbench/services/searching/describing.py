"""A row of any list in a line: its name, what else tells it from others, its place."""

from collections.abc import Mapping

from workbench.model.case import Finding, JournalEntry
from workbench.model.case_source import CaseSource
from workbench.model.event import IndexedEvent
from workbench.model.kept import KeptDiagnosis, KeptRelation, KeptSignature, KeptThing, Listed
from workbench.model.lineage import kind_of
from workbench.model.moment import text_of
from workbench.model.remark import Place, Remark

Told = tuple[str, str, str]


def told(row: IndexedEvent | Listed, sources: Mapping[int, str]) -> Told:
    """Return title, detail and place of a row; ``sources`` says what each source is called."""
    match row:
        case IndexedEvent():
            return _event(row)
        case KeptThing(source=source, thing=thing):
            title = " ".join(part for part in (thing.called, thing.version) if part)
            detail = f"{kind_of(thing)} · {sources.get(source, '')}"
            return title, detail, str(Place(source, thing.key))
        case KeptRelation(source=source, relation=edge):
            title = f"{edge.subject} {edge.kind.value} {edge.object}"
            return title, sources.get(source, ""), str(Place(source, edge.subject))
        case KeptDiagnosis(source=source, diagnosis=found):
            record = found.record or 0
            where = found.path or sources.get(source, "")
            detail = f"{where}, record {record:,}" if record else where
            return found.kind.value, detail, str(Place(source, record=record))
        case KeptSignature(source=source, path=path, signature=signature):
            said = f"{signature.indication.value} {signature.code or ''}".rstrip()
            who = signature.signer or signature.fingerprint or "signature"
            covers = f" · {signature.covers}" if signature.covers else ""
            return who, f"{said}{covers} · {path}", str(source)
        case _:
            return _other(row)


def _event(row: IndexedEvent) -> Told:
    event = row.event
    record = event.locator.record or 0
    when = event.time_text if event.time_ns is None else text_of(event.time_ns)
    where = f"{event.locator.path}, record {record:,}"
    title = " ".join(part for part in (event.action, event.object) if part) or where
    detail = " · ".join(part for part in (when, event.actor, where) if part)
    return title, detail, str(Place(row.source, record=record))


def _other(row: CaseSource | Finding | JournalEntry | Remark) -> Told:
    match row:
        case CaseSource():
            return row.display, f"{row.role.value} · {row.format}", str(row.id)
        case Finding():
            return row.title, f"{row.severity.value} · {row.state.value}", row.id
        case Remark():
            on = f"{row.kind.value} on {row.place} · {row.who}"
            return row.text.splitlines()[0], on, row.place
        case JournalEntry():
            said = f"{row.act} {row.subject}".rstrip()
            return said, f"{row.who} · {row.at:%Y-%m-%d %H:%M} UTC", str(row.number)
