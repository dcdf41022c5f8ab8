"""Take events for the index while logs are verified: one scan for both."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial

from workbench.analysis.event_pieces import reading_of
from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile
from workbench.model.case import CaseChanges
from workbench.model.case_source import CaseSource
from workbench.model.event import EventFields
from workbench.model.event_batch import EventBatch
from workbench.model.progress import Cancel, Progress
from workbench.model.recipe import Name
from workbench.model.verification import Verification
from workbench.services.cases.index import (
    Indexer,
    IndexReport,
    index_missing,
    is_log,
    missing,
    put_on_record,
)
from workbench.services.cases.log_reading import Log, fields_of
from workbench.store.case_store import CaseStore
from workbench.verify.chain import library
from workbench.verify.chain.ahead import LARGE, warm_up
from workbench.verify.chain.frame import Cut
from workbench.verify.pool import workers
from workbench.verify.verifier import PieceReading, Tap

Called = tuple[str, str | None]
Judge = Callable[[Tap | None, Executor | None], Verification]


class IndexTap:
    """Indexes the logs of a case that are not indexed yet, as a verification goes over them.

    What it took counts only once the verification has said that the bytes were those of the
    intake: ``keep_tapped`` puts it on record then.
    """

    def __init__(
        self, indexer: Indexer, missing: Mapping[Called, CaseSource], cancel: Cancel
    ) -> None:
        """Take what is not indexed yet, by path and member."""
        self.indexer = indexer
        self.taken: dict[Called, CaseSource] = {}
        self._missing = dict(missing)
        self._now: Called | None = None
        self._cancel = cancel

    def begin(self, file: EvidenceFile) -> Callable[[Cut], PieceReading] | None:
        """Return what reads events, for a log that is not indexed and was not gone over yet."""
        called = file.path, file.member
        source = self._missing.pop(called, None)
        self._now = None
        if source is None or not is_log(source.format, source.container):
            return None
        try:
            log = Log(file, source.container or "", self.indexer.profile(source), source.fields)
            fields = fields_of(log, cancel=self._cancel)
        except SourceError:
            return None
        if _names(fields) & {profile.fields.own for profile in library.shipped()}:
            return None  # what the judge has read lacks its own digest
        self._now = called
        self.taken[called] = self.indexer.begin(source, fields)
        return partial(reading_of, fields=fields)

    def take(self, file: EvidenceFile, made: object) -> None:
        """Take the events of the next piece."""
        called = file.path, file.member
        if called == self._now and isinstance(made, EventBatch):
            self.taken[called] = self.indexer.add(self.taken[called], made)


def _names(fields: EventFields) -> set[Name | None]:
    return {fields.time, fields.actor, fields.action, fields.object, fields.outcome}


def with_index(
    case: CaseStore, judge: Judge, *, progress: Progress, cancel: Cancel
) -> Verification:
    """Verify by ``judge``; logs that are not indexed yet are on the way, or after it.

    Raises:
        StoreError: the index could not be recorded; the verification is on record.
        Cancelled: the user stopped it; what was recorded before stays.
    """
    with workers() as executor:
        # Before the database of the index starts threads: then processes cannot be forked.
        if executor is not None and any(log.size >= LARGE for log in missing(case).values()):
            warm_up(executor)
        tap = index_tap(case, progress=progress, cancel=cancel)
        if tap is None:
            return judge(None, executor)
        try:
            verification = judge(tap, executor)
            keep_tapped(case, tap, verification)
        finally:
            tap.indexer.abandon()
        index_missing(case, progress=progress, cancel=cancel, executor=executor)
    return verification


def index_tap(case: CaseStore, *, progress: Progress, cancel: Cancel) -> IndexTap | None:
    """Return what indexes logs while they are verified; None where all are indexed."""
    logs = missing(case)
    if not logs:
        return None
    return IndexTap(Indexer(case, executor=None, progress=progress, cancel=cancel), logs, cancel)


def keep_tapped(case: CaseStore, tap: IndexTap, verification: Verification) -> IndexReport:
    """Put on record what was taken, if the verification found the bytes of the intake.

    Raises:
        StoreError: it could not be recorded.
    """
    digests = {(found.path, found.member): found.sha256 for found in verification.sources}
    judged = {(found.path, found.member): found.verdict for found in verification.sources}
    for called, source in tap.taken.items():
        verdict = judged.get(called)
        whole = verdict is not None and verdict.records == source.events
        if digests.get(called) != source.sha256 or not whole:
            tap.indexer.abandon()
            return IndexReport(CaseChanges(), ())
    if not tap.taken:
        return IndexReport(CaseChanges(), ())
    return put_on_record(case, tap.indexer.finish(), tuple(tap.taken.values()))
