"""Go over a plain log record by record: events, what is wrong, and in the end its account."""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.formats.logs.cutting import Record, Records, records_of
from workbench.formats.logs.doubting import Doubts
from workbench.formats.logs.mapper import Mapper, Members, leaves, value_at
from workbench.formats.reader import Account, EventReading
from workbench.model.event_mapping import EventMapping, Grounds, LogContainer
from workbench.model.locator import Locator
from workbench.model.log_event import LogEvent
from workbench.model.moment import text_of
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem

_MOST_STATED = 20
_ALWAYS = (
    "whether a record was changed, removed or added: records carry no digests",
    "whether an event was logged at all",
)
MADE_FROM_DOCUMENTATION = (
    "whether it is read rightly: this mapping was made from documentation only, and was not tried "
    "on a log of such a system"
)


@dataclass(slots=True)
class Watch:
    """What a format notes of its own while the events go by.

    Attributes:
        doubts: makes problems with their places.
        totals: numbers of its own, for the account.
    """

    doubts: Doubts
    totals: dict[str, int | str] = field(default_factory=dict)

    def see(self, event: LogEvent, record: Members) -> Iterator[Problem]:
        """Take in an event with its record; yield what is doubtful about it."""
        yield from ()

    def cannot_show(self) -> Iterator[str]:
        """Yield what numbers say that this very log cannot show."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Log:
    """A log that is read.

    Attributes:
        files: its files, in order.
        container: how records lie in each.
        mapper: how they are read.
        latest: for each file the time after which nothing in it can be, or None.
        watch: what the format notes of its own.
        cut: cuts the records out of a file where that is none of the usual ways.
    """

    files: Sequence[EvidenceFile]
    container: LogContainer
    mapper: Mapper
    latest: Sequence[int | None] = ()
    watch: type[Watch] = Watch
    cut: Callable[..., Records] | None = None

    def records(self, file: EvidenceFile, *, limits: Limits, cancel: Cancel) -> Records:
        """Return the records of one of its files."""
        if self.cut is not None:
            return self.cut(file, limits=limits, cancel=cancel)
        mapping = self.mapper.mapping
        return records_of(file, self.container, mapping, limits=limits, cancel=cancel)


def read_log(log: Log, *, limits: Limits, cancel: Cancel, progress: Progress) -> EventReading:
    """Yield what a log holds, read as far as it is asked for.

    Raises:
        Cancelled: the user stopped it.
    """
    doubts = Doubts(log.files, log.mapper.mapping, log.latest)
    watch = log.watch(doubts)
    counted = Counter[str]()
    stated: dict[str, int | str] = {}
    for n, file in enumerate(log.files):
        try:
            around = yield from _read_file(log, n, watch, counted, limits, cancel, progress)
        except SourceError as error:
            yield Problem(error.code, Locator(file.path, file.member), error.message)
            continue
        stated |= _stated(around) if len(log.files) == 1 else {}
    yield from doubts.ended()
    return _account(log.mapper.mapping, doubts, watch, counted, stated)


def _read_file(
    log: Log,
    n: int,
    watch: Watch,
    counted: Counter[str],
    limits: Limits,
    cancel: Cancel,
    progress: Progress,
) -> Generator[LogEvent | Problem, None, Members]:
    file, mapper = log.files[n], log.mapper
    version = mapper.mapping.version
    records = log.records(file, limits=limits, cancel=cancel)
    while True:
        try:
            record = next(records)
        except StopIteration as stop:
            around: Members = stop.value or {}
            return around
        if isinstance(record, Problem):
            yield record
            continue
        counted["events"] += 1
        progress.advance(record.offset, file.size, file.display)
        if record.members is None:
            counted["records that cannot be read"] += 1
            yield LogEvent(n, record.number, record.offset, record.length, is_malformed=True)
            if record.fault is not None:
                yield record.fault
            continue
        event = event_of(n, record, record.members, mapper, watch.doubts)
        said = "" if version is None else str(value_at(record.members, version) or "")
        named = f"version {said[:40]}" if said else ""
        if named in counted or len(counted) < _MOST_STATED:
            counted[named] += 1
        yield event
        yield from watch.doubts.see(event, said)
        yield from watch.see(event, record.members)


def event_of(
    file: int, record: Record, members: Members, mapper: Mapper, doubts: Doubts | None = None
) -> LogEvent:
    """Return the event that a record is."""
    mapped = mapper.map(members)
    if doubts is not None:
        doubts.naive += mapped.is_naive
        doubts.odd += mapped.is_odd
    return LogEvent(
        file,
        record.number,
        record.offset,
        record.length,
        mapped.time_ns,
        mapped.time_text,
        mapped.actor,
        mapped.action,
        mapped.object,
        mapped.outcome,
        mapped.key,
    )


def _stated(around: Members) -> dict[str, int | str]:
    """Return what the document around the records states of itself."""
    found: dict[str, int | str] = {}
    for place, value in leaves(dict(around)):
        if len(found) < _MOST_STATED and value not in (None, [], {}):
            text = str(value)[:200]
            found[".".join(place)] = value if type(value) is int else text
    return found


def _account(
    mapping: EventMapping,
    doubts: Doubts,
    watch: Watch,
    counted: Counter[str],
    stated: dict[str, int | str],
) -> Account:
    span = (("first event", doubts.first), ("last event", doubts.last))
    numbers = {
        "records that cannot be read": counted["records that cannot be read"],
        "ids that stand twice": doubts.duplicates,
    }
    guessed = (MADE_FROM_DOCUMENTATION,) if mapping.grounds is Grounds.DOCUMENTATION else ()
    versions = sorted(name[len("version ") :] for name in counted if name.startswith("version "))
    return Account(
        version=", ".join(versions[:5]) or None,
        events=counted["events"],
        cannot_show=(
            *guessed,
            *mapping.cannot_show,
            *_ALWAYS,
            *doubts.cannot_show(),
            *watch.cannot_show(),
        ),
        control_totals={
            **stated,
            **{name: text_of(ns) for name, ns in span if ns is not None},
            **{name: number for name, number in numbers.items() if number},
            **watch.totals,
        },
    )
