"""Read the events of a log for the index, in pieces that other processes take."""

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import islice

from workbench.analysis.event_pieces import batch_of
from workbench.errors import WorkbenchError
from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import LIMITS, MIB
from workbench.evidence.strict_json import JsonError, parse
from workbench.formats.event_fields import SAMPLE, guess_fields
from workbench.formats.records import list_path
from workbench.model.event import EventFields
from workbench.model.event_batch import EventBatch
from workbench.model.profile import ChainProfile
from workbench.model.progress import Cancel, Progress
from workbench.model.recipe import Name
from workbench.verify.chain.frame import Cut, cut_document, cut_lines, records_of

PIECE = 4 * MIB
IN_FLIGHT = 6
LINES, ARRAY = "jsonl", "json-array"
READABLE = {LINES, ARRAY}
_SMALL = 4 * MIB


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose events are read.

    Attributes:
        file: the file.
        container: how its records lie in it, one of ``READABLE``.
        profile: the chain profile that its fields fit, or None.
        fields: where the parts of an event are; None: to be guessed.
    """

    file: EvidenceFile
    container: str
    profile: ChainProfile | None = None
    fields: EventFields | None = None


def fields_of(log: Log, *, cancel: Cancel) -> EventFields:
    """Return where the parts of an event are read: as stated, or a guess.

    Raises:
        SourceError: the log cannot be read.
    """
    if log.fields is not None:
        return log.fields
    return _guessed(log, next(_cuts(log, cancel), None))


def event_batches(
    log: Log,
    fields: EventFields,
    *,
    executor: Executor | None,
    progress: Progress,
    cancel: Cancel,
) -> Iterator[EventBatch]:
    """Yield the events of a log, in order, whoever reads them.

    Raises:
        SourceError: the log cannot be read, or changed meanwhile.
        Cancelled: the user stopped it.
    """
    work = partial(batch_of, fields=fields)
    size = log.file.size
    cuts = _cuts(log, cancel)
    done = _here(cuts, work) if executor is None or size < _SMALL else _there(cuts, work, executor)
    for reached, batch in done:
        cancel.check()
        progress.advance(reached, size, log.file.display)
        yield batch


def _here(cuts: Iterator[Cut], work: "partial[EventBatch]") -> Iterator[tuple[int, EventBatch]]:
    for cut in cuts:
        yield cut.offset + cut.length, work(cut)


def _there(
    cuts: Iterator[Cut], work: "partial[EventBatch]", executor: Executor
) -> Iterator[tuple[int, EventBatch]]:
    waiting: deque[tuple[int, Future[EventBatch]]] = deque()
    try:
        for cut in cuts:
            waiting.append((cut.offset + cut.length, executor.submit(work, cut)))
            if len(waiting) >= IN_FLIGHT:
                reached, future = waiting.popleft()
                yield reached, future.result()
        while waiting:
            reached, future = waiting.popleft()
            yield reached, future.result()
    except BrokenProcessPool as error:
        message = "A worker process died; try again, or with less memory in use."
        raise WorkbenchError(message) from error


def _cuts(log: Log, cancel: Cancel) -> Iterator[Cut]:
    if log.container == ARRAY:
        data = read_whole(log.file)
        path = _list_path(log, data)
        yield cut_document(data, path, limits=LIMITS, what=log.file.display).cut
        return
    yield from cut_lines(blocks(log.file, cancel=cancel, size=PIECE), LIMITS)


def _list_path(log: Log, data: bytes) -> Name | None:
    return list_path(parse(data, what=log.file.display, allow_bom=True))


def _guessed(log: Log, first: Cut | None) -> EventFields:
    records = [] if first is None else [record for _, record in islice(records_of(first), SAMPLE)]
    profile = log.profile
    taken = () if profile is None else filter(None, (profile.fields.own, profile.fields.previous))
    return guess_fields(
        [r for r in map(_object, records) if r is not None],
        time=None if profile is None else profile.fields.time,
        taken=taken,
    )


def _object(raw: bytes) -> Mapping[str, object] | None:
    try:
        value = parse(raw, what="record")
    except JsonError:
        return None
    return value if isinstance(value, dict) else None
