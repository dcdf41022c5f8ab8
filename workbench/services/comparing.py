"""Compare two exports of one catalog: what was added, removed, renamed, changed in between."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.analysis import diff
from workbench.analysis.snapshot import Snapshot
from workbench.errors import UsageError
from workbench.evidence.drop import open_drop
from workbench.evidence.limits import LIMITS
from workbench.evidence.subject import Subject
from workbench.evidence.text import visible
from workbench.formats.sniff import catalog_reader
from workbench.formats.table import sort_out
from workbench.model.case import EvidenceRef, Finding
from workbench.model.case_source import CaseSource
from workbench.model.catalog import DOUBTS, as_it_reads
from workbench.model.difference import Change, Compared, Difference
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem
from workbench.store import catalog, sources
from workbench.store.case_store import CaseStore
from workbench.verify.chain import library

#: Differences that a finding names; its evidence has all of them.
MOST_NAMED = 20


def compare(earlier: Path, later: Path, *, progress: Progress, cancel: Cancel) -> Compared:
    """Return how the catalog at ``later`` differs from the one at ``earlier``.

    Raises:
        UsageError: there is not exactly one catalog at a path.
        SourceError: a path cannot be read.
        Cancelled: the user stopped it.
    """
    before, first, lost = _read(earlier, progress, cancel)
    after, second, missing = _read(later, progress, cancel)
    found = diff.compare(before, after, cancel=cancel)
    told = tuple(f"{earlier}: {sentence}" for sentence in lost)
    told += tuple(f"{later}: {sentence}" for sentence in missing)
    return replace(found, earlier=first, later=second, problems=told)


def compare_kept(case: CaseStore, earlier: int, later: int, *, cancel: Cancel) -> Compared:
    """Return how one source of a case differs from another, as they were read at intake.

    Raises:
        UsageError: a source is none of the case, or no catalog.
        Cancelled: the user stopped it.
    """
    before, after = (_kept(case, number, cancel) for number in (earlier, later))
    found = diff.compare(before[0], after[0], cancel=cancel)
    return replace(found, earlier=before[1].path, later=after[1].path)


def catalogs(case: CaseStore) -> list[CaseSource]:
    """Return the sources of a case that hold things, also those that others took the place of."""
    with case.reading() as session:
        every = sources.every(session, superseded=True)
    return [source for source in every if source.tells_things]


def finding_of(case: CaseStore, numbers: tuple[int, int], chosen: Sequence[Difference]) -> Finding:
    """Return the draft of a finding about differences, with both sides as its evidence."""
    with case.reading() as session:
        sides = [sources.get(session, number) for number in numbers]
    names = [visible(each.name or as_it_reads(each.key)) for each in chosen[:MOST_NAMED]]
    more = f" and {len(chosen) - MOST_NAMED:,} more" if len(chosen) > MOST_NAMED else ""
    told = "; ".join(visible(said(each)) for each in chosen[:MOST_NAMED])
    places = [
        EvidenceRef(source.sha256, place, visible(each.name or as_it_reads(each.key)))
        for each in chosen
        for source, place in zip(sides, (each.earlier, each.later), strict=True)
        if place is not None
    ]
    return Finding(
        id="",
        title=f"Differs between two exports: {', '.join(dict.fromkeys(names))}{more}",
        condition=f"Between {sides[0].display} and {sides[1].display}: {told}{more}.",
        evidence=tuple(dict.fromkeys(places)),
        origin="diff",
    )


def said(each: Difference) -> str:
    """Return a difference in a few words."""
    what = f"{each.kind} {each.name or as_it_reads(each.key)}"
    if each.change is Change.RENAMED:
        return f"{what} was renamed from {each.before} to {each.after}"
    if not each.field:
        return f"{what} was {each.change.value}"
    before, after = (side if side is not None else "nothing" for side in (each.before, each.after))
    return f"{what}, {each.field}: {before} before, {after} after"


def _read(path: Path, progress: Progress, cancel: Cancel) -> tuple[Snapshot, str, list[str]]:
    with open_drop([path], cancel=cancel, progress=progress) as drop:
        table = sort_out(drop, library.shipped(), cancel=cancel)
        subject = _the_catalog(path, table.subjects)
        reader = catalog_reader(subject.format)
        if reader is None:
            raise UsageError(f"{path} holds no catalog.", path=str(path))
        snapshot, lost = Snapshot(), []
        for record in reader.read(subject, limits=LIMITS, cancel=cancel, progress=progress):
            if not isinstance(record, Problem):
                snapshot.add(record)
            elif record.code not in DOUBTS:  # of what is doubtful all was read
                lost.append(f"{record.message} ({record.locator})")
        return snapshot, str(path), lost


def _the_catalog(path: Path, subjects: Iterable[Subject]) -> Subject:
    found = [each for each in subjects if catalog_reader(each.format) and not each.base]
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.path for each in found[:5])
    said = f"holds {len(found):,} catalogs ({names}): name one of them" if found else "holds none"
    raise UsageError(f"One catalog is compared with one; {path} {said}.", path=str(path))


def _kept(case: CaseStore, number: int, cancel: Cancel) -> tuple[Snapshot, CaseSource]:
    snapshot = Snapshot()
    with case.reading() as session:
        source = sources.get(session, number)
        for thing in catalog.every_thing(session, sources=[number]):
            cancel.check()
            snapshot.add(thing.thing)
        for edge in catalog.every_relation(session, sources=[number]):
            cancel.check()
            snapshot.add(edge.relation)
    if not snapshot.things:
        raise UsageError(f"Source {number} ({source.path}) holds no things to compare.")
    return snapshot, source
