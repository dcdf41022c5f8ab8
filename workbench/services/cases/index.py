"""Make the index of a case from its evidence: with an intake, for what is missing, or all anew."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, replace

from workbench.errors import SourceError, UsageError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_json import JsonError
from workbench.evidence.subject import Subject
from workbench.formats.cloudtrail import SUBJECT as DELIVERY
from workbench.formats.cloudtrail import is_digest
from workbench.formats.logs.batching import Batcher, bases_of
from workbench.formats.reader import EventReader
from workbench.formats.sniff import event_reader
from workbench.formats.tally import inventory_of_events
from workbench.model.case import CaseChanges
from workbench.model.case_source import CaseSource
from workbench.model.event import EventFields
from workbench.model.event_batch import EventBatch
from workbench.model.event_mapping import Grounds
from workbench.model.locator import Locator
from workbench.model.log_event import LogEvent
from workbench.model.profile import ChainProfile
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem
from workbench.services.cases.catalogs import mapping_of, with_inventory
from workbench.services.cases.delivered import Blocks, Delivered, hashed
from workbench.services.cases.log_reading import READABLE, Log, event_batches, fields_of
from workbench.services.cases.places import changed, reopened
from workbench.store import index_files, sources
from workbench.store.case_store import CaseStore
from workbench.store.codec import fields_to_json
from workbench.store.index_writer import SegmentWriter, WrittenSegment
from workbench.verify.chain import library
from workbench.verify.pool import workers

CHAIN = "chain"
_LOGS = {CHAIN, "log"}


def is_log(format_id: str, container: str | None) -> bool:
    """Tell whether a source is a log whose events can be read."""
    return format_id in _LOGS and container in READABLE


class Indexer:
    """Writes one segment of the index, source by source."""

    def __init__(
        self, case: CaseStore, *, executor: Executor | None, progress: Progress, cancel: Cancel
    ) -> None:
        """Begin; nothing is written before there is something to write."""
        self._case = case
        self._executor = executor
        self._progress = progress
        self._cancel = cancel
        self._writer: SegmentWriter | None = None
        self._fresh = False

    def anew(self) -> None:
        """Number terms from the beginning: what there is of the index goes away."""
        self._fresh = True

    def take(
        self, source: CaseSource, delivered: Delivered, *, chains_later: bool = False
    ) -> tuple[CaseSource, Delivered]:
        """Index a source and return it with what was found.

        Raises:
            SourceError: it changed while it was read.
            StoreError: the index could not be written.
        """
        subject = delivered.subject
        later = chains_later and subject.format == CHAIN
        reader = event_reader(subject) if delivered.sha256 else None
        if reader is not None:
            self.blocks(source.id, delivered.blocks)
            source = self.plain(source, subject, reader)
        elif not is_log(subject.format, subject.container) or not delivered.sha256:
            self.blocks(source.id, delivered.blocks)
        elif not later:
            source = self.events(source, subject.files[0])
        return source, delivered

    def events(self, source: CaseSource, file: EvidenceFile) -> CaseSource:
        """Index the events of a log; one that is no list of records is told as a problem."""
        log = Log(file, source.container or "", self.profile(source), source.fields)
        try:
            fields = fields_of(log, cancel=self._cancel)
        except JsonError as error:
            problem = Problem(error.code, Locator(file.path, file.member), error.message)
            return replace(source, problems=(*source.problems, problem))
        source = self.begin(source, fields)
        for batch in event_batches(
            log, fields, executor=self._executor, progress=self._progress, cancel=self._cancel
        ):
            source = self.add(source, batch)
        return source

    def plain(self, source: CaseSource, subject: Subject, reader: EventReader) -> CaseSource:
        """Index the events of a plain log, and return it with all that its reader says of it."""
        writer = self._begun()
        writer.begin(source.id)
        batcher = Batcher(bases_of([file.size for file in subject.files]))

        def take(event: LogEvent) -> None:
            batch = batcher.add(event)
            if batch is not None:
                writer.add(batch)

        reading = reader.events(
            subject, limits=LIMITS, cancel=self._cancel, progress=self._progress
        )
        found = inventory_of_events(reading, take)
        writer.add(batcher.rest())
        mine = subject.mapping is not None and subject.mapping.grounds is Grounds.USER
        mapping = subject.mapping.text if subject.mapping is not None and mine else ""
        described = with_inventory(source, found)
        return replace(described, events=found.account.events, mapping=mapping)

    def begin(self, source: CaseSource, fields: EventFields) -> CaseSource:
        """Begin with the events of a log, and return it without any."""
        self._begun().begin(source.id)
        return replace(source, fields=fields, events=0).counted({"events": 0})

    def add(self, source: CaseSource, batch: EventBatch) -> CaseSource:
        """Keep the next events of the log that was begun, and return it with them counted."""
        self._begun().add(batch)
        events = (source.events or 0) + batch.count
        return replace(source, events=events).counted({"events": events})

    def profile(self, source: CaseSource) -> ChainProfile | None:
        """Return the chain profile that the fields of a log fit, if there is one."""
        return next((known for known in library.shipped() if known.id == source.version), None)

    def blocks(self, source: int, blocks: Iterable[tuple[int, int, bytes]]) -> None:
        """Keep digests of the bytes of a source."""
        found = tuple(blocks)
        if found:
            self._begun().add_blocks(source, found)

    def finish(self) -> WrittenSegment | None:
        """Return what was written, not yet in its place; None where there was nothing to write."""
        writer, self._writer = self._writer, None
        return None if writer is None else writer.finish()

    def abandon(self) -> None:
        """Leave nothing behind of what was not finished."""
        if self._writer is not None:
            self._writer.abandon()

    def _begun(self) -> SegmentWriter:
        if self._writer is None:
            with self._case.reading() as session:
                last = -1 if self._fresh else index_files.last_term(session)
            self._writer = SegmentWriter(self._case.index_folder, last_term=last)
        return self._writer


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What came of making the index.

    Attributes:
        changes: what views have to read again.
        indexed: sources that were read.
        unread: sources that could not be, with the reason: not there, or not what was taken in.
    """

    changes: CaseChanges
    indexed: tuple[CaseSource, ...]
    unread: tuple[tuple[CaseSource, str], ...] = ()


