"""A verdict that was reached before, on a log that may have grown since."""

from dataclasses import dataclass
from datetime import datetime

from workbench.model.verdict import Indication
from workbench.model.verification import SourceVerdict, Verification


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier verdict said of a log that it found whole.

    Attributes:
        name: last name of the file, or of the member.
        sha256: of the bytes that were judged.
        size: how many they were.
        records: how many records they held.
        profile: id of the recipe.
        not_covered: fields that the recipe does not cover.
        at: when trust was judged.
        about: path and member of the source that was delivered in its place, where that is known:
            it is then about no other file.
        believed: whether what it says of records is taken over; else only its bytes are compared.
    """

    name: str
    sha256: str
    size: int
    records: int
    profile: str
    not_covered: tuple[str, ...]
    at: datetime
    about: tuple[str, str | None] | None = None
    believed: bool = True

    def concerns(self, path: str, member: str | None) -> bool:
        """Tell whether it may be about a file."""
        return self.about in {None, (path, member)}


def earlier_in(found: Verification) -> tuple[Earlier, ...]:
    """Return what a verification says of each log of which nothing was amiss."""
    return tuple(_earlier(s, found.at) for s in found.subjects if _is_whole(s))


def _is_whole(source: SourceVerdict) -> bool:
    verdict = source.verdict
    return (
        verdict is not None
        and source.format == "chain"
        and verdict.integrity.indication is Indication.PASSED
        and not verdict.diagnoses
        and not source.problems
        and bool(verdict.profile and verdict.records)
    )


def _earlier(source: SourceVerdict, at: datetime) -> Earlier:
    verdict = source.verdict
    if verdict is None:
        raise TypeError("a source without a verdict")
    return Earlier(
        name=(source.member or source.path).rpartition("/")[2],
        sha256=source.sha256,
        size=source.size,
        records=verdict.records or 0,
        profile=verdict.profile or "",
        not_covered=verdict.not_covered,
        at=at,
    )
