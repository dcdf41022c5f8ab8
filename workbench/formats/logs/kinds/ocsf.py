"""Events of the Open Cybersecurity Schema Framework (OCSF), whoever made them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.formats.logs.mapper import Members
from workbench.formats.logs.plain import PlainLogReader
from workbench.formats.logs.reading import Watch
from workbench.model.log_event import LogEvent
from workbench.model.source import Problem

_MOST_CLASSES = 15


@dataclass(slots=True)
class _Watch(Watch):
    """How many events there are of each class, and how many keep what they were made from."""

    classes: Counter[str] = field(default_factory=Counter)
    raw: int = 0

    def see(self, _event: LogEvent, record: Members) -> Iterator[Problem]:
        """Count the class of an event."""
        named = f"class {str(record.get('class_uid'))[:20]}"
        if named in self.classes or len(self.classes) < _MOST_CLASSES:
            self.classes[named] += 1
        self.raw += bool(record.get("raw_data"))
        self.totals = {**dict(sorted(self.classes.items())), "with raw_data": self.raw}
        yield from ()


READER = PlainLogReader("ocsf", "OCSF events", 54, (b'"class_uid"',), watch=_Watch)
