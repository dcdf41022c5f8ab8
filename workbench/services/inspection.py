"""Say what a drop holds and what it cannot show, before anything is judged."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.errors import SourceError
from workbench.evidence.drop import Drop, open_drop
from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.limits import LIMITS
from workbench.evidence.links import Link
from workbench.evidence.subject import Subject
from workbench.formats.entry import Choice, Entry
from workbench.formats.reader import Account, Recognition
from workbench.formats.sniff import event_reader, lineage_reader
from workbench.formats.table import Table, sort_out
from workbench.formats.tally import Inventory, inventory, inventory_of_events
from workbench.model.event_mapping import EventMapping
from workbench.model.expectation import Expectation
from workbench.model.inspection import Count, InspectedSource, Inspection
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role, problems_at
from workbench.model.trust import Trust
from workbench.verify.chain import library
from workbench.verify.listing import listing_digest
from workbench.verify.verifier import Bench

_LINES = {"chain", "log"}
_NO_SIGNATURE = ("who made the model and whether it was changed: no signature lies with it",)


def inspect(
    paths: Sequence[Path],
    *,
    trust: Trust,
    mappings: Sequence[EventMapping] = (),
    progress: Progress,
    cancel: Cancel,
) -> Inspection:
    """Return what lies below ``paths``, sorted by path; every file is read and hashed."""
    bench = Bench(trust=trust, expectation=Expectation(), progress=progress, cancel=cancel)
    choice = Choice(mappings=tuple(mappings))
    with open_drop(paths, cancel=cancel, progress=progress) as drop:
        table = sort_out(drop, library.shipped(), choice, cancel=cancel)
        sources = [_subject(subject, table, drop, bench) for subject in table.subjects]
        sources += [_entry(entry, drop, bench) for entry in table.entries]
        sources += [_container(file, bench) for file in table.containers]
        sources += [_link(link) for link in table.links]
        sources += _loose_problems(drop, sources)
        return Inspection(tuple(sorted(sources, key=lambda s: (s.path, s.member or ""))))


def _subject(subject: Subject, table: Table, drop: Drop, bench: Bench) -> InspectedSource:
    seen = table.seen.get((subject.path, subject.member)) or Recognition("", Role.SUBJECT)
    digest, problems = _digest(subject, bench)
    read = _read(subject, bench)
    whole = read.account if read else Account(seen.version, 0, seen.cannot_show)
    return InspectedSource(
        path=subject.path,
        member=subject.member,
        sha256=digest,
        size=sum(file.size for file in subject.files),
        format=subject.format,
        version=whole.version,
        role=Role.SUBJECT,
        counts=read.counts if read else _counts(subject, bench),
        cannot_show=_NO_SIGNATURE if subject.format == "model" else whole.cannot_show,
        control_totals=dict(whole.control_totals),
        problems=(
            *problems,
            *problems_at(drop.problems, subject.path, subject.member),
            *(read.problems if read else ()),
        ),
    )


def _read(subject: Subject, bench: Bench) -> Inventory | None:
    """Read a catalog or the events of a log to the end and count; None for what is neither."""
    events = event_reader(subject)
    if events is not None:
        limits, cancel, progress = LIMITS, bench.cancel, bench.progress
        return inventory_of_events(
            events.events(subject, limits=limits, cancel=cancel, progress=progress)
        )
    reader = lineage_reader(subject.format)
    if reader is None or subject.base:
        return None
    limits, cancel, progress = LIMITS, bench.cancel, bench.progress
    return inventory(reader.read(subject, limits=limits, cancel=cancel, progress=progress))


def _counts(subject: Subject, bench: Bench) -> Mapping[str, Count]:
    """Count lines of a log as events, files of a folder as files."""
    if subject.base:
        return {"files": len(subject.files)}
    if subject.format not in _LINES or subject.container != "jsonl":
        return {}
    return {"events": _lines(subject.files[0], bench)}


def _lines(file: EvidenceFile, bench: Bench) -> int:
    """Return the number of lines that are not blank."""
    count, line_has_text = 0, False
    for block in blocks(file, cancel=bench.cancel):
        first, *rest = block.split(b"\n")
        line_has_text = line_has_text or bool(first.strip())
        for line in rest:
            count += line_has_text
            line_has_text = bool(line.strip())
    return count + line_has_text


def _entry(entry: Entry, drop: Drop, bench: Bench) -> InspectedSource:
    subject = Subject(entry.file.path, entry.file.member, entry.seen.format, (entry.file,))
    digest, problems = _digest(subject, bench)
    return InspectedSource(
        path=entry.file.path,
        member=entry.file.member,
        sha256=digest,
        size=entry.file.size,
        format=entry.seen.format,
        version=entry.seen.version,
        role=entry.role,
        problems=(*problems, *problems_at(drop.problems, entry.file.path, entry.file.member)),
    )


def _container(file: EvidenceFile, bench: Bench) -> InspectedSource:
    subject = Subject(file.path, file.member, "archive", (file,))
    digest, problems = _digest(subject, bench)
    return InspectedSource(
        file.path, file.member, digest, file.size, "archive", None, Role.CONTEXT, problems=problems
    )


def _link(link: Link) -> InspectedSource:
    return InspectedSource(
        link.path,
        link.member,
        "",
        0,
        "link",
        None,
        Role.CONTEXT,
        cannot_show=(f"anything of its own: it {link.sentence}",),
    )


def _digest(subject: Subject, bench: Bench) -> tuple[str, tuple[Problem, ...]]:
    try:
        return listing_digest(subject, bench), ()
    except SourceError as error:
        place = Locator(error.path or subject.path, subject.member)
        return "", (Problem(error.code, place, error.message),)


def _loose_problems(drop: Drop, known: Sequence[InspectedSource]) -> list[InspectedSource]:
    """Return problems of the drop that no source carries yet, as sources without bytes."""
    carried = {problem for source in known for problem in source.problems}
    return [
        InspectedSource(
            problem.locator.path,
            problem.locator.member,
            "",
            0,
            "unknown",
            None,
            Role.CONTEXT,
            problems=(problem,),
        )
        for problem in drop.problems
        if problem not in carried
    ]
