"""Rows of the lists of a case by their keys, as words of the model."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench.model.kept import KeptDiagnosis, Listed
from workbench.model.query_fields import Area
from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.store import catalog, given, sources
from workbench.store.findings import finding_of
from workbench.store.journal import entry_of
from workbench.store.tables import DiagnosisRow, FindingRow, JournalRow, VerdictRow

_ByKey = Mapping[int | str, Listed]


def rows_of(session: Session, area: Area, keys: Sequence[int | str]) -> list[Listed]:
    """Return rows by their keys, in that order."""
    found = _READERS[area](session, keys)
    return [found[key] for key in keys if key in found]


def _things(session: Session, keys: Sequence[int | str]) -> _ByKey:
    return {kept.id: kept for kept in catalog.things(session, map(int, keys))}


def _relations(session: Session, keys: Sequence[int | str]) -> _ByKey:
    return {kept.id: kept for kept in catalog.relations(session, map(int, keys))}


def _sources(session: Session, keys: Sequence[int | str]) -> _ByKey:
    return {source.id: source for source in sources.every(session) if source.id in keys}


def _diagnoses(session: Session, keys: Sequence[int | str]) -> _ByKey:
    wanted = (
        select(DiagnosisRow, VerdictRow.source_id)
        .join(VerdictRow, VerdictRow.id == DiagnosisRow.verdict_id)
        .where(DiagnosisRow.id.in_(keys))
    )
    return {
        row.id: KeptDiagnosis(
            row.id,
            source,
            Diagnosis(
                DiagnosisClass(row.kind),
                record=row.record,
                last=row.last,
                count=row.count,
                path=row.path,
                offset=row.offset,
                stored=row.stored,
                recomputed=row.recomputed,
            ),
        )
        for row, source in session.execute(wanted)
    }


def _findings(session: Session, keys: Sequence[int | str]) -> _ByKey:
    rows = session.scalars(select(FindingRow).where(FindingRow.id.in_(keys)))
    return {row.id: finding_of(row) for row in rows}


def _journal(session: Session, keys: Sequence[int | str]) -> _ByKey:
    rows = session.scalars(select(JournalRow).where(JournalRow.number.in_(keys)))
    return {row.number: entry_of(row) for row in rows}


def _notes(session: Session, keys: Sequence[int | str]) -> _ByKey:
    return {said.number: said for said in given.remarks_of(session) if said.number in keys}


def _signatures(session: Session, keys: Sequence[int | str]) -> _ByKey:
    return {kept.id: kept for kept in given.signatures_of(session) if kept.id in keys}


_READERS: Mapping[Area, Callable[[Session, Sequence[int | str]], _ByKey]] = {
    Area.THINGS: _things,
    Area.RELATIONS: _relations,
    Area.SOURCES: _sources,
    Area.DIAGNOSES: _diagnoses,
    Area.FINDINGS: _findings,
    Area.JOURNAL: _journal,
    Area.NOTES: _notes,
    Area.SIGNATURES: _signatures,
}
