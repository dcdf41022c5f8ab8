"""Read plain logs in tests: their events, what is wrong, and their account."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.drops import opened
from workbench.evidence.limits import LIMITS, Limits
from workbench.formats.entry import Choice
from workbench.formats.logs.library import loads
from workbench.formats.reader import Account
from workbench.formats.sniff import event_reader
from workbench.formats.table import sort_out
from workbench.model.event_mapping import EventMapping
from workbench.model.log_event import LogEvent
from workbench.model.progress import Cancel, Silent
from workbench.model.source import Problem
from workbench.verify.chain import library

#: One event of each format, as its makers document it.
CLOUDTRAIL: dict[str, Any] = {
    "eventVersion": "1.08",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/ann"},
    "eventTime": "2026-03-12T10:00:00Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "requestParameters": {"bucketName": "models", "key": "credit/7"},
    "eventID": "e-1",
    "eventCategory": "Data",
}
KUBERNETES: dict[str, Any] = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "level": "RequestResponse",
    "auditID": "a-1",
    "stage": "ResponseComplete",
    "requestURI": "/api/v1/namespaces/ml/pods/scorer",
    "verb": "delete",
    "user": {"username": "system:admin", "groups": ["system:masters"]},
    "objectRef": {"resource": "pods", "namespace": "ml", "name": "scorer"},
    "responseStatus": {"code": 200},
    "stageTimestamp": "2026-03-12T10:00:00.123456Z",
}
OCSF: dict[str, Any] = {
    "class_uid": 6003,
    "class_name": "API Activity",
    "category_uid": 6,
    "activity_id": 1,
    "time": 1773309600123,
    "metadata": {"version": "1.3.0", "uid": "m-1"},
    "actor": {"user": {"name": "ann"}},
    "api": {"operation": "CreateModel"},
    "resources": [{"uid": "arn:model/7"}],
    "status_id": 1,
}
GITHUB: dict[str, Any] = {
    "@timestamp": 1773309600123,
    "_document_id": "d-1",
    "action": "repo.destroy",
    "actor": "octocat",
    "org": "octo-org",
    "repo": "octo-org/models",
    "created_at": 1773309600123,
}


@dataclass(frozen=True)
class Read:
    """What a reader said of a log."""

    format: str
    container: str | None
    events: tuple[LogEvent, ...]
    problems: tuple[Problem, ...]
    account: Account

    @property
    def codes(self) -> list[str]:
        """Return the code of each problem."""
        return [str(problem.code) for problem in self.problems]

    @property
    def only(self) -> LogEvent:
        """Return the only event."""
        (event,) = self.events
        return event


def read(path: Path, *, mappings: Sequence[EventMapping] = (), limits: Limits = LIMITS) -> Read:
    """Open a path as a drop with one plain log in it, and read that."""
    with opened(path) as drop:
        choice = Choice(mappings=tuple(mappings))
        (subject,) = sort_out(drop, library.shipped(), choice).subjects
        reader = event_reader(subject)
        assert reader is not None, f"nothing reads the events of {subject.format}"
        reading = reader.events(subject, limits=limits, cancel=Cancel(), progress=Silent())
        events: list[LogEvent] = []
        problems: list[Problem] = []
        while True:
            try:
                found = next(reading)
            except StopIteration as stop:
                container = subject.container
                return Read(subject.format, container, (*events,), (*problems,), stop.value)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                events.append(found)


def format_of(path: Path) -> str:
    """Return what the only subject of a drop is, or "" where there is none."""
    with opened(path) as drop:
        subjects = sort_out(drop, library.shipped()).subjects
        return subjects[0].format if subjects else ""


def lines(records: Iterable[object]) -> str:
    """Return JSON lines."""
    return "".join(f"{json.dumps(record)}\n" for record in records)


def written(folder: Path, text: str | bytes, name: str = "log") -> Path:
    """Write a log and return its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def mapping(text: str) -> EventMapping:
    """Return the mapping that a text describes."""
    return loads(text.encode(), what="mine.yaml")
