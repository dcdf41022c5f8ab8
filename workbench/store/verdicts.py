"""Verdicts as they were given: the document whole, and what lists and marks ask for in columns."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from workbench.evidence.strict_json import parse
from workbench.model.case_source import ListedVerdict
from workbench.model.contract import verification_to_json
from workbench.model.contract_reading import verification_of
from workbench.model.kept import KeptSignature
from workbench.model.locator import Locator
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    DiagnosisClass,
    Dimension,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    SubjectVerdict,
    indeterminate,
    worst,
)
from workbench.model.verification import SourceVerdict, Verification
from workbench.store import journal
from workbench.store.marks import Marks, broken_records, marks_of
from workbench.store.tables import (
    AssuranceRow,
    DiagnosisRow,
    SourceRow,
    VerdictRow,
    VerificationRow,
)

#: Member of ``Session.info``: verifications up to this number may have been changed since.
DOUBTED = "doubted"

_Verdict = TypeVar("_Verdict", ListedVerdict, SubjectVerdict)

#: Path and member of a source, as a verification calls it.
Called = tuple[str, str | None]


def put(
    session: Session,
    verification: Verification,
    sources: Mapping[Called, int],
    *,
    done: datetime,
    who: str,
) -> int:
    """Keep a verification; ``sources`` says which source of the case each verdict is about."""
    row = VerificationRow(
        at=verification.at,
        done=done,
        who=who,
        exit=verification.exit_code,
        required=[dimension.value for dimension in verification.required],
        keys_in_evidence=dict(verification.keys_in_evidence),
        document=json.dumps(verification_to_json(verification), ensure_ascii=True),
    )
    session.add(row)
    session.flush()
    for found in verification.subjects:
        source = sources.get((found.path, found.member))
        if source is not None and found.verdict is not None:
            _put_verdict(session, row.id, source, found.verdict)
    return row.id


def latest(session: Session) -> Verification | None:
    """Return the newest verification, or None where there was none yet."""
    newest = select(VerificationRow).order_by(VerificationRow.id.desc()).limit(1)
    row = session.scalars(newest).first()
    return None if row is None else _verification(session, row)


def get(session: Session, number: int) -> Verification | None:
    """Return a verification by its number."""
    row = session.get(VerificationRow, number)
    return None if row is None else _verification(session, row)


def last(session: Session) -> int:
    """Return the number of the newest verification, or 0."""
    return session.scalar(select(func.max(VerificationRow.id))) or 0


def newest_on(session: Session, source: int) -> int | None:
    """Return the number of the newest verification that judged a source, or None."""
    wanted = select(func.max(VerdictRow.verification_id)).where(VerdictRow.source_id == source)
    return session.scalar(wanted)


def version_of(session: Session, number: int) -> str:
    """Return which version of the program made a verification, or "" where it does not say."""
    row = session.get(VerificationRow, number)
    said = None if row is None else parse(row.document.encode(), what="the kept verification")
    tool = said.get("tool") if isinstance(said, dict) else None
    version = tool.get("version") if isinstance(tool, dict) else None
    return version if isinstance(version, str) else ""


def judged(session: Session) -> set[int]:
    """Return the sources that the newest verification judged."""
    wanted = select(VerdictRow.source_id).where(VerdictRow.verification_id == last(session))
    return set(session.scalars(wanted))


def history(session: Session) -> list[tuple[int, datetime, int]]:
    """Return number, time of trust and exit code of each verification, the newest first."""
    wanted = select(VerificationRow.id, VerificationRow.at, VerificationRow.exit)
    return [
        (n, at, code) for n, at, code in session.execute(wanted.order_by(VerificationRow.id.desc()))
    ]


def listed(session: Session) -> dict[int, ListedVerdict]:
    """Return the newest verdict on each source that was ever judged."""
    wanted = (
        select(VerdictRow, VerificationRow.at)
        .join(VerificationRow, VerificationRow.id == VerdictRow.verification_id)
        .where(VerdictRow.id.in_(_newest()))
    )
    return {
        row.source_id: _believed(session, row.verification_id, _listed(row, at))
        for row, at in session.execute(wanted)
    }


def integrity(session: Session) -> dict[int, Indication]:
    """Return what the newest verdict on each source says of its integrity.

    None of them is PASSED where something that bears on verdicts was done since.
    """
    held = Indication.INDETERMINATE if journal.stale(session) else Indication.PASSED
    said = {source: found.integrity.indication for source, found in listed(session).items()}
    return {n: held if found is Indication.PASSED else found for n, found in said.items()}


def marks(session: Session) -> dict[int, Marks]:
    """Return what the newest verdict on each source says of its records.

    Where something that bears on verdicts was done since, nobody vouches for any of them.
    """
    newest = session.execute(
        select(VerdictRow.id, VerdictRow.source_id, VerdictRow.verification_id).where(
            VerdictRow.id.in_(_newest())
        )
    ).all()
    sources = {row.id: row.source_id for row in newest}
    stale = bool(journal.stale(session))
    believed = {
        row.id for row in newest if not stale and not _is_doubted(session, row.verification_id)
    }
    ranges: dict[int, list[AssuranceRange]] = {}
    for part in session.scalars(select(AssuranceRow).where(AssuranceRow.verdict_id.in_(believed))):
        ranges.setdefault(part.verdict_id, []).append(_range(part))
    found: dict[int, list[tuple[DiagnosisClass, int | None]]] = {}
    for row in session.scalars(select(DiagnosisRow).where(DiagnosisRow.verdict_id.in_(sources))):
        found.setdefault(row.verdict_id, []).append((DiagnosisClass(row.kind), row.record))
    return {
        source: marks_of(ranges.get(verdict, []), broken_records(found.get(verdict, [])))
        for verdict, source in sources.items()
    }


def signatures(session: Session) -> list[KeptSignature]:
    """Return every signature of the newest verification with the source it was judged for.

    None of them is PASSED where the verification may have been changed since, or where something
    that bears on verdicts was done.
    """
    found = latest(session)
    named = {
        (row.path, row.member): row.id
        for row in session.scalars(select(SourceRow).order_by(SourceRow.id))
    }
    code = Code.CASE_CHANGED if _is_doubted(session, last(session)) else None
    doubted = code is not None or bool(journal.stale(session))
    kept: list[KeptSignature] = []
    for subject in found.subjects if found else ():
        source = named.get((subject.path, subject.member), 0)
        path = str(Locator(subject.path, subject.member))
        for each in subject.verdict.signatures if subject.verdict else ():
            said = _doubtful(each, code) if doubted else each
            kept.append(KeptSignature(len(kept) + 1, source, path, said))
    return kept


def _doubtful(signature: SignatureVerdict, code: Code | None) -> SignatureVerdict:
    if signature.indication is not Indication.PASSED:
        return signature
    return replace(signature, indication=Indication.INDETERMINATE, code=code)


def _is_doubted(session: Session, verification: int) -> bool:
    return verification <= int(session.info.get(DOUBTED, 0))


def _believed(session: Session, verification: int, verdict: ListedVerdict) -> ListedVerdict:
    """Return a verdict, without anything PASSED where it may not be what was found then."""
    return changed(verdict) if _is_doubted(session, verification) else verdict


def changed(verdict: _Verdict, *dimensions: Dimension) -> _Verdict:
    """Return a verdict in which nothing PASSED: the case was changed by other means.

    ``dimensions``: those that it bears on; by default all four.
    """
    bearing = dimensions or tuple(Dimension)
    return replace(
        verdict,
        integrity=_held_back(verdict.integrity, bears=Dimension.INTEGRITY in bearing),
        authenticity=_held_back(verdict.authenticity, bears=Dimension.AUTHENTICITY in bearing),
        completeness=_held_back(verdict.completeness, bears=Dimension.COMPLETENESS in bearing),
        time=_held_back(verdict.time, bears=Dimension.TIME in bearing),
    )


def changed_subject(verdict: SubjectVerdict, *dimensions: Dimension) -> SubjectVerdict:
    """Return a verdict in which nothing PASSED, nor anybody vouches for a record."""
    return replace(changed(verdict, *dimensions), assurance=())


def _held_back(part: DimensionVerdict, *, bears: bool) -> DimensionVerdict:
    held = worst((part, indeterminate(Code.CASE_CHANGED)))
    if not bears or held.indication is not Indication.INDETERMINATE:
        return part
    return replace(held, code=Code.CASE_CHANGED)


def _newest() -> Select[int]:
    return select(func.max(VerdictRow.id)).group_by(VerdictRow.source_id)


def _put_verdict(session: Session, verification: int, source: int, verdict: SubjectVerdict) -> None:
    columns: dict[str, str | None] = {}
    for dimension in Dimension:
        part = verdict.dimension(dimension)
        columns[dimension.value] = part.indication.value
        columns[f"{dimension.value}_code"] = part.code
    row = VerdictRow(
        verification_id=verification,
        source_id=source,
        profile=verdict.profile,
        records=verdict.records,
        diagnoses=len(verdict.diagnoses),
        **columns,
    )
    session.add(row)
    session.flush()
    session.add_all(_parts(row.id, verdict))


def _parts(row: int, verdict: SubjectVerdict) -> Iterable[DiagnosisRow | AssuranceRow]:
    for number, found in enumerate(verdict.diagnoses):
        yield DiagnosisRow(
            verdict_id=row,
            number=number,
            kind=found.kind.value,
            record=found.record,
            last=found.last,
            count=found.count,
            path=found.path,
            offset=found.offset,
            stored=found.stored,
            recomputed=found.recomputed,
        )
    for part in verdict.assurance:
        yield AssuranceRow(
            verdict_id=row,
            first=part.first,
            last=part.last,
            partition=part.partition,
            flags=sorted(flag.value for flag in part.flags),
            level=part.level,
        )


def _range(row: AssuranceRow) -> AssuranceRange:
    named = row.flags if isinstance(row.flags, list) else []
    flags = frozenset(flag for flag in AssuranceFlag if flag.value in named)
    return AssuranceRange(row.first, row.last, flags, row.partition)


def _listed(row: VerdictRow, at: datetime) -> ListedVerdict:
    def part(indication: str, code: str | None) -> DimensionVerdict:
        return DimensionVerdict(Indication(indication), code)

    return ListedVerdict(
        source=row.source_id,
        at=at,
        integrity=part(row.integrity, row.integrity_code),
        authenticity=part(row.authenticity, row.authenticity_code),
        completeness=part(row.completeness, row.completeness_code),
        time=part(row.time, row.time_code),
        profile=row.profile,
        records=row.records,
        diagnoses=row.diagnoses,
    )


def _verification(session: Session, row: VerificationRow) -> Verification:
    """Return a verification as it was given; what its document does not hold stands beside it."""
    named = row.required if isinstance(row.required, list) else []
    required = [dimension for dimension in Dimension if dimension.value in named]
    found = verification_of(parse(row.document.encode(), what="the kept verification"), required)
    keys = row.keys_in_evidence if isinstance(row.keys_in_evidence, dict) else {}
    lasts = _lasts(session, row.id)
    told = (_with_lasts(s, lasts.get((s.path, s.member), {})) for s in found.sources)
    return replace(
        found,
        keys_in_evidence={key: str(file) for key, file in keys.items()},
        sources=tuple(
            replace(s, verdict=changed_subject(s.verdict))
            if s.verdict and _is_doubted(session, row.id)
            else s
            for s in told
        ),
    )


def _lasts(session: Session, verification: int) -> dict[Called, dict[int, int]]:
    """Return the last record of each diagnosis that is known as a range, by source and number."""
    wanted = (
        select(SourceRow.path, SourceRow.member, DiagnosisRow.number, DiagnosisRow.last)
        .join(VerdictRow, VerdictRow.source_id == SourceRow.id)
        .join(DiagnosisRow, DiagnosisRow.verdict_id == VerdictRow.id)
        .where(VerdictRow.verification_id == verification, DiagnosisRow.last.is_not(None))
    )
    lasts: dict[Called, dict[int, int]] = {}
    for path, member, number, last in session.execute(wanted):
        lasts.setdefault((path, member), {})[number] = last or 0
    return lasts


def _with_lasts(source: SourceVerdict, lasts: Mapping[int, int]) -> SourceVerdict:
    if source.verdict is None or not lasts:
        return source
    told = (replace(d, last=lasts.get(n)) for n, d in enumerate(source.verdict.diagnoses))
    return replace(source, verdict=replace(source.verdict, diagnoses=tuple(told)))
