"""Add evidence to a case: sort it out, hash it, read its catalogs and events, put it on record.

Evidence is never copied and never changed. One act, whole or not at all: a source is on record
with its digest, its catalog and its events, or it is not in the case.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.drop import open_drop
from workbench.evidence.strict_json import JsonValue
from workbench.formats.entry import Choice
from workbench.formats.table import sort_out
from workbench.model.case import CaseChanges, ControlTotal, Custody
from workbench.model.case_source import CaseSource, Delivery, SourceFile
from workbench.model.contract import time_to_json
from workbench.model.event_mapping import EventMapping
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role
from workbench.services.cases.catalogs import is_catalog, read_catalog, with_inventory
from workbench.services.cases.delivered import Delivered, everything_on
from workbench.services.cases.index import Indexer
from workbench.store import evidence_keys, index_files, sources
from workbench.store.case_store import Act, CaseStore
from workbench.store.catalog import CatalogWriter
from workbench.store.places import label_for, name_of
from workbench.verify.chain import library
from workbench.verify.listing import digest_of_listing
from workbench.verify.pool import workers

#: More sources than these are told to the journal by one digest over their list.
_MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Stated:
    """What the auditor says about a delivery.

    Attributes:
        custody: how it came.
        supersedes: path of the source, or label of the delivery, in whose place it was
            delivered; "": only of what lay at the very same path.
        totals: control totals by path of the source (or the end of it), "" for the only subject.
        mappings: how events of logs are read that no format describes.
    """

    custody: Custody = field(default_factory=Custody)
    supersedes: str = ""
    totals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    mappings: tuple[EventMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding evidence.

    Attributes:
        changes: what views have to read again.
        deliveries: labels, in the order of the paths.
        added: sources that are new, in order.
        unchanged: sources that were in the case already, with the same digest.
        superseded: sources in whose place new ones were delivered.
    """

    changes: CaseChanges
    deliveries: tuple[str, ...]
    added: tuple[CaseSource, ...]
    unchanged: tuple[CaseSource, ...] = ()
    superseded: tuple[CaseSource, ...] = ()


