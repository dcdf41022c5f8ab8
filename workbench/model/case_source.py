"""Evidence as a case keeps it: what was delivered, and each source in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from workbench.model.case import ControlTotal, Custody
from workbench.model.event import EventFields
from workbench.model.inspection import Count
from workbench.model.locator import Locator
from workbench.model.source import Problem, Role
from workbench.model.verdict import DimensionVerdict


@dataclass(frozen=True, slots=True)
class Delivery:
    """One handing-over of evidence; the evidence itself stays where it is.

    Attributes:
        id: number in the case, from 1.
        label: what it is called in the case; paths of its sources begin with it.
        given: path as the auditor named it.
        place: where that was, absolute; changed when the auditor says where it is now.
        custody: how it came to the auditor.
        added: when, aware UTC.
        who: who added it.
    """

    id: int
    label: str
    given: str
    place: str
    custody: Custody
    added: datetime
    who: str


#: Counts of things, as catalogs tell them.
_THINGS = frozenset({"artifacts", "jobs", "runs", "agents"})


class Presence(StrEnum):
    """Whether the bytes of a source can be looked at now."""

    HERE = "here"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CaseSource:
    """One piece of evidence in a case.

    Attributes:
        id: number in the case, from 1.
        delivery: id of the delivery it came with.
        path: file or folder as the auditor sees it.
        member: name inside an archive, or None.
        role: its one role.
        sha256: lower hex digest of its bytes at intake; for a folder, of the list of its files.
        size: bytes.
        format: id of the format recognised, or "unknown".
        added: when, aware UTC.
        version: version of the format or profile, or None.
        container: for a log, how its records lie in it, or None.
        pairs_with: path of the subject that it was paired with, or None.
        files: how many files it is.
        counts: distinct things, as VERDICTS section 7 names them.
        cannot_show: what this kind of export cannot show, in sentences.
        problems: what else the auditor must know.
        totals: control totals that were stated, beside what was counted.
        fields: for a log, where the parts of an event are read.
        mapping: the event mapping that the user brought for it, as its file has it, or "".
        events: events in the index; None where it has not been indexed.
        superseded_by: id of the source that was delivered in its place, or None.
    """

    id: int
    delivery: int
    path: str
    member: str | None
    role: Role
    sha256: str
    size: int
    format: str
    added: datetime
    version: str | None = None
    container: str | None = None
    pairs_with: str | None = None
    files: int = 1
    counts: Mapping[str, Count] = field(default_factory=dict)
    cannot_show: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    totals: tuple[ControlTotal, ...] = ()
    fields: EventFields | None = None
    mapping: str = ""
    events: int | None = None
    superseded_by: int | None = None

    @property
    def display(self) -> str:
        """Return how to name it to a person."""
        return str(Locator(self.path, self.member))

    @property
    def tells_things(self) -> bool:
        """Tell whether it is a catalog that holds something."""
        return not _THINGS.isdisjoint(self.counts)

    def counted(self, counts: Mapping[str, Count]) -> "CaseSource":
        """Return it with what was counted, its control totals compared with that."""
        everything = {**self.counts, **counts}
        totals = (replace(total, counted=_number(everything, total.name)) for total in self.totals)
        return replace(self, counts=everything, totals=tuple(totals))


def _number(counts: Mapping[str, Count], name: str) -> int | None:
    """Return a count by its name: ``events`` (or ``records``), ``runs``, ``artifacts.dataset``."""
    top, _, below = name.partition(".")
    found = counts.get("events" if top == "records" else top)
    if isinstance(found, int):
        return None if below else found
    if found is None:
        return None
    return found.get(below) if below else sum(found.values())


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source: what it takes to open it again and to know it.

    Attributes:
        path: as ``EvidenceFile.path``.
        member: as ``EvidenceFile.member``.
        size: bytes.
        sha256: lower hex digest, or "" where it could not be read.
        parts: its names below the place of the delivery; () for the delivered file itself.
    """

    path: str
    member: str | None
    size: int
    sha256: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedVerdict:
    """The newest verdict on a source, short enough for a list.

    Attributes:
        source: id of the source.
        at: time for which trust was judged, aware UTC.
        integrity: first of the four dimensions.
        authenticity: who says so.
        completeness: is anything missing.
        time: not later than when.
        profile: chain profile, or None.
        records: how many records were judged, or None.
        diagnoses: how many breaks were diagnosed.
    """

    source: int
    at: datetime
    integrity: DimensionVerdict
    authenticity: DimensionVerdict
    completeness: DimensionVerdict
    time: DimensionVerdict
    profile: str | None
    records: int | None
    diagnoses: int
