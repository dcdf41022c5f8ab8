"""Rows of the lists of a case, and each of them flat: one name and one plain value a column."""

from dataclasses import dataclass

from workbench.model.case import Finding, JournalEntry
from workbench.model.case_source import CaseSource
from workbench.model.catalog import Relation, Thing
from workbench.model.contract import time_to_json
from workbench.model.event import IndexedEvent
from workbench.model.locator import Locator
from workbench.model.moment import text_of
from workbench.model.remark import Remark
from workbench.model.verdict import Diagnosis, SignatureVerdict


@dataclass(frozen=True, slots=True)
class KeptThing:
    """A thing with its number in the case and the source it was read from."""

    id: int
    source: int
    thing: Thing


@dataclass(frozen=True, slots=True)
class KeptRelation:
    """A relation with its number in the case and the source it was read from."""

    id: int
    source: int
    relation: Relation


@dataclass(frozen=True, slots=True)
class KeptDiagnosis:
    """A diagnosis of the newest verdict on a source; its sentences are in the verification."""

    id: int
    source: int
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class KeptSignature:
    """A signature that the newest verification judged, with the source that it was judged for."""

    id: int
    source: int
    path: str
    signature: SignatureVerdict


#: A row of one of the lists of the case file.
Listed = (
    KeptThing
    | KeptRelation
    | CaseSource
    | KeptDiagnosis
    | Finding
    | JournalEntry
    | Remark
    | KeptSignature
)
Cell = str | int | None


def flat(row: IndexedEvent | Listed) -> dict[str, Cell]:
    """Return a row as columns, for tables, JSON and CSV alike."""
    match row:
        case IndexedEvent():
            return _event(row)
        case KeptThing(id=number, source=source, thing=thing):
            return {"id": number, "source": source, **_thing(thing), **_place(thing.locator)}
        case KeptRelation(id=number, source=source, relation=relation):
            edge = {"id": number, "source": source, **_relation(relation)}
            return edge | _place(relation.locator)
        case KeptDiagnosis(id=number, source=source, diagnosis=diagnosis):
            return {"id": number, "source": source, **_diagnosis(diagnosis)}
        case CaseSource():
            return _source(row)
        case Finding():
            return _finding(row)
        case JournalEntry():
            return _entry(row)
        case Remark():
            return _remark(row)
        case KeptSignature(id=number, source=source, path=path, signature=signature):
            return {"id": number, "source": source, "path": path, **_signature(signature)}


def _place(locator: Locator) -> dict[str, Cell]:
    return {
        "path": locator.path,
        "member": locator.member,
        "record": locator.record,
        "offset": locator.offset,
        "length": locator.length,
        "pointer": locator.pointer,
    }


def _event(row: IndexedEvent) -> dict[str, Cell]:
    event = row.event
    place = _place(event.locator)
    del place["pointer"]
    return {
        "time": event.time_text if event.time_ns is None else text_of(event.time_ns),
        "actor": event.actor,
        "action": event.action,
        "object": event.object,
        "outcome": event.outcome.value,
        "level": event.level,
        "flags": " ".join(sorted(event.flags)),
        "source": row.source,
        **place,
        "sha256": row.sha256,
    }


def _thing(thing: Thing) -> dict[str, Cell]:
    return {
        "kind": thing.kind.value,
        "type": thing.type,
        "key": thing.key,
        "name": thing.name,
        "namespace": thing.namespace,
        "version": thing.version,
        "lifecycle": thing.lifecycle.value,
        "state": thing.state.value,
        "created": time_to_json(thing.created),
        "ended": time_to_json(thing.ended),
        "owner": thing.owner,
        "uri": thing.uri,
    }


def _relation(relation: Relation) -> dict[str, Cell]:
    return {
        "kind": relation.kind.value,
        "subject": relation.subject,
        "object": relation.object,
        "role": relation.role,
        "transformation": relation.transformation,
        "time": time_to_json(relation.time),
        "inferred": "yes" if relation.inferred else "no",
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Cell]:
    return {
        "class": diagnosis.kind.value,
        "record": diagnosis.record,
        "last": diagnosis.last,
        "count": diagnosis.count,
        "path": diagnosis.path,
        "offset": diagnosis.offset,
        "stored": diagnosis.stored,
        "recomputed": diagnosis.recomputed,
    }


def _source(source: CaseSource) -> dict[str, Cell]:
    return {
        "id": source.id,
        "path": source.path,
        "member": source.member,
        "role": source.role.value,
        "format": source.format,
        "bytes": source.size,
        "sha256": source.sha256,
        "events": source.events,
        "added": time_to_json(source.added),
    }


def _finding(finding: Finding) -> dict[str, Cell]:
    return {
        "id": finding.id,
        "title": finding.title,
        "severity": finding.severity.value,
        "state": finding.state.value,
        "owner": finding.owner,
        "due": time_to_json(finding.due),
        "author": finding.author,
        "modified": time_to_json(finding.modified),
        "criteria": finding.criteria,
        "condition": finding.condition,
        "cause": finding.cause,
        "consequence": finding.consequence,
        "corrective_action": finding.corrective_action,
        "response": finding.response,
        "retest": finding.retest,
        "evidence": len(finding.evidence),
    }


def _entry(entry: JournalEntry) -> dict[str, Cell]:
    return {
        "number": entry.number,
        "at": time_to_json(entry.at),
        "who": entry.who,
        "act": entry.act,
        "subject": entry.subject,
        "detail": entry.detail,
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _remark(remark: Remark) -> dict[str, Cell]:
    return {
        "number": remark.number,
        "kind": remark.kind.value,
        "place": remark.place,
        "text": remark.text,
        "who": remark.who,
        "at": time_to_json(remark.at),
        "sha256": remark.on.sha256,
    }


def _signature(found: SignatureVerdict) -> dict[str, Cell]:
    return {
        "indication": found.indication.value,
        "code": found.code,
        "signer": found.signer,
        "fingerprint": found.fingerprint,
        "trusted_by": found.trusted_by,
        "covers": found.covers,
        "time": time_to_json(found.time),
    }
