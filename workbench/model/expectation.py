"""What the auditor states about a subject, beside keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.model.earlier import Earlier


@dataclass(frozen=True, slots=True)
class Period:
    """The audit period, both ends aware UTC; ``last`` belongs to it."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the auditor expects of a log or model.

    Attributes:
        period: audit period, or None.
        count: number of records stated by the auditor, or None.
        head: digest of the last record stated by the auditor, as text without prefix, or None.
        profile: id or file of the chain profile that the auditor chose, or None.
        allow_symlinks: False refuses a model folder with links whatever its manifest says.
        earlier: what an earlier verdict said of logs that may have grown since.
    """

    period: Period | None = None
    count: int | None = None
    head: str | None = None
    profile: str | None = None
    allow_symlinks: bool = True
    earlier: tuple["Earlier", ...] = ()
