"""Plain logs of every kind to their end, mappings that users bring, and lines of text."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.formats.plain_logs import CLOUDTRAIL, GITHUB, KUBERNETES, OCSF, lines
from tests.formats.test_auditd import OPENED
from tests.formats.test_event_mapping import DOCUMENTED, HEAD, LOGS, MINE, RECORD
from tests.fuzz.parsers import Harness, Parser, require
from workbench.errors import ProfileError, UsageError
from workbench.evidence.drop import open_drop
from workbench.evidence.limits import Limits
from workbench.evidence.line_fields import TextError, before_cef, syslog_of, words_of
from workbench.formats.auditd.line import line_of
from workbench.formats.entry import Choice
from workbench.formats.logs.explaining import explained
from workbench.formats.logs.library import loads
from workbench.formats.logs.mapper import Mapper
from workbench.formats.sniff import event_reader
from workbench.formats.table import sort_out
from workbench.formats.tally import inventory_of_events
from workbench.model.progress import Cancel, Silent
from workbench.services import mappings

if TYPE_CHECKING:
    from workbench.model.log_event import LogEvent

SMALL = Limits(record=20_000, document=200_000)
ANYTHING = loads(f"{HEAD}containers: [jsonl, lines]\naction: [action, line]\n".encode(), what="x")


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="workbench-fuzz-"))


def log(data: bytes) -> None:
    """Read a log to its end: every event lies in it, and as many are counted as are told."""
    path = _place() / "log"
    path.write_bytes(data)
    with open_drop([path], cancel=Cancel(), progress=Silent()) as drop:
        for subject in sort_out(drop, (), Choice(mappings=(ANYTHING,))).subjects:
            reader = event_reader(subject)
            if reader is None:
                continue
            events: list[LogEvent] = []
            reading = reader.events(subject, limits=SMALL, cancel=Cancel(), progress=Silent())
            found = inventory_of_events(reading, events.append)
            require(found.account.events == len(events), "events were counted otherwise")
            sizes = [file.size for file in subject.files]
            within = all(0 <= e.offset <= e.offset + e.length <= sizes[e.file] for e in events)
            require(within, "an event lies outside its file")


def logs() -> Iterator[bytes]:
    """Yield logs of every kind."""
    for sample in (CLOUDTRAIL, KUBERNETES, OCSF, GITHUB):
        yield lines([sample, {**sample, "more": 1}]).encode()
        yield json.dumps({"Records": [sample], "items": [sample]}, indent=1).encode()
    yield "\n".join(OPENED).encode()
    yield from (text.encode() for text, _ in DOCUMENTED.values())


def mapping(data: bytes) -> None:
    """Read a mapping, and a record by it."""
    with suppress(ProfileError):
        found = loads(data, what="x")
        explained(found)
        Mapper(found).map(RECORD)
        Mapper(found).unmapped(RECORD)


def texts() -> Iterator[bytes]:
    """Yield mappings."""
    yield MINE.encode()
    yield f"{HEAD}time: {{from: t, format: '%d %b', zone: +02:00, year: 2026}}\n".encode()


def draft(data: bytes) -> None:
    """Propose a mapping: whatever the log holds, it is one."""
    path = _place() / "draft.log"
    path.write_bytes(data)
    with suppress(UsageError):
        loads(mappings.draft(path).text.encode(), what="x")


def line(data: bytes) -> None:
    """Read a line as each kind of text."""
    line_of(data.decode("utf-8", "replace"))
    for read in _READ:
        with suppress(TextError):
            read(data)


_READ: tuple[Callable[[bytes], object], ...] = (syslog_of, words_of, before_cef)

HARNESS = Harness(
    (
        Parser("log", log, logs),
        Parser("mapping", mapping, texts),
        Parser("draft", draft, lambda: (text.encode() for text in LOGS.values())),
        Parser("line", line, lambda: (text.encode() for text in (*OPENED, LOGS["syslog"]))),
    )
)
