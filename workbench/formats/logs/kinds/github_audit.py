"""The audit log of GitHub as it is exported (JSON, CSV), streamed, or answered by its API."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.formats.logs.mapper import Members
from workbench.formats.logs.plain import PlainLogReader
from workbench.formats.logs.reading import Watch
from workbench.model.log_event import LogEvent, LogProblem
from workbench.model.moment import DAY
from workbench.model.source import Problem

#: What of a record only GitHub writes beside an action; or all that early exports had.
_OWN = ("_document_id", "actor_location", "actor_location.country_code", "business", "org")
_CHANGES = ("audit_log_streaming.", "org.audit_log_", "business.audit_log_", "enterprise.audit_log")
_GIT = "git."
_GIT_KEPT = 7


def _is_likely(record: Members) -> bool:
    action = record.get("action")
    dotted = isinstance(action, str) and "." in action.strip(".") and " " not in action
    timed = "@timestamp" in record or "created_at" in record
    return dotted and timed and any(name in record for name in _OWN)


@dataclass(slots=True)
class _Watch(Watch):
    """Git events, which are kept for seven days only, and changes of the log itself."""

    git: int = 0

    def see(self, event: LogEvent, _record: Members) -> Iterator[Problem]:
        """Count git events, and tell changes of where the log is sent to."""
        action = event.action or ""
        self.git += action.startswith(_GIT)
        self.totals = {"git events": self.git}
        if action.startswith(_CHANGES):
            yield self.doubts.problem(
                LogProblem.LOGGING_CHANGED, event, f"{action} changes the audit log itself"
            )

    def cannot_show(self) -> Iterator[str]:
        """Yield that there are no git events, or for how long."""
        first, last = self.doubts.first, self.doubts.last
        if not self.git:
            yield "who cloned, fetched or pushed: no git event is in this export"
        elif first is not None and last is not None and last - first > _GIT_KEPT * DAY:
            yield f"git events before the last {_GIT_KEPT} days of what it covers"


READER = PlainLogReader(
    "github-audit",
    "GitHub audit log",
    56,
    (b"_document_id", b"actor_location", b"business", b"org"),
    watch=_Watch,
    likely=_is_likely,
)
