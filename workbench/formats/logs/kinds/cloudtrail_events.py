"""Events of CloudTrail in any file: ``Records``, a bare list, one a line, one after the other.

Files as CloudTrail delivers them, with their digests, are a delivery: ``formats.cloudtrail`` puts
them together, and has their events read here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workbench.evidence.file import EvidenceFile
from workbench.formats.logs.mapper import Members
from workbench.formats.logs.plain import PlainLogReader
from workbench.formats.logs.reading import Watch
from workbench.model.cloudtrail_names import LOG_NAME
from workbench.model.log_event import LogEvent, LogProblem
from workbench.model.moment import SECOND, nanoseconds
from workbench.model.source import Problem

ID = "cloudtrail-events"
_CHANGES = frozenset(
    {
        "StopLogging",
        "DeleteTrail",
        "UpdateTrail",
        "PutEventSelectors",
        "PutInsightSelectors",
        "DeleteEventDataStore",
        "StopEventDataStoreIngestion",
    }
)
_CATEGORIES = ("Management", "Data", "Insight", "NetworkActivity")
#: A file is named by the minute in which it was made.
_MINUTE = 60 * SECOND


@dataclass(slots=True)
class _Watch(Watch):
    """Categories, regions and accounts, and what was done to the trail itself."""

    categories: Counter[str] = field(default_factory=Counter)

    def see(self, event: LogEvent, record: Members) -> Iterator[Problem]:
        """Count the category; tell what changes what is recorded from then on."""
        said = record.get("eventCategory")
        named = said if isinstance(said, str) and said in _CATEGORIES else "unstated"
        self.categories[f"{named} events"] += 1
        self.totals = dict(sorted(self.categories.items()))
        if event.action in _CHANGES:
            what = f"{event.action} changes what is recorded from then on"
            yield self.doubts.problem(LogProblem.LOGGING_CHANGED, event, what)

    def cannot_show(self) -> Iterator[str]:
        """Yield that there are no data events at all."""
        if self.categories and not self.categories["Data events"]:
            yield "whether data events were recorded at all: none is here"


@dataclass(frozen=True, slots=True)
class CloudTrailEventsReader(PlainLogReader):
    """Events of CloudTrail; no event can be later than the file in which it was delivered."""

    def latest(self, files: Sequence[EvidenceFile]) -> tuple[int | None, ...]:
        """Return the end of the minute in the name of each file that CloudTrail named."""
        return tuple(_made(file.name) for file in files)


def _made(name: str) -> int | None:
    found = LOG_NAME.fullmatch(name)
    if found is None:
        return None
    try:
        made = datetime.strptime(found["time"], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return nanoseconds(made) + _MINUTE


READER = CloudTrailEventsReader(ID, "AWS CloudTrail events", 53, (b'"eventVersion"',), watch=_Watch)
