"""What a diagnosis leaves standing: innocent causes as tested, ranges that still hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.gui.parts.log_map import flags_of
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.pips import level_name
from workbench.model.verdict import Diagnosis, SubjectVerdict

#: How the verifier says that it tested a cause, and what it gave; a test keeps them the same.
NOTE, TESTED = "Why:", ": tested"
EXPLAINS, DOES_NOT, IN_PART = "explains it", "does not explain it", "in part"


class CauseState(StrEnum):
    """What testing a cause on the bytes gave."""

    SUPPORTED = "Supported"
    OPEN = "Open"
    RULED_OUT = "Ruled out"


@dataclass(frozen=True, slots=True)
class Cause:
    """An innocent cause, and what testing it gave."""

    state: CauseState
    text: str


@dataclass(frozen=True, slots=True)
class Holds:
    """A range of records that a break leaves standing, and how well."""

    mark: Mark
    text: str
    detail: str


def causes_of(diagnosis: Diagnosis) -> tuple[Cause, ...]:
    """Return the causes, those that fit first; a sentence without a test stays open."""
    found = [_cause(text) for text in diagnosis.explanations if not text.startswith(NOTE)]
    order = list(CauseState)
    return tuple(sorted(found, key=lambda cause: order.index(cause.state)))


def notes_of(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return what the verifier noted beside the causes that it tested."""
    return tuple(
        text.removeprefix(NOTE).strip().capitalize()
        for text in diagnosis.explanations
        if text.startswith(NOTE)
    )


def _cause(text: str) -> Cause:
    cause, _, result = text.partition(TESTED)
    if DOES_NOT in result and IN_PART not in result:
        return Cause(CauseState.RULED_OUT, cause)
    if EXPLAINS in result and IN_PART not in result:
        return Cause(CauseState.SUPPORTED, cause)
    return Cause(CauseState.OPEN, text)


def holds_of(verdict: SubjectVerdict) -> Iterator[Holds]:
    """Yield each range of records that still holds.

    Level 1 is half a mark: it vouches for itself only.
    """
    for part in verdict.assurance:
        if part.level == 0:
            continue
        where = f"{part.first:,} – {part.last:,}" if part.last > part.first else f"{part.first:,}"
        mark = Mark.PASSED if part.level >= 2 else Mark.HALF
        detail = f"{level_name(part.level).lower()}, level {part.level}: {flags_of(part)}"
        yield Holds(mark, f"Records {where}", detail)
