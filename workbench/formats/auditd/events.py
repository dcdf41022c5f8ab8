"""Join the records of the Linux audit system into events: those of one number are one event."""

from collections import OrderedDict
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile
from workbench.evidence.json_records import RawRecord, lines
from workbench.evidence.limits import MIB, Limits
from workbench.evidence.strict_json import JsonValue
from workbench.formats.auditd.line import Line, is_set, line_of
from workbench.formats.logs.cutting import Record, Records, lost, malformed
from workbench.formats.logs.mapper import Members
from workbench.model.progress import Cancel
from workbench.model.source import Problem

#: Events that may be open at a time: records of several are written through each other.
MOST_OPEN = 1000
_MOST_BYTES = 16 * MIB
#: Says that an event is complete.
_END = "EOE"

Key = tuple[str, str, str]


@dataclass(slots=True)
class _Open:
    """An event whose records may go on."""

    first: RawRecord
    last: RawRecord
    lines: list[tuple[int, Line]] = field(default_factory=list)
    size: int = 0
    is_whole: bool = False
    is_together: bool = True

    def add(self, raw: RawRecord, line: Line) -> None:
        self.is_together = self.is_together and raw.number in {
            self.first.number,
            self.last.number + 1,
        }
        self.last, self.size = raw, self.size + len(raw.data)
        self.lines.append((raw.number, line))
        self.is_whole = self.is_whole or line.type == _END


def events(file: EvidenceFile, *, limits: Limits, cancel: Cancel) -> Records:
    """Yield the events of a file in the order in which they begin, each with all its records.

    Raises:
        SourceError: it cannot be read.
    """
    opened: OrderedDict[Key, _Open] = OrderedDict()
    size = 0
    for raw in lines(file, limits=limits, cancel=cancel):
        if isinstance(raw, Problem):
            yield lost(raw)
            continue
        try:
            line = line_of(raw.data.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield malformed(file, raw, "the bytes are not UTF-8", offset=error.start)
            continue
        if line is None:
            yield malformed(file, raw, "it is no record of the audit system")
            continue
        event = opened.setdefault(line.key, _Open(raw, raw))
        event.add(raw, line)
        size += len(raw.data)
        while opened and (_is_full(opened, size) or next(iter(opened.values())).is_whole):
            _, done = opened.popitem(last=False)
            size -= done.size
            yield _record(done)
    for left in opened.values():
        yield _record(left)
    return {}


def _is_full(opened: OrderedDict[Key, _Open], size: int) -> bool:
    return len(opened) > MOST_OPEN or size > _MOST_BYTES


def _record(event: _Open) -> Record:
    """Return an event; where others stand between its records, the place is that of its first."""
    first, last = event.first, event.last
    end = last.offset + len(last.data) if event.is_together else first.offset + len(first.data)
    return Record(first.number, first.offset, end - first.offset, members_of(event.lines))


def members_of(numbered: list[tuple[int, Line]]) -> Members:
    """Return what the records of an event say, each with the line it stands in."""
    _, line = numbered[0]
    records: list[JsonValue] = []
    for number, each in numbered:
        one: dict[str, JsonValue] = {"line": number, "type": each.type, **each.fields}
        records.append({**one, **({"words": each.rest} if each.rest else {})})
    named: dict[str, JsonValue] = {"node": line.node} if line.node else {}
    return {
        **named,
        "time": line.time,
        "serial": line.serial,
        "type": _main(numbered).type,
        "records": records,
    }


def _main(numbered: list[tuple[int, Line]]) -> Line:
    """Return the record that an event is named by: the first."""
    return numbered[0][1]


def said_first(records: JsonValue) -> dict[str, JsonValue]:
    """Return what any record of an event says first of a field; a file goes before its folder."""
    found: dict[str, JsonValue] = {}
    listed = [r for r in (records if isinstance(records, list) else []) if isinstance(r, dict)]
    for record in sorted(listed, key=lambda r: r.get("nametype") == "PARENT"):
        for name, value in record.items():
            if name not in {"line", "type", "words"} and is_set(value):
                found.setdefault(name, value)
    return found
