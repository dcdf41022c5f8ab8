"""Logs of the Linux audit system: records of several lines that are one event (``auditd``)."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.formats.auditd.events import events, said_first
from workbench.formats.auditd.line import line_of
from workbench.formats.logs.library import named
from workbench.formats.logs.mapper import Mapper, Members
from workbench.formats.logs.plain import LOST
from workbench.formats.logs.reading import Log, Watch, read_log
from workbench.formats.reader import EventReading, Look, Recognition
from workbench.formats.records import GLANCE
from workbench.model.event_mapping import EventMapping, LogContainer
from workbench.model.log_event import LogEvent, LogProblem
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role

_WORD = b"audit("
#: Numbers begin anew when the machine starts: a fall by more than this is no disorder.
_ANEW = 1000
_OFF = {"DAEMON_END", "DAEMON_ABORT", "DAEMON_ERR"}
_LOST = ("lost", "audit_lost")


@dataclass(slots=True)
class _Watch(Watch):
    """Numbers that are not here, records that were dropped, the system switched off."""

    low: int = -1
    high: int = -1
    here: int = 0
    absent: int = 0

    def see(self, event: LogEvent, record: Members) -> Iterator[Problem]:
        """Count numbers; tell what says that records were dropped or no longer made."""
        self._count(int(str(record.get("serial"))))
        said = said_first(record.get("records"))
        dropped = next((str(said[n]) for n in _LOST if said.get(n) not in (None, "0")), "")
        if dropped:
            what = f"the kernel says that {dropped[:20]} records were lost"
            yield self.doubts.problem(LogProblem.EVENTS_LOST, event, what)
        if record.get("type") in _OFF or said.get("audit_enabled") == "0":
            what = "the audit system was stopped or switched off"
            yield self.doubts.problem(LogProblem.LOGGING_CHANGED, event, what)

    def _count(self, serial: int) -> None:
        if self.low < 0 or serial < self.low - _ANEW:
            self.absent += self._gaps()
            self.low = self.high = serial
            self.here = 0
        self.low, self.high = min(self.low, serial), max(self.high, serial)
        self.here += 1

    def _gaps(self) -> int:
        return 0 if self.low < 0 else max(0, self.high - self.low + 1 - self.here)

    def cannot_show(self) -> Iterator[str]:
        """Yield how many numbers between those that are here are missing."""
        absent = self.absent + self._gaps()
        if absent:
            yield (
                f"what the events of {absent:,} numbers were that are missing between the first "
                "and the last: filtered out, in another file, or lost"
            )


class _Joined(Mapper):
    """Reads an event of several records by what any of them says first."""

    def prepared(self, record: Members) -> Members:
        """Return an event with what its records say, as members of its own."""
        return {**said_first(record.get("records")), **record}


def _mapping() -> EventMapping:
    found = named("auditd")
    if found is None:
        raise LookupError("auditd")
    return found


@dataclass(frozen=True, slots=True)
class AuditdReader:
    """Recognised by its lines; records of one number are one event."""

    id: str = "auditd"
    title: str = "Linux audit (auditd)"
    order: int = 55

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``auditd`` when most of the first lines are its records."""
        if _WORD not in look.head:
            return None
        text = look.head.decode("utf-8", "replace").removeprefix("\ufeff")
        whole = text.split("\n") if look.whole else text.split("\n")[:-1]
        first = [line for line in whole if line.strip()][:GLANCE]
        found = sum(line_of(line) is not None for line in first)
        if not found or 2 * found <= len(first):
            return None
        return Recognition(self.id, Role.SUBJECT, None, LogContainer.LINES.value, LOST)

    def mapper(self) -> Mapper:
        """Return what reads its events."""
        return _Joined(_mapping())

    def events(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> EventReading:
        """Return the events of a subject, read as far as they are asked for."""
        log = Log(subject.files, LogContainer.LINES, self.mapper(), watch=_Watch, cut=events)
        return read_log(log, limits=limits, cancel=cancel, progress=progress)


READER = AuditdReader()
