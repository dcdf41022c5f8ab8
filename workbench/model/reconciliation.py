"""Catalog against log against files: where they contradict each other, and what was not compared.

What holds here: a side that is not there is said, and nothing is called equal that was not
compared; a difference with an innocent explanation is told as one, with the explanation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workbench.model.case import EvidenceRef


class Side(StrEnum):
    """The three things that are held against each other."""

    CATALOG = "catalog"
    LOG = "log"
    FILES = "files"


class Between(StrEnum):
    """Two sides that are compared; exports are two catalogs of one store."""

    CATALOG_LOG = "catalog and log"
    CATALOG_FILES = "catalog and files"
    LOG_FILES = "log and files"
    EXPORTS = "two exports"
    WITHIN_LOG = "decisions in the log"
    WITHIN_CATALOG = "stages and aliases in the catalog"


class Mismatch(StrEnum):
    """What does not agree, as the code that stands in JSON and CSV."""

    NO_CREATION_EVENT = "NO_CREATION_EVENT"
    UNKNOWN_ARTIFACT = "UNKNOWN_ARTIFACT"
    DIGEST_CHANGED = "DIGEST_CHANGED"
    DELETED_BUT_IN_CATALOG = "DELETED_BUT_IN_CATALOG"
    DELETED_BUT_IN_FILES = "DELETED_BUT_IN_FILES"
    FILE_MISSING = "FILE_MISSING"
    FILE_DIGEST_DIFFERS = "FILE_DIGEST_DIFFERS"
    FILE_SIZE_DIFFERS = "FILE_SIZE_DIFFERS"
    FILE_UNKNOWN = "FILE_UNKNOWN"
    APPROVED_AFTER_DEPLOYMENT = "APPROVED_AFTER_DEPLOYMENT"
    DEPLOYED_WITHOUT_APPROVAL = "DEPLOYED_WITHOUT_APPROVAL"
    LOST_IN_EXPORT = "LOST_IN_EXPORT"
    STAGE_AGAINST_ALIAS = "STAGE_AGAINST_ALIAS"

    @property
    def heading(self) -> str:
        """Return it in words."""
        return _TITLES[self]

    @property
    def between(self) -> Between:
        """Return which sides it is a difference of."""
        return _BETWEEN[self]


_TITLES: Mapping[Mismatch, str] = {
    Mismatch.NO_CREATION_EVENT: "In the catalog, made in no log",
    Mismatch.UNKNOWN_ARTIFACT: "In the log, in no catalog",
    Mismatch.DIGEST_CHANGED: "Digest changed without an event",
    Mismatch.DELETED_BUT_IN_CATALOG: "Deleted, still in the catalog",
    Mismatch.DELETED_BUT_IN_FILES: "Deleted, file still there",
    Mismatch.FILE_MISSING: "In the catalog, file missing",
    Mismatch.FILE_DIGEST_DIFFERS: "File has another digest",
    Mismatch.FILE_SIZE_DIFFERS: "File has another size",
    Mismatch.FILE_UNKNOWN: "File that no catalog knows",
    Mismatch.APPROVED_AFTER_DEPLOYMENT: "Approved after deployment",
    Mismatch.DEPLOYED_WITHOUT_APPROVAL: "Deployed without approval",
    Mismatch.LOST_IN_EXPORT: "Lost in one of two exports",
    Mismatch.STAGE_AGAINST_ALIAS: "Stage against alias",
}
_BETWEEN: Mapping[Mismatch, Between] = {
    Mismatch.NO_CREATION_EVENT: Between.CATALOG_LOG,
    Mismatch.UNKNOWN_ARTIFACT: Between.CATALOG_LOG,
    Mismatch.DIGEST_CHANGED: Between.EXPORTS,
    Mismatch.DELETED_BUT_IN_CATALOG: Between.CATALOG_LOG,
    Mismatch.DELETED_BUT_IN_FILES: Between.LOG_FILES,
    Mismatch.FILE_MISSING: Between.CATALOG_FILES,
    Mismatch.FILE_DIGEST_DIFFERS: Between.CATALOG_FILES,
    Mismatch.FILE_SIZE_DIFFERS: Between.CATALOG_FILES,
    Mismatch.FILE_UNKNOWN: Between.CATALOG_FILES,
    Mismatch.APPROVED_AFTER_DEPLOYMENT: Between.WITHIN_LOG,
    Mismatch.DEPLOYED_WITHOUT_APPROVAL: Between.WITHIN_LOG,
    Mismatch.LOST_IN_EXPORT: Between.EXPORTS,
    Mismatch.STAGE_AGAINST_ALIAS: Between.WITHIN_CATALOG,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one side says what it says.

    Attributes:
        side: which side.
        source: number of the source in the case.
        ref: the place, tied to the bytes it was read from.
        key: key of the thing there, or "".
    """

    side: Side
    source: int
    ref: EvidenceRef
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference.

    Attributes:
        mismatch: what does not agree.
        kind: what it is about, as ``model version``.
        name: what that is called.
        detail: a sentence on what each side says.
        stated: what one side says, or "".
        found: what the other says, or "".
        doubt: an innocent explanation that nothing here rules out, as a sentence, or "".
        places: where each side says so; the side that says nothing has none.
    """

    mismatch: Mismatch
    kind: str
    name: str
    detail: str
    stated: str = ""
    found: str = ""
    doubt: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class SideFound:
    """What there is of one side.

    Attributes:
        side: which.
        sources: how many sources.
        items: how many things, events or files.
        lack: why it cannot be held against the others, as a sentence, or "".
    """

    side: Side
    sources: int
    items: int
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared between two sides, and what was not.

    Attributes:
        between: which sides.
        compared: how many things, files or decisions.
        left: reasons why something was not compared, each with how much of it; a reason with 0
            is said of the side as a whole.
    """

    between: Between
    compared: int
    left: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A case, its three sides held against each other.

    Attributes:
        sides: catalog, log and files.
        comparisons: what was compared, pair by pair.
        lines: every difference, by kind.
        notes: sentences on what else must be known.
    """

    sides: tuple[SideFound, ...]
    comparisons: tuple[Comparison, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    def counts(self) -> Mapping[Mismatch, int]:
        """Return how many lines there are of each kind that there is."""
        found = [line.mismatch for line in self.lines]
        return {each: found.count(each) for each in Mismatch if each in found}

    @property
    def exit(self) -> int:
        """Return the exit code: 1 something differs, 2 that is not sure or not compared, else 0."""
        if any(not line.doubt for line in self.lines):
            return 1
        is_open = bool(self.lines) or any(c.left or not c.compared for c in self.comparisons)
        return 2 if is_open else 0
