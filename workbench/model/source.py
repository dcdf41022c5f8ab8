"""Sources of a drop, and what part each plays."""

from collections.abc import Iterable
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


#: Format of archives and compressed files that are not opened here.
CLOSED_ARCHIVE = "closed-archive"


class ProblemCode(StrEnum):
    """What can be wrong with the way evidence was delivered (VERDICTS section 8).

    A file that carries one of them is never green: what was read may not be what was meant.
    """

    UNREADABLE = "UNREADABLE"
    EVIDENCE_CHANGED = "EVIDENCE_CHANGED"
    NOT_A_PLAIN_FILE = "NOT_A_PLAIN_FILE"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    BAD_NAME = "BAD_NAME"
    NAME_COLLISION = "NAME_COLLISION"
    DUPLICATE_MEMBER = "DUPLICATE_MEMBER"
    LINK_MEMBER = "LINK_MEMBER"
    LINK_OUTSIDE = "LINK_OUTSIDE"
    LINK_DANGLING = "LINK_DANGLING"
    NOT_IN_CASE = "NOT_IN_CASE"
    HEADER_MISMATCH = "HEADER_MISMATCH"
    ENCRYPTED = "ENCRYPTED"
    UNSUPPORTED_MEMBER = "UNSUPPORTED_MEMBER"
    TRUNCATED = "TRUNCATED"
    CORRUPT = "CORRUPT"
    TRAILING_DATA = "TRAILING_DATA"
    PREPENDED_DATA = "PREPENDED_DATA"
    HIDDEN_DATA = "HIDDEN_DATA"
    NOT_AN_ARCHIVE = "NOT_AN_ARCHIVE"


#: About the name alone, whatever the bytes are worth: they hold Completeness back.
NAME_ONLY = frozenset({ProblemCode.BAD_NAME, ProblemCode.NAME_COLLISION})


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


def problems_at(
    problems: Iterable[Problem], path: str, member: str | None = None
) -> tuple[Problem, ...]:
    """Return the problems of one source: at its place, or below it where it is a folder."""
    return tuple(
        problem
        for problem in problems
        if (problem.locator.path, problem.locator.member) == (path, member)
        or (member is None and problem.locator.path.startswith(f"{path}/"))
    )