def add_evidence(
    case: CaseStore,
    paths: Sequence[Path],
    *,
    stated: Stated | None = None,
    chains_later: bool = False,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None = None,
) -> Added:
    """Add what lies at ``paths``.

    Args:
        case: open for writing.
        paths: files, folders or archives.
        stated: what the auditor says about them.
        chains_later: leave the events of hash-chained logs to the verification that follows,
            which reads them anyway.
        progress: told how far the work is.
        cancel: checked once a batch.
        executor: runs pieces of logs; None: processes of its own.

    Raises:
        UsageError: a path lies in the case, or around what is in it, or what is stated fits
            nothing.
        SourceError: a path cannot be read.
        StoreError: it could not be recorded; the case is as it was.
        Cancelled: the user stopped it; nothing was added.
    """
    said = stated or Stated()
    plan = _plan(case, paths, said)
    with ExitStack() as stack:
        names = [name_of(delivery.label) for delivery in plan.deliveries]
        opening = open_drop(plan.places, names=names, cancel=cancel, progress=progress)
        drop = stack.enter_context(opening)
        table = sort_out(drop, library.shipped(), Choice(mappings=said.mappings))
        found = list(everything_on(table, drop, progress=progress, cancel=cancel))
        sorted_out = _compared(plan, found, said)
        pool = executor or stack.enter_context(workers())
        indexer = Indexer(case, executor=pool, progress=progress, cancel=cancel)
        stack.callback(indexer.abandon)
        new = [
            indexer.take(source, delivered, chains_later=chains_later)
            for source, delivered in sorted_out.new
        ]
        return _recorded(case, plan, replace(sorted_out, new=new), indexer, progress, cancel)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What will be put on record, before anything is read."""

    deliveries: tuple[Delivery, ...]
    places: tuple[Path, ...]
    known: tuple[CaseSource, ...]
    first_source: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _SortedOut:
    """What lies on the table, compared with what the case has."""

    new: list[tuple[CaseSource, Delivered]]
    unchanged: list[CaseSource]
    replaced: dict[int, list[CaseSource]]


def _plan(case: CaseStore, paths: Sequence[Path], said: Stated) -> _Plan:
    places = tuple(dict.fromkeys(_resolved(case, path) for path in paths))
    with case.reading() as session:
        known = sources.deliveries(session)
        delivery, source = sources.next_ids(session)
        everything = tuple(sources.every(session))
    at = case.clock()
    deliveries: list[Delivery] = []
    for number, (path, place) in enumerate(zip(paths, places, strict=False), delivery):
        _require_apart(place, [*known, *deliveries])
        before = next((d for d in known if Path(d.place) == place), None)
        label = before.label if before else label_for(place, [*known, *deliveries])
        deliveries.append(
            Delivery(number, label, str(path), str(place), said.custody, at, case.who)
        )
    return _Plan(tuple(deliveries), places, everything, source, at)


def _resolved(case: CaseStore, path: Path) -> Path:
    try:
        place = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{path} cannot be read: {reason}.", path=str(path)) from error
    folder = case.folder.resolve()
    if place.is_relative_to(folder) or folder.is_relative_to(place):
        raise UsageError(f"{path} and the case lie in one another: evidence is kept apart from it.")
    return place


def _require_apart(place: Path, known: Sequence[Delivery]) -> None:
    for delivery in known:
        other = Path(delivery.place)
        if place != other and (place.is_relative_to(other) or other.is_relative_to(place)):
            raise UsageError(
                f"{place} and {other}, which is in the case as {delivery.label}, lie in one "
                f"another. Add {other} again to take in what changed."
            )


def _compared(plan: _Plan, found: Sequence[Delivered], said: Stated) -> _SortedOut:
    """Tell what is new, what is as it was, and what was delivered in place of what."""
    known = {(source.path, source.member): source for source in plan.known}
    sorted_out = _SortedOut([], [], {})
    for delivered in found:
        subject = delivered.subject
        before = known.get((subject.path, subject.member))
        anew = before is not None and _is_read_anew(before, delivered, said)
        if before is not None and _is_same(before, delivered) and not anew:
            sorted_out.unchanged.append(before)
            continue
        number = plan.first_source + len(sorted_out.new)
        sorted_out.new.append((_source(plan, number, delivered), delivered))
        old = [before, *_meant(plan, said, delivered)]
        sorted_out.replaced[number] = [s for s in old if s is not None]
    if said.supersedes and not any(sorted_out.replaced.values()):
        raise UsageError(f"Nothing that was delivered takes the place of {said.supersedes}.")
    _require_fitting(said.totals, [delivered for _, delivered in sorted_out.new])
    return replace(sorted_out, new=[(_with_totals(s, d, said), d) for s, d in sorted_out.new])


def _is_same(before: CaseSource, delivered: Delivered) -> bool:
    """Tell whether a source was delivered again as it was; without bytes, by what it is."""
    if before.sha256 or delivered.sha256:
        return before.sha256 == delivered.sha256
    codes = ({p.code for p in before.problems}, {p.code for p in delivered.problems})
    return before.role is delivered.role and codes[0] == codes[1]


def _is_read_anew(before: CaseSource, delivered: Delivered, said: Stated) -> bool:
    """Tell whether a log that is in the case is read by another mapping that the user brings."""
    mapping = delivered.subject.mapping
    return mapping is not None and mapping in said.mappings and mapping.text != before.mapping


def _meant(plan: _Plan, said: Stated, delivered: Delivered) -> Iterator[CaseSource]:
    """Yield the sources that the auditor says this one was delivered in place of."""
    if not said.supersedes:
        return
    subject = delivered.subject
    rest = subject.path.removeprefix(_delivery(plan, subject.path).label)
    wanted = said.supersedes.rstrip("/") + rest
    yield from (s for s in plan.known if (s.path, s.member) == (wanted, subject.member))


def _delivery(plan: _Plan, path: str) -> Delivery:
    """Return the delivery that a path of the drop belongs to."""
    for delivery in plan.deliveries:
        if path == delivery.label or path.startswith(f"{delivery.label}/"):
            return delivery
    return plan.deliveries[0]  # "." where a whole drop is one subject


def _source(plan: _Plan, number: int, delivered: Delivered) -> CaseSource:
    subject = delivered.subject
    return CaseSource(
        id=number,
        delivery=_delivery(plan, subject.path).id,
        path=subject.path,
        member=subject.member,
        role=delivered.role,
        sha256=delivered.sha256,
        size=delivered.size,
        format=subject.format,
        added=plan.at,
        version=delivered.version,
        container=subject.container,
        pairs_with=delivered.pairs_with,
        files=len(delivered.files),
        counts={"files": len(delivered.files)} if subject.base else {},
        cannot_show=delivered.cannot_show,
        problems=delivered.problems,
    )


def _require_fitting(totals: Mapping[str, Mapping[str, int]], found: Sequence[Delivered]) -> None:
    for path in totals:
        fitting = [d.subject.path for d in found if _fits(path, d)]
        if len(fitting) != 1:
            named = f" for {path}" if path else ""
            raise UsageError(
                f"Control totals{named} must be about one new subject; there are {len(fitting)}."
            )


def _fits(path: str, delivered: Delivered) -> bool:
    name = delivered.subject.path
    named = not path or name == path or name.endswith(f"/{path}")
    return delivered.role is Role.SUBJECT and named


def _with_totals(source: CaseSource, delivered: Delivered, said: Stated) -> CaseSource:
    stated = [
        ControlTotal(name, number)
        for path, numbers in said.totals.items()
        if _fits(path, delivered)
        for name, number in numbers.items()
    ]
    return replace(source, totals=tuple(stated))


def _recorded(
    case: CaseStore,
    plan: _Plan,
    sorted_out: _SortedOut,
    indexer: Indexer,
    progress: Progress,
    cancel: Cancel,
) -> Added:
    """Put everything on record in one act."""
    labels = tuple(delivery.label for delivery in plan.deliveries)
    segment = indexer.finish()
    name = "evidence.add" if sorted_out.new else "evidence.again"
    with case.acting(name, subject=", ".join(labels)) as act:
        for delivery in plan.deliveries:
            sources.add_delivery(act.session, delivery)
        files = [(source, _files(plan, delivered)) for source, delivered in sorted_out.new]
        sources.add(act.session, files)
        for number, old in sorted_out.replaced.items():
            sources.supersede(act.session, old=[source.id for source in old], new=number)
        lay = {key: s.display for s, delivered in sorted_out.new for key in delivered.keys}
        evidence_keys.remember(act.session, lay, at=act.at)
        for source, delivered in sorted_out.new:
            _keep_catalog(act, source, delivered, progress, cancel)
        if segment is not None:
            index_files.put(act.session, case.index_folder, segment, at=act.at)
        act.detail = _told(plan, sorted_out)
        act.areas = {"sources", "events", "things"}
    return _added(case, act, labels, sorted_out)


def _files(plan: _Plan, delivered: Delivered) -> list[SourceFile]:
    """Return the files of a source; the one that is a delivery itself has no names below it."""
    labels = {delivery.label for delivery in plan.deliveries}
    return [replace(f, parts=()) if f.path in labels else f for f in delivered.files]


def _keep_catalog(
    act: Act, source: CaseSource, delivered: Delivered, progress: Progress, cancel: Cancel
) -> None:
    if is_catalog(delivered.subject):
        writer = CatalogWriter(act.session, source.id)
        found = read_catalog(delivered.subject, writer, progress=progress, cancel=cancel)
        sources.recount(act.session, with_inventory(source, found))


def _told(plan: _Plan, sorted_out: _SortedOut) -> dict[str, JsonValue]:
    """Return what the journal says of an intake: each digest, or of many one over their list."""
    new = [source for source, _ in sorted_out.new]
    told: dict[str, JsonValue] = {
        "deliveries": [_delivery_told(delivery) for delivery in plan.deliveries],
        "totals": {
            s.display: {total.name: total.stated for total in s.totals} for s in new if s.totals
        },
        "unchanged": len(sorted_out.unchanged),
        "superseded": [s.display for old in sorted_out.replaced.values() for s in old],
    }
    if len(new) <= _MOST_TOLD:
        told["sources"] = [
            {"path": s.display, "role": s.role.value, "sha256": s.sha256, "bytes": s.size}
            for s in new
        ]
    else:
        told["sources"] = len(new)
        told["list_sha256"] = digest_of_listing((s.display, s.sha256) for s in new)
    return told


def _delivery_told(delivery: Delivery) -> dict[str, JsonValue]:
    custody = delivery.custody
    return {
        "label": delivery.label,
        "place": delivery.place,
        "from": custody.received_from,
        "received": time_to_json(custody.received_at),
        "how": custody.received_how,
        "note": custody.note,
    }


def _added(case: CaseStore, act: Act, labels: tuple[str, ...], sorted_out: _SortedOut) -> Added:
    with case.reading() as session:
        added = tuple(sources.get(session, source.id) for source, _ in sorted_out.new)
    gone = tuple(source for old in sorted_out.replaced.values() for source in old)
    return Added(act.changes, labels, added, tuple(sorted_out.unchanged), gone)
