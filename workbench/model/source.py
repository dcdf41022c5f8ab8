"""Sources of a drop, and what part each plays."""

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.locator import Locator


class Role(StrEnum):
    """What a file of a drop is for (VERDICTS section 1). Exactly one each."""

    SUBJECT = "subject"
    SIGNATURE = "signature"
    ANCHOR = "anchor"
    TRUST = "trust"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a source that the auditor must know: a code, a place, a sentence."""

    code: str
    locator: Locator
    message: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells whether a file is still the file we looked at (VERDICTS section 8)."""

    size: int
    modified_ns: int
    inode: int
    device: int
