"""Kubernetes audit logs: events one a line, in an EventList, or one after the other."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.formats.logs.mapper import Members, value_at
from workbench.formats.logs.plain import PlainLogReader
from workbench.formats.logs.reading import Watch
from workbench.model.log_event import LogEvent, LogProblem
from workbench.model.source import Problem

#: Levels and stages as audit.k8s.io/v1 names them; others are a word of somebody else.
_LEVELS = ("Metadata", "Request", "RequestResponse", "None")
_STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")
_CUT = ("annotations", "audit.k8s.io/truncated")


@dataclass(slots=True)
class _Watch(Watch):
    """Levels and stages: what the audit policy lets through."""

    levels: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    impersonated: int = 0

    def see(self, event: LogEvent, record: Members) -> Iterator[Problem]:
        """Count level and stage of a request."""
        for told, known in ((self.levels, _LEVELS), (self.stages, _STAGES)):
            word = str(record.get("level" if known is _LEVELS else "stage") or "")
            told[word if word in known else "other"] += 1
        self.impersonated += isinstance(record.get("impersonatedUser"), dict)
        if value_at(record, _CUT) == "true":
            self.cut += 1
            what = "its bodies were cut off by the log backend (audit.k8s.io/truncated)"
            yield self.doubts.problem(LogProblem.EVENTS_LOST, event, what)
        self._count()

    def _count(self) -> None:
        self.totals = {
            **{f"level {name}": n for name, n in sorted(self.levels.items())},
            **{f"stage {name}": n for name, n in sorted(self.stages.items())},
            **({"impersonated": self.impersonated} if self.impersonated else {}),
        }

    def cannot_show(self) -> Iterator[str]:
        """Yield which stages and bodies are not here."""
        total = sum(self.stages.values())
        absent = [stage for stage in _STAGES[:3] if not self.stages[stage]]
        if total and absent:
            yield f"when requests were at stage {' or '.join(absent)}: no event of it is here"
        if total and self.levels["Metadata"]:
            yield (
                f"what was asked for and answered in {self.levels['Metadata']} of {total} events: "
                "they are of level Metadata, without bodies"
            )


READER = PlainLogReader(
    "kubernetes-audit", "Kubernetes audit", 52, (b"audit.k8s.io/",), watch=_Watch
)
