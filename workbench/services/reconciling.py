"""Hold the catalogs of a case against its logs and its files, and make findings of what differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbench.analysis import linked, of_case
from workbench.analysis.reconcile import reconcile as reconciled
from workbench.analysis.three_sides import CatalogFact, Facts, FileFact, LogFact
from workbench.analysis.touching import QUERY
from workbench.evidence.text import visible
from workbench.model.case import EvidenceRef, Finding, Severity
from workbench.model.case_source import CaseSource, SourceFile
from workbench.model.event import EventOrder, EventSort, IndexedEvent
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.reconciliation import Line, Mismatch, Reconciled
from workbench.model.source import Role
from workbench.store import sources, verdicts
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events
from workbench.store.soundness import require_derivable

#: Events that name artifacts; a log that claims more of them is not read to its end.
MOST_EVENTS = 200_000
#: Lines that a finding names; its evidence has all of them.
MOST_NAMED = 20
_PROOF = frozenset({Role.SIGNATURE, Role.ANCHOR, Role.TRUST})


def reconcile(case: CaseStore, *, cancel: Cancel) -> Reconciled:
    """Return every difference between catalogs, logs and files of a case.

    Raises:
        StoreError: the case is not what its journal recorded.
        Cancelled: the user stopped it.
    """
    require_derivable(case.look_again())
    facts, notes = _facts(case, cancel)
    found = reconciled(facts, cancel=cancel)
    return Reconciled(found.sides, found.comparisons, found.lines, (*found.notes, *notes))


def finding_of(lines: Sequence[Line]) -> Finding:
    """Return the draft of a finding about differences of one kind, its evidence linked."""
    mismatch = lines[0].mismatch
    named = ", ".join(visible(line.name) for line in lines[:MOST_NAMED])
    more = f" and {len(lines) - MOST_NAMED:,} more" if len(lines) > MOST_NAMED else ""
    said = f" {visible(lines[0].detail)}" if len(lines) == 1 else ""
    doubts = sorted({line.doubt for line in lines if line.doubt})
    return Finding(
        id="",
        title=f"{mismatch.heading}: {named}{more}" if len(lines) == 1 else mismatch.heading,
        severity=Severity.MEDIUM if all(line.doubt for line in lines) else Severity.HIGH,
        criteria=CRITERIA[mismatch],
        condition=" ".join([f"{len(lines):,} found: {named}{more}.{said}", *doubts]),
        evidence=tuple(_refs(lines)),
        origin=f"reconciliation {mismatch}",
    )


CRITERIA: Mapping[Mismatch, str] = {
    Mismatch.NO_CREATION_EVENT: "Whatever is registered is recorded in the log when it is made.",
    Mismatch.UNKNOWN_ARTIFACT: "Whatever the log speaks of is described in a catalog.",
    Mismatch.DIGEST_CHANGED: "What an artifact holds changes only with a record of the change.",
    Mismatch.DELETED_BUT_IN_CATALOG: "What was deleted is described as deleted.",
    Mismatch.DELETED_BUT_IN_FILES: "What was deleted is not there any more.",
    Mismatch.FILE_MISSING: "What the catalog describes is kept.",
    Mismatch.FILE_DIGEST_DIFFERS: "A file holds what its catalog states of it.",
    Mismatch.FILE_SIZE_DIFFERS: "A file holds what its catalog states of it.",
    Mismatch.FILE_UNKNOWN: "Every file among artifacts is described in a catalog.",
    Mismatch.APPROVED_AFTER_DEPLOYMENT: "A version is approved before it is deployed.",
    Mismatch.DEPLOYED_WITHOUT_APPROVAL: "A version is approved before it is deployed.",
    Mismatch.LOST_IN_EXPORT: "An export holds everything that its store held.",
    Mismatch.STAGE_AGAINST_ALIAS: "Stage and alias of a version say the same.",
}


def _refs(lines: Iterable[Line]) -> Iterable[EvidenceRef]:
    places = (
        EvidenceRef(place.ref.sha256, place.ref.locator, f"{place.side.value}: {line.name}")
        for line in lines
        for place in line.places
        if place.ref.sha256
    )
    return dict.fromkeys(places)


def _facts(case: CaseStore, cancel: Cancel) -> tuple[Facts, list[str]]:
    with case.reading() as session:
        every = sources.every(session)
        known, notes = linked.once(every)
        files = list(sources.every_file(session))
        failed = verdicts.marks(session)
    ids = {source.id for source in known}
    graph = of_case.read(case, cancel=cancel).only(ids)
    events = _events(case, ids)
    logs = _logs(case, known, {event.source for event in events})
    if len(events) > MOST_EVENTS:
        notes.append(f"Only the first {MOST_EVENTS:,} events that name artifacts were compared.")
    broken = [s.display for s in known if s.id in logs and s.id in failed and failed[s.id].broken]
    notes += [
        f"{name} holds broken records: what it lacks may have been in them." for name in broken
    ]
    described = {node[0] for node in graph.things}
    facts = Facts(
        things=graph.things,
        relations=graph.placements,
        catalogs={s.id: _catalog(s) for s in known if s.id in described},
        logs=logs,
        events=tuple(events[:MOST_EVENTS]),
        files=tuple(_files(every, files, described)),
        alternates=linked.alternates_among(case, graph.things, cancel=cancel),
    )
    return facts, notes


def _catalog(source: CaseSource) -> CatalogFact:
    parts = _parts(source.path, source.member)
    return CatalogFact(source.id, source.display, source.sha256, parts[:-1], source.format)


def _parts(path: str, member: str | None) -> tuple[str, ...]:
    return tuple(name for name in (*path.split("/"), *(member or "").split("/")) if name)


def _events(case: CaseStore, ids: set[int]) -> list[IndexedEvent]:
    order = EventOrder(EventSort.RECORD)
    return Events(case, QUERY, sources=ids).page(first=0, count=MOST_EVENTS + 1, order=order)


def _logs(case: CaseStore, known: Iterable[CaseSource], telling: set[int]) -> Mapping[int, LogFact]:
    """Return the logs; of those that name artifacts also from when to when they go."""
    return {
        s.id: _log(case, s) if s.id in telling else LogFact(s.id, s.display, s.events)
        for s in known
        if s.events
    }


def _log(case: CaseStore, source: CaseSource) -> LogFact:
    asked = Events(case, "time:*", sources={source.id})
    ends = [
        found[0].event.time_ns if found else None
        for descending in (False, True)
        for found in [asked.page(first=0, count=1, order=EventOrder(EventSort.TIME, descending))]
    ]
    return LogFact(source.id, source.display, source.events or 0, ends[0], ends[1])


def _files(
    known: Iterable[CaseSource], held: Iterable[tuple[int, SourceFile]], described: set[int]
) -> Iterator[FileFact]:
    """Yield the files of a case; those of a log, a catalog or a signature are proof material."""
    by_id = {source.id: source for source in known if source.format != "archive"}
    for number, file in held:
        source = by_id.get(number)
        if source is not None:
            is_proof = source.role in _PROOF or number in described or bool(source.events)
            yield FileFact(
                number, source.sha256, _parts(file.path, file.member), file.sha256, file.size,
                Locator(file.path, file.member), is_proof,
            )  # fmt: skip