def rebuild_index(
    case: CaseStore,
    *,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None = None,
) -> IndexReport:
    """Make the whole index anew from the evidence; until that is done the old one stays.

    Raises:
        StoreError: it could not be written.
        Cancelled: the user stopped it; the old index stays.
    """
    with case.reading() as session:
        wanted = sources.every(session, superseded=True)
    return _index(case, wanted, progress, cancel, executor, anew=True)


def map_events(
    case: CaseStore,
    source: int,
    fields: EventFields,
    *,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None = None,
) -> IndexReport:
    """State where the parts of an event are read in a log, and index anew by that.

    Raises:
        UsageError: there is no such log.
        StoreError: it could not be recorded.
        Cancelled: the user stopped it; the mapping is stated, the old index stays.
    """
    with case.acting("evidence.map") as act:
        log = sources.get(act.session, source)
        if not is_log(log.format, log.container):
            raise UsageError(f"{log.display} is no log whose events can be read.")
        sources.set_fields(act.session, source, fields)
        act.subject, act.detail = log.display, {"fields": fields_to_json(fields)}
    return rebuild_index(case, progress=progress, cancel=cancel, executor=executor)


def index_missing(
    case: CaseStore,
    *,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None = None,
) -> IndexReport:
    """Index the logs that are not indexed yet.

    Raises:
        StoreError: it could not be written.
        Cancelled: the user stopped it.
    """
    wanted = list(missing(case).values())
    if not wanted:
        return IndexReport(CaseChanges(), ())
    return _index(case, wanted, progress, cancel, executor, anew=False)


def missing(case: CaseStore) -> dict[tuple[str, str | None], CaseSource]:
    """Return the logs that are not indexed yet, by path and member."""
    with case.reading() as session:
        current = sources.every(session)
    logs = (s for s in current if s.events is None and is_log(s.format, s.container))
    return {(source.path, source.member): source for source in logs}


def _index(
    case: CaseStore,
    wanted: Sequence[CaseSource],
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None,
    *,
    anew: bool,
) -> IndexReport:
    indexed: list[CaseSource] = []
    unread: list[tuple[CaseSource, str]] = []
    with ExitStack() as stack:
        pool = executor or stack.enter_context(workers())
        indexer = Indexer(case, executor=pool, progress=progress, cancel=cancel)
        stack.callback(indexer.abandon)
        if anew:
            indexer.anew()
        for source in (s for s in wanted if s.files == 1 or s.format == DELIVERY):
            try:
                indexed.append(_again(case, source, indexer, cancel))
            except SourceError as error:
                unread.append((source, error.message))
        segment = indexer.finish()
        return put_on_record(case, segment, indexed, unread, anew=anew)


def put_on_record(
    case: CaseStore,
    segment: WrittenSegment | None,
    indexed: Sequence[CaseSource],
    unread: Sequence[tuple[CaseSource, str]] = (),
    *,
    anew: bool = False,
) -> IndexReport:
    """Put a segment in its place, in one act.

    Raises:
        StoreError: it could not be recorded; the index is as it was.
    """
    with case.acting("index.rebuild" if anew else "index.write") as act:
        if anew:
            index_files.forget(act.session)
        if segment is not None:
            index_files.put(act.session, case.index_folder, segment, at=act.at)
        for source in indexed:
            sources.recount(act.session, source)
        act.detail = {"sources": len(indexed), "unread": [s.display for s, _ in unread]}
        act.areas = {"events", "sources"}
    return IndexReport(act.changes, tuple(indexed), tuple(unread))


def _again(case: CaseStore, source: CaseSource, indexer: Indexer, cancel: Cancel) -> CaseSource:
    """Index a source from its bytes, which must be those of the intake."""
    files: list[EvidenceFile] = []
    blocks: Blocks = ()
    for file, sha256 in reopened(case, source, cancel=cancel):
        digest, blocks = hashed(file, cancel=cancel)
        if digest != sha256:
            raise changed(file, "its digest is not that of the intake")
        files.append(file)
    file = files[0]
    subject = Subject(
        source.path,
        source.member,
        source.format,
        tuple(files),
        container=source.container,
        anchors=tuple(f for f in files if is_digest(f)),
        mapping=mapping_of(source),
    )
    reader = event_reader(subject)
    if reader is not None:
        indexer.blocks(source.id, blocks if len(files) == 1 else ())
        return indexer.plain(source, subject, reader)
    if is_log(source.format, source.container):
        return indexer.events(source, file)
    indexer.blocks(source.id, blocks)
    return source
