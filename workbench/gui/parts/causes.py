"""What a diagnosis leaves standing: innocent causes as tested, ranges that still hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.gui.parts.log_map import flags_of
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.pips import level_name
from workbench.model.verdict import Diagnosis, SubjectVerdict

#: How the verifier ends a sentence about a cause that it tested; a test keeps them the same.
EXPLAINS, DOES_NOT = "tested: explains it", "tested: does not explain it"


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
    found = [_cause(text) for text in diagnosis.explanations]
    order = list(CauseState)
    return tuple(sorted(found, key=lambda cause: order.index(cause.state)))


def _cause(text: str) -> Cause:
    bare = text.removesuffix(".")
    for ending, state in ((EXPLAINS, CauseState.SUPPORTED), (DOES_NOT, CauseState.RULED_OUT)):
        if bare.endswith(ending):
            return Cause(state, bare.removesuffix(ending).rstrip(": "))
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
