"""What a drop holds and what it can and cannot show, before anything is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.model.source import Problem, Role

Count = int | dict[str, int]


@dataclass(frozen=True, slots=True)
class InspectedSource:
    """One source as it was recognised.

    Attributes:
        path: file or folder as the auditor sees it.
        member: name inside an archive, or None.
        sha256: lower hex digest of its bytes.
        size: bytes.
        format: id of the format, or "unknown".
        version: version of the format or profile, or None.
        role: its one role.
        counts: distinct things, as VERDICTS section 7 names them.
        cannot_show: what this kind of export cannot show, in sentences.
        control_totals: numbers that the source states about itself.
        problems: what else the auditor must know.
    """

    path: str
    member: str | None
    sha256: str
    size: int
    format: str
    version: str | None
    role: Role
    counts: Mapping[str, Count] = field(default_factory=dict)
    cannot_show: tuple[str, ...] = ()
    control_totals: Mapping[str, int | str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found on the table, sorted by path."""

    sources: tuple[InspectedSource, ...]
