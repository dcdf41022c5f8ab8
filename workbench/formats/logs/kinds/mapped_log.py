"""Logs whose events are read by a mapping: one that the user brings, or one that ships.

Those that ship here were made from documentation only; formats that were tried on evidence have
readers of their own.
"""

from dataclasses import dataclass, replace

from workbench.errors import SourceError
from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.formats.logs.library import shipped
from workbench.formats.logs.mapper import Mapper
from workbench.formats.logs.plain import LOST
from workbench.formats.logs.reading import Log, read_log
from workbench.formats.logs.recognising import first_fitting
from workbench.formats.reader import Account, EventReading, Look, Recognition
from workbench.model.event_mapping import Grounds, LogContainer
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

#: Formats with a reader of their own: their mappings are theirs.
OWN = frozenset({"auditd", "cloudtrail-events", "github-audit", "kubernetes-audit", "ocsf"})


@dataclass(frozen=True, slots=True)
class MappedLogReader:
    """A log as the mapping says that it is; its version is the id of the mapping."""

    id: str = "log"
    order: int = 51

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``log`` with the mapping that fits: the user's before those that ship."""
        ready = tuple(mapping for mapping in shipped() if mapping.id not in OWN)
        found = first_fitting(look, (*look.mappings, *ready))
        if found is None:
            return None
        mapping, container = found.mapping, found.container.value
        return Recognition(self.id, Role.SUBJECT, mapping.id, container, LOST, mapping)

    def events(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> EventReading:
        """Return the events of a subject, read as far as they are asked for.

        Raises:
            SourceError: no mapping of it is known.
        """
        mapping = subject.mapping
        if mapping is None:
            raise SourceError(f"{subject.path}: no mapping of this log is known.")
        log = Log(subject.files, LogContainer(subject.container or ""), Mapper(mapping))
        account = yield from read_log(log, limits=limits, cancel=cancel, progress=progress)
        return _named(account, mapping.id, mapping.title, mapping.grounds)


def _named(account: Account, mapping: str, title: str, grounds: Grounds) -> Account:
    """Return an account that names the mapping, beside the version that records state."""
    stated = {"version of its records": account.version} if account.version else {}
    by = "made from documentation only" if grounds is Grounds.DOCUMENTATION else "brought by you"
    totals = {"read as": f"{title}, {by}", **stated, **account.control_totals}
    return replace(account, version=mapping, control_totals=totals)


READER = MappedLogReader()
